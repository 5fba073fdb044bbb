/**
 * @file Download results: one button gives the run and its comparison as a zip that opens elsewhere; the notebook in it runs under the
 * system's own kernel and prints the same checksum.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import type { Playground } from '../support/browser.ts';
import { press, startPlayground, statusOf, write } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pythonWithTorch, testJupyter } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

type Files = Record<string, Uint8Array>;

describeWith(['browser', 'python'], 'Download results', () => {
  let playground: Playground;
  let jupyter: JupyterProcess;
  let page: Page;
  beforeAll(async () => {
    [playground, jupyter] = await Promise.all([startPlayground(), testJupyter()]);
  });
  afterAll(() => Promise.all([playground.close(), jupyter.stop()]));
  beforeEach(async () => {
    page = await playground.open();
  });
  afterEach(() => page.browserContext().close());

  async function download(): Promise<Files> {
    const { name, bytes } = await downloadFrom(page, () => press(page, 'button', 'Download results'));
    expect(name).toMatch(/^wudnn-\w+-results\.zip$/);
    return unzipSync(bytes);
  }

  test('gives a comparison whose tables, trace and notebook are true, and which holds no token and no address', async () => {
    await press(page, 'button', 'Choose remotes…');
    await page.waitForSelector('dialog[open]');
    await page.type('dialog input[type=text]', jupyter.address);
    await page.type('dialog input[type=password]', jupyter.token);
    await press(page, 'button', 'Add and check');
    await page.waitForSelector('.examination[aria-busy=false]');
    await press(page, 'button', 'Compare');
    expect(await statusOf(page, /^Compared|failed/)).toContain('Compared with http://127.0.0.1');
    const files = await download();

    expect(Object.keys(files).toSorted()).toEqual([
      'algorithms.csv', 'comparison.csv', 'here.safetensors', 'job.py', 'job.safetensors', 'manifest.json', 'notebook.ipynb',
      'remote-1/layers.csv', 'remote-1/report.json', 'remote-1/results.safetensors', 'timings.csv', 'trace.json',
    ]);
    for (const [name, bytes] of Object.entries(files)) {
      const content = Buffer.from(bytes).toString('latin1');
      expect(content.includes(jupyter.token), name).toBe(false);
      expect(content.includes(new URL(jupyter.address).host), name).toBe(false);
    }
    const shown = await page.$eval('table.tensors tbody tr', (row) => (row as HTMLElement).innerText);
    const [, line] = strFromU8(files['comparison.csv']).split('\r\n');
    expect(shown).toContain(line.split(',').find((cell) => /^(equal|within tolerance)$/.test(cell)));
    expect(decodeSafetensors(files['here.safetensors']).tensors.get('output')!.shape).toEqual([4, 16, 16, 16]);

    const { traceEvents } = JSON.parse(strFromU8(files['trace.json'])) as { traceEvents: { ph: string; pid: number; name: string; dur?: number }[] };
    expect(traceEvents.filter(({ name }) => name === 'process_name')).toHaveLength(2);
    expect(traceEvents.filter(({ ph, pid }) => ph === 'X' && pid === 1).map(({ name }) => name)).toEqual(expect.arrayContaining(['SimpleCNN', 'conv1']));

    const checksums = await runNotebook(files['notebook.ipynb']);
    expect(checksums).toHaveLength(2); // this run, and the one of the comparison
    expect(checksums[0]).toBe(checksums[1]);
  });

  test('gives a run alone, whose notebook prints its checksum, and one without a model', async () => {
    expect(await page.$eval('.tools', (tools) => [...tools.querySelectorAll('button')].find((b) => b.textContent === 'Download results')!.disabled)).toBe(true);
    await press(page, 'button', 'Run');
    await statusOf(page, /Finished/);
    const files = await download();
    expect(Object.keys(files)).not.toContain('comparison.csv');
    expect(await runNotebook(files['notebook.ipynb'])).toHaveLength(1);

    await write(page, "import { torch } from 'wudnn'\nexport const y = torch.ones(2)\n");
    await press(page, 'button', 'Run');
    await statusOf(page, /Finished/);
    expect(Object.keys(await download()).toSorted()).toEqual(['algorithms.csv', 'manifest.json', 'trace.json']);
  });
});

/** Runs a notebook under the system's kernel and gives the checksums that its last cell prints. */
async function runNotebook(notebook: Uint8Array): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-notebook-'));
  writeFileSync(join(folder, 'notebook.ipynb'), notebook);
  const ran = execFileSync((await pythonWithTorch()).path, ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--stdout', '--log-level=ERROR', 'notebook.ipynb'], {
    cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, JUPYTER_PLATFORM_DIRS: '1' },
  });
  rmSync(folder, { recursive: true });
  const { cells } = JSON.parse(ran) as { cells: { outputs?: { text?: string | string[] }[] }[] };
  const printed = (cells.at(-1)!.outputs ?? []).flatMap(({ text }) => text ?? []).join('');
  return printed.match(/[0-9a-f]{64}/g) ?? [];
}
