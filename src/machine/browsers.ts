/**
 * @file The Chromium browsers of this machine: what tests drive, and what has WebGPU.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, findPrograms } from './programs.ts';

export interface Browser {
  readonly path: string;
  /** `'Chromium 140.0.7339.80'`; empty where the browser does not tell (on Windows). */
  readonly version: string;
}

const names = /^(chromium|chromium-browser|google-chrome|google-chrome-stable|microsoft-edge|microsoft-edge-stable)$/;

/** Where browsers are installed beside PATH. */
const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((folder) => [
    join(process.env[folder] ?? '', 'Google/Chrome/Application/chrome.exe'),
    join(process.env[folder] ?? '', 'Microsoft/Edge/Application/msedge.exe'),
  ]),
};

/** Every browser that starts, the first of PATH first, the one that Puppeteer installed last. */
export async function findBrowsers(): Promise<Browser[]> {
  const beside = [...(places[process.platform] ?? []), await puppeteersChrome()];
  const paths = [...findPrograms(names), ...beside.filter((path) => existsSync(path))];
  const found = await Promise.all(paths.map(askBrowser));
  return found.filter((browser) => browser !== undefined);
}

/** Where `npx puppeteer browsers install chrome` puts its browser, installed or not. */
async function puppeteersChrome(): Promise<string> {
  const { executablePath } = await import('puppeteer');
  return executablePath();
}

async function askBrowser(path: string): Promise<Browser | undefined> {
  // On Windows `--version` opens a window instead of answering.
  if (process.platform === 'win32') return { path, version: '' };
  const said = await capture(path, ['--version']);
  return said.status === 0 ? { path, version: /^.*?\d[\d.]*/.exec(said.stdout)?.[0] ?? '' } : undefined;
}
