/** A page reaches a Jupyter server without the bridge, where the server allows it, and keeps the token to itself. */
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { createJob, readHost } from '../../src/remote/program.ts';
import type { Playground } from '../support/browser.ts';
import { startPlayground } from '../support/browser.ts';
import { testJupyter } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import type * as transport from '../../src/remote/jupyter/transport.ts';
import { smallCnn } from '../support/traces.ts';

type TransportModule = typeof transport;

describeWith(['browser', 'python'], 'the page and a remote', () => {
  let playground: Playground;
  let server: JupyterProcess;
  let page: Page;
  beforeAll(async () => {
    playground = await startPlayground();
    server = await testJupyter([`--ServerApp.allow_origin=${new URL(playground.url).origin}`]);
  });
  afterAll(async () => {
    await playground?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    page = await playground.open();
  });
  afterEach(() => page.browserContext().close());

  test('a page reaches a Jupyter server directly where the server allows it', async () => {
    const job = await createJob(smallCnn(1, 8), readHost, { repeats: 2 });
    const sent = { model: job.model, program: job.program, tensors: [...job.tensors] };
    const { runs, kinds } = await page.evaluate(async ({ model, program, tensors }, address, token) => {
      const load = new Function('path', 'return import(path)') as (path: string) => Promise<TransportModule>;
      const { jupyterTransport } = await load('/src/remote/jupyter/transport.ts');
      const stages: string[] = [];
      const transport = jupyterTransport('direct', { address, token });
      const result = await transport.run({ model, program, tensors: new Uint8Array(tensors) }, { onProgress: ({ stage }) => stages.push(stage) });
      return { runs: result.report.times.warm_ms.length, kinds: [...new Set(stages)] };
    }, sent, server.address, server.token);
    expect(runs).toBe(2);
    expect(kinds).toEqual(['connecting', 'starting', 'uploading', 'running', 'downloading']);
    // Neither the page's address nor its storage has the token.
    const kept = await page.evaluate(() => location.href + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.documentElement.outerHTML);
    expect(kept).not.toContain(server.token);
  });

  test('and is told when the server does not', async () => {
    const closed = await testJupyter();
    const message = await page.evaluate(async (address, token) => {
      const load = new Function('path', 'return import(path)') as (path: string) => Promise<TransportModule>;
      const { jupyterTransport } = await load('/src/remote/jupyter/transport.ts');
      const run = jupyterTransport('direct', { address, token }).run({ model: 'M', program: '', tensors: new Uint8Array() });
      return run.then(() => 'it ran', (error: Error) => error.message);
    }, closed.address, closed.token);
    await closed.stop();
    expect(message).toContain('--ServerApp.allow_origin');
  });
});
