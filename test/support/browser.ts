/**
 * @file The real page in a real Chromium, for tests.
 */
import { readFileSync } from 'node:fs';
import type { Browser, KeyInput, Page } from 'puppeteer';
import { launch } from 'puppeteer';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import { findBrowsers } from '../../src/machine/browsers.ts';

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-prefers-reduced-motion', // no frame is drawn for an animation
  // Pages of its own beside each of ours, and ours kept alive after they were left.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,BackForwardCache',
];
/** WebGPU on the software adapter that Chromium brings along. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const noGpu = ['--disable-features=WebGPU', '--disable-gpu'];

const usualViewport = { width: 1440, height: 900 };

export interface Playground {
  readonly url: string;
  /** A new window with the page, its storage empty, ready when the engine is. */
  open(): Promise<Page>;
  /** Opens the page again in the same tab, as a first visit; only measured plans are kept where `plans` says so. */
  reopen(page: Page, plans: 'kept' | 'forgotten'): Promise<void>;
  /** The same, where more than one address leads to the page. */
  openWith(visit: (page: Page) => Promise<unknown>): Promise<Page>;
  close(): Promise<void>;
}

export interface PlaygroundOptions {
  /** Whether the browser has WebGPU; it has unless said otherwise. */
  readonly webgpu?: boolean;
  /** A site that is served already, instead of what `npm start` starts. */
  readonly site?: PageServer;
  /** A browser that runs already, and goes on when the playground is closed. */
  readonly browser?: Browser;
  /** Whether a first visit brings the tour, which would stand before what a test presses. */
  readonly tour?: boolean;
  /** Whether the editor's TypeScript works: not by itself, since it costs more than all the rest of a page. */
  readonly typescript?: boolean;
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
    open: () => openPage(browser, options, (page) => page.goto(served.entry())),
    reopen: (page, plans) => reopenPage(page, served, plans),
    openWith: (visit) => openPage(browser, options, visit),
    close: async () => {
      if (!options.browser) await browser.close();
      await served.close();
    },
  };
}

async function openPage(
  browser: Browser,
  { typescript, tour }: PlaygroundOptions,
  visit: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  if (!typescript) await page.evaluateOnNewDocument(withoutTypeScript);
  if (!tour) await page.evaluateOnNewDocument(withoutTour);
  page.setDefaultTimeout(180_000); // a busy machine takes its time
  await page.setViewport(usualViewport);
  await visit(page);
  await ready(page);
  return page;
}

/** A page in the process of the one before it starts in half the time: its scripts are compiled. */
async function reopenPage(page: Page, { url, entry }: PageServer, plans: 'kept' | 'forgotten'): Promise<void> {
  const context = page.browserContext();
  for (const other of await context.pages()) if (other !== page) await other.close();
  await page.goto(`${url}icon.svg`); // a document of the same origin that writes nothing
  await page.evaluate(() => sessionStorage.clear());
  const session = await page.createCDPSession();
  const kinds = [
    'cookies',
    'local_storage',
    'cache_storage',
    'service_workers',
    ...(plans === 'kept' ? [] : ['indexeddb']),
  ];
  await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: kinds.join() });
  await session.detach();
  await context.clearPermissionOverrides();
  await page.setViewport(usualViewport);
  await page.goto(entry());
  await ready(page);
}

/** Runs before the page's scripts: Monaco's TypeScript, which would check all sources of the engine, never answers. */
function withoutTypeScript(): void {
  if (self !== top) return; // the engine's frame keeps its Worker
  const Real = Worker;
  globalThis.Worker = class {
    constructor(address: string | URL, options?: WorkerOptions) {
      return options?.name === 'TypeScript'
        ? (Object.assign(new EventTarget(), { postMessage() {}, terminate() {} }) as unknown as Worker)
        : new Real(address, options);
    }
  } as unknown as typeof Worker;
}

