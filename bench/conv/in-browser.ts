/**
 * @file The bench in Chromium, on the software adapter that it brings along or on the GPU where there is one.
 */
import { launch } from 'puppeteer';
import { createServer } from 'vite';
import { fail } from '../../src/base/errors.ts';
import { findBrowsers } from '../../src/machine/browsers.ts';
import type { ConvBenchOptions } from './main.ts';
import type { Results } from './report.ts';

const flags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function run({ adapter = 'swiftshader', ...options }: ConvBenchOptions): Promise<Results> {
  const [browser] = await findBrowsers();
  if (!browser) fail('no browser was found; on Debian: apt-get install chromium');
  const server = await createServer({
    root: new URL('../..', import.meta.url).pathname,
    server: { host: '127.0.0.1', port: 5400, hmr: false, watch: null },
    logLevel: 'error',
    optimizeDeps: { exclude: ['onnxruntime-web'] },
  });
  await server.listen();
  const chromium = await launch({
    executablePath: browser.path,
    headless: true,
    protocolTimeout: 3_600_000,
    args: [...flags, ...(adapter === 'swiftshader' ? ['--use-webgpu-adapter=swiftshader'] : [])],
  });
  try {
    const page = await chromium.newPage();
    page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
    page.on('pageerror', (error) => process.stderr.write(`${String(error)}\n`));
    await page.goto(`${server.resolvedUrls!.local[0]}bench/conv/page.html`);
    await page.waitForFunction('window.runBench !== undefined', { timeout: 120_000 });
    return (await page.evaluate(
      (given) => (window as unknown as { runBench: (o: object) => Promise<unknown> }).runBench(given),
      options as object,
    )) as Results;
  } finally {
    await chromium.close();
    await server.close();
  }
}
