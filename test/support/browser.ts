/**
 * @file The real page in a real Chromium, for tests.
 */
import type { Browser, KeyInput, Page } from 'puppeteer';
import { launch } from 'puppeteer';
import type { Served } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import { findBrowsers } from '../../src/machine/browsers.ts';

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** WebGPU on the software adapter that Chromium brings along. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const noGpu = ['--disable-features=WebGPU', '--disable-gpu'];

export interface Playground {
  readonly url: string;
  /** A new tab with the page, its storage empty, ready when the engine is. */
  open(): Promise<Page>;
  /** The same, where more than one address leads to the page. */
  openWith(visit: (page: Page) => Promise<unknown>): Promise<Page>;
  close(): Promise<void>;
}

export interface PlaygroundOptions {
  /** Whether the browser has WebGPU; it has unless said otherwise. */
  readonly webgpu?: boolean;
  /** A site that is served already, instead of what `npm start` starts. */
  readonly site?: Served;
  /** A browser that runs already, and goes on when the playground is closed. */
  readonly browser?: Browser;
}

export async function startBrowser(webgpu = true): Promise<Browser> {
  const [found] = await findBrowsers();
  if (!found) throw new Error('browser tests: no Chromium was found; on Debian: apt-get install chromium');
  return launch({ executablePath: found.path, headless: true, args: [...quiet, ...(webgpu ? softwareGpu : noGpu)] });
}

/** Starts what `npm start` starts, and a browser. */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const served = options.site ?? (await serve({ port: 5300 }));
  const browser = options.browser ?? (await startBrowser(options.webgpu));
  return {
    url: served.url,
    open: () => openPage(browser, (page) => page.goto(served.entry())),
    openWith: (visit) => openPage(browser, visit),
    close: async () => {
      if (!options.browser) await browser.close();
      await served.close();
    },
  };
}

async function openPage(browser: Browser, visit: (page: Page) => Promise<unknown>): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(90_000); // a busy machine takes its time
  await page.setViewport({ width: 1440, height: 900 });
  await visit(page);
  await ready(page);
  return page;
}

/** Waits until the engine has started and the editor is there. */
export async function ready(page: Page): Promise<void> {
  const status = await statusOf(page, /^(?!Starting)./);
  if (status !== 'Ready.') throw new Error(`browser tests: the engine did not start: ${status}`);
  await page.waitForSelector('.monaco .view-line');
}

/** Waits until the status line matches, and returns it. */
export async function statusOf(page: Page, pattern: RegExp, timeout = 90_000): Promise<string> {
  const status = await page.waitForFunction(
    (source) => {
      const text = document.querySelector('.status')?.textContent ?? '';
      return new RegExp(source).test(text) && text;
    },
    { timeout },
    pattern.source,
  );
  return (await status.jsonValue()) as string;
}

/** Clicks what has this role and accessible name. */
export async function press(page: Page, role: string, name: string): Promise<void> {
  await page.locator(`::-p-aria([role="${role}"][name="${name}"])`).click();
}

/** The text of what has this role and accessible name, as a reader sees it. */
export async function textOf(page: Page, role: string, name: string): Promise<string> {
  const element = await page.waitForSelector(`::-p-aria([role="${role}"][name="${name}"])`);
  return (await element!.evaluate((e) => (e as HTMLElement).innerText)).trim();
}

/** Puts a program into the editor the way a visitor does: select all, type. */
export async function write(page: Page, program: string): Promise<void> {
  await page.click('.monaco');
  await chord(page, 'Control', 'A');
  await page.keyboard.sendCharacter(program);
}

/** Adds a text at the end of the program. */
export async function append(page: Page, text: string): Promise<void> {
  await page.click('.monaco');
  await chord(page, 'Control', 'End');
  await page.keyboard.sendCharacter(text);
}

/** Presses a key while another is held. */
export async function chord(page: Page, held: KeyInput, key: KeyInput): Promise<void> {
  await page.keyboard.down(held);
  await page.keyboard.press(key);
  await page.keyboard.up(held);
}