/** Runs before the page's scripts: this visitor has seen the tour. Documents without an origin have no storage. */
function withoutTour(): void {
  if (self !== top || origin === 'null') return;
  localStorage.setItem('wudnn:tour', 'seen');
}

/** Waits until the engine has started and the editor is there. */
export async function ready(page: Page): Promise<void> {
  const status = await statusOf(page, /^(?!Starting)./);
  if (status !== 'Ready.') throw new Error(`browser tests: the engine did not start: ${status}`);
  await page.waitForSelector('.monaco .view-line');
}

/** Waits until the status line matches, and returns it. */
export async function statusOf(page: Page, pattern: RegExp, timeout = 180_000): Promise<string> {
  const status = await page.waitForFunction(
    (source) => {
      const text = document.querySelector('.status')?.textContent ?? '';
      return new RegExp(source).test(text) && text;
    },
    { timeout, polling: 'mutation' },
    pattern.source,
  );
  return (await status.jsonValue()) as string;
}

/**
 * Does what keeps the engine busy, and returns what the status line says when it is at rest again. What the line said
 * before does not count.
 */
export async function statusAfter(page: Page, act: () => Promise<unknown>): Promise<string> {
  const changed = await page.evaluateHandle(() => {
    const status = document.querySelector('.status')!;
    const seen = { begun: false };
    new MutationObserver(() => (seen.begun = true)).observe(status, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
    return seen;
  });
  await act();
  await page.waitForFunction(({ begun }) => begun, { polling: 'mutation' }, changed);
  await page.waitForSelector('.status[data-busy=false]');
  return page.$eval('.status', (e) => e.textContent ?? '');
}

/** Presses Run, and returns the status line when the program has ended. */
export const run = (page: Page): Promise<string> => statusAfter(page, () => press(page, 'button', 'Run'));

/** Presses Compare with remote, and returns the status line when the comparison has ended. */
export const compare = (page: Page): Promise<string> =>
  statusAfter(page, () => press(page, 'button', 'Compare with remote'));

/** Clicks what has this role and accessible name. */
export async function press(page: Page, role: string, name: string): Promise<void> {
  await page.locator(`::-p-aria([role="${role}"][name="${name}"])`).click();
}

/** The text of what has this role and accessible name, as a reader sees it. */
export async function textOf(page: Page, role: string, name: string): Promise<string> {
  const element = await page.waitForSelector(`::-p-aria([role="${role}"][name="${name}"])`);
  return (await element!.evaluate((e) => (e as HTMLElement).innerText)).trim();
}

/** Brings a pane to the front, as a visitor does. */
export async function showPane(page: Page, title: string): Promise<void> {
  await press(page, 'tab', title);
  // A pane is loaded when it is first shown.
  await page.waitForFunction(
    (wanted) => {
      const tab = [...document.querySelectorAll('[role=tab]')].find(({ textContent }) => textContent === wanted);
      const panel = document.getElementById(tab?.getAttribute('aria-controls') ?? '');
      return panel !== null && !panel.hidden && panel.querySelector('.panel') !== null;
    },
    {},
    title,
  );
}

/** What an open pane shows, brought to the front first. */
export async function paneText(page: Page, title: string): Promise<string> {
  await showPane(page, title);
  return textOf(page, 'region', title);
}

/** What an alert says, once it is there: a pane is loaded when it is first shown. */
export async function alertIn(page: Page, place: '.bench' | '.toolbar'): Promise<string> {
  const alert = await page.waitForSelector(`${place} [role=alert]`);
  return alert!.evaluate((e) => e.textContent ?? '');
}

/** Chooses something in a menu of the bar. */
export async function pressInMenu(page: Page, menu: string, name: string): Promise<void> {
  await page.locator(`::-p-xpath(//summary[starts-with(., "${menu}")])`).click();
  await press(page, 'button', name);
}

/** The first example as it is typed: the editor indents by itself. */
export const firstExample = readFileSync('src/playground/examples/1-simple-cnn.ts', 'utf8').replaceAll(/^ +/gm, '');

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
