/**
 * @file Download results: one button gives the run and its comparison as a zip that opens elsewhere; the notebook in it
 * runs under the system's own kernel and prints the same checksum.
 */
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { compare, press, pressInMenu, run, showPane, statusAfter, textOf, write } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { jupyterForAll, pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { runNotebook } from '../support/notebook.ts';
import { compareWithNamed } from '../support/remote-dialog.ts';

type Files = Record<string, Uint8Array>;

describeWith(['browser', 'python'], 'Download results', () => {
  let jupyter: JupyterProcess;
  let page: Page;
  jupyterForAll((server) => (jupyter = server));
  pageForEach((opened) => (page = opened));

  async function download(): Promise<Files> {
    const { name, bytes } = await downloadFrom(page, () => pressInMenu(page, 'Settings', 'Download results'));
    expect(name).toMatch(/^wudnn-\w+-results\.zip$/);
    return unzipSync(bytes);
  }

  test('gives a comparison whose tables, trace and notebook are true, and which holds no token and no address', async () => {
    expect(await compareWithNamed(page, jupyter.address, jupyter.token)).toContain('Compared with http://127.0.0.1');
    const files = await download();

    expect(Object.keys(files).toSorted()).toEqual([
      'algorithms.csv',
      'comparison.csv',
      'here.safetensors',
      'job.py',
      'job.safetensors',
      'manifest.json',
      'notebook.ipynb',
      'remote-1/layers.csv',
      'remote-1/report.json',
      'remote-1/results.safetensors',
      'timings.csv',
      'trace.json',
    ]);
    for (const [name, bytes] of Object.entries(files)) {
      const content = Buffer.from(bytes).toString('latin1');
      expect(content.includes(jupyter.token), name).toBe(false);
      expect(content.includes(new URL(jupyter.address).host), name).toBe(false);
    }
    await page.waitForSelector('table.tensors tbody tr');
    const shown = await page.$eval('table.tensors tbody tr', (row) => (row as HTMLElement).innerText);
    const [, line] = strFromU8(files['comparison.csv']).split('\r\n');
    expect(shown).toContain(line.split(',').find((cell) => /^(equal|within tolerance)$/.test(cell)));
    expect(decodeSafetensors(files['here.safetensors']).tensors.get('output')!.shape).toEqual([4, 16, 16, 16]);

    const { traceEvents } = JSON.parse(strFromU8(files['trace.json'])) as {
      traceEvents: { ph: string; pid: number; name: string; dur?: number }[];
    };
    expect(traceEvents.filter(({ name }) => name === 'process_name')).toHaveLength(2);
    expect(traceEvents.filter(({ ph, pid }) => ph === 'X' && pid === 1).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['SimpleCNN', 'conv1']),
    );

    const checksums = await runNotebook(files['notebook.ipynb']);
    expect(checksums).toHaveLength(2); // this run, and the one of the comparison
    expect(checksums[0]).toBe(checksums[1]);
  });

  test('gives the curves of a training and what was found to make the sides differ, as the page shows them', async () => {
    await page.select('.tools select', 'train');
    expect(await run(page)).toMatch(/^Finished/);
    await showPane(page, 'Compare');
    await page.select('.asked select', 'bfloat16');
    expect(await compare(page)).toBe('Compared with this machine.');
    expect(await statusAfter(page, () => press(page, 'button', 'Why?'))).toMatch(/^Tried/);
    const shown = await textOf(page, 'table', 'Causes with this machine');
    const files = await download();

    const rows = (name: string): string[] => strFromU8(files[name]).trim().split('\r\n').slice(1);
    expect(rows('training.csv').map((row) => row.split(',')[1])).toEqual(['local', 'remote']);
    expect(rows('remote-1/training.csv')).toHaveLength(20);
    const [cause] = rows('remote-1/why.csv');
    expect(cause).toMatch(/^remote,autocast computes in bfloat16,autocast: null,[\d.e-]+,[\d.e-]+,the cause$/);
    expect(shown).toMatch(/autocast computes in bfloat16\s+remote\s+the cause/);
    expect(JSON.parse(strFromU8(files['manifest.json']))).toMatchObject({
      remotes: [
        {
          training: { steps: 20 },
          why: expect.arrayContaining([expect.objectContaining({ side: 'remote', is_it: 'the cause' })]),
        },
      ],
    });
  });

  test('gives a run alone, whose notebook prints its checksum, and one without a model', async () => {
    expect(
      await page.$eval(
        '.settings',
        (menu) => [...menu.querySelectorAll('button')].find((b) => b.textContent === 'Download results')!.disabled,
      ),
    ).toBe(true);
    expect(await run(page)).toMatch(/^Finished/);
    const files = await download();
    expect(Object.keys(files)).not.toContain('comparison.csv');
    expect(await runNotebook(files['notebook.ipynb'])).toHaveLength(1);

    await write(page, "import { torch } from 'wudnn'\nexport const y = torch.ones(2)\n");
    expect(await run(page)).toMatch(/^Finished/);
    expect(Object.keys(await download()).toSorted()).toEqual(['algorithms.csv', 'manifest.json', 'trace.json']);
  });
});
