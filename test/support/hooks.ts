/**
 * @file The hooks that give tests what they run in: a page of its own each, or one for all of a describe; a Jupyter
 * server.
 */
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import type { Playground, PlaygroundOptions } from './browser.ts';
import { startPlayground } from './browser.ts';
import { testJupyter } from './jupyter.ts';

/** Takes what was opened into the test's own variables. */
type Take = (page: Page, playground: Playground) => void;

/**
 * Each test of the describe has the page as a first visit shows it, its storage empty. Plans that a test has measured
 * are there in the next unless they are to be forgotten: measuring takes most of a run's time.
 */
export function pageForEach(take: Take, plans: 'kept' | 'forgotten' = 'kept'): void {
  let playground: Playground;
  let page: Page | undefined;
  beforeAll(async () => {
    playground = await startPlayground();
  });
  afterAll(() => playground.close());
  beforeEach(async () => {
    if (page) await playground.reopen(page, plans);
    else page = await playground.open();
    take(page, playground);
  });
}

/** All tests of the describe have one page. */
export function pageForAll(take: Take, options?: PlaygroundOptions): void {
  let playground: Playground;
  beforeAll(async () => {
    playground = await startPlayground(options);
    take(await playground.open(), playground);
  });
  afterAll(() => playground.close());
}

/** All tests of the describe have one Jupyter server. */
export function jupyterForAll(take: (server: JupyterProcess) => void): void {
  let server: JupyterProcess;
  beforeAll(async () => {
    server = await testJupyter();
    take(server);
  });
  afterAll(() => server.stop());
}
