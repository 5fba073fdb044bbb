/**
 * @file A remote's cuDNN beside the map. This machine's PyTorch has none, and the page says so; the map that is drawn
 * beside was made by hand in this test, as the name of its GPU says, and comes as results by hand do.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import type { Report } from '../../src/remote/report.ts';
import { press, showPane, statusAfter } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { openRemotes } from '../support/remote-dialog.ts';
import { expectNoViolations } from '../support/violations.ts';

const candidate = (algorithm: string, time_ms: number | null) => ({
  algorithm,
  time_ms,
  status: time_ms === null ? 'CUDNN_STATUS_NOT_SUPPORTED' : 'CUDNN_STATUS_SUCCESS',
  workspace_bytes: 0,
  deterministic: true,
  math: 'FMA_MATH',
});

/** For the axes that the page begins with: C across, R down. Winograd wins at 3×3, and one shape had no memory. */
const report: Report = {
  format: 'wudnn-report/1',
  model: 'CrossoverMap',
  job_sha256: '0'.repeat(64),
  device: { type: 'cuda', name: 'GPU made by hand in a test' },
  versions: { torch: '2.6', cudnn: '91002' },
  settings: {},
  clock: 'cuda events',
  times: { cold_ms: 1, warm_ms: [] },
  memory: { peak_bytes: 1 },
  outputs: [{ name: 'output', shape: [1], dtype: 'float32' }],
  cells: [1, 3].flatMap((R) =>
    [1, 3, 8].map((C) => ({
      sizes: [1, C, 28, 28, 32, R, R, 1, Math.floor(R / 2)],
      dtype: 'float32',
      ...(C === 8
        ? { why: 'CUDA out of memory' }
        : {
            candidates: [
              candidate('WINOGRAD', R === 3 ? 0.01 : null),
              candidate('IMPLICIT_GEMM', 0.02),
              candidate('GEMM', 0.05),
            ],
          }),
    })),
  ),
};

describeWith(['browser'], 'beside the map', () => {
  let page: Page;
  let folder: string;
  pageForAll((opened) => (page = opened));
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-beside-'));
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
    const output = { shape: [1], dtype: 'float32', data: new Float32Array(1) } as const;
    writeFileSync(join(folder, 'results.safetensors'), encodeSafetensors([['output', output]]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const labels = () =>
    page.$$eval('.maps figure:nth-of-type(2) td button', (all) => all.map((one) => one.getAttribute('title')!));

  describeWith(['python'], 'of this machine', () => {
    test('there is nothing: its PyTorch has no cuDNN, and the page says so', async () => {
      await showPane(page, 'Map');
      const key = await page.waitForFunction(
        () => document.querySelector<HTMLOptionElement>('.beside option[value^="offered"]')?.value,
      );
      await page.select('.beside select', (await key.jsonValue())!);
      expect(await statusAfter(page, () => press(page, 'button', 'Ask its cuDNN'))).toBe('That remote has no map.');
      const alert = await page.waitForSelector('.map [role=alert]');
      expect(await alert!.evaluate((e) => e.textContent)).toMatch(
        /runs PyTorch on a CPU \(.+\)\. It has no cuDNN to ask, so there is no map beside this one\./,
      );
      expect(await page.$$('.maps figure')).toHaveLength(1);
      await page.select('.beside select', '');
    });
  });

  test('stands a map that was made elsewhere, labelled, with the CSV of both', async () => {
    await openRemotes(page);
    const input = (await page.waitForSelector('dialog input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(join(folder, 'report.json'), join(folder, 'results.safetensors'));
    await page.waitForFunction(() => document.querySelector('.remotes')?.textContent?.includes('by hand 1'));
    await press(page, 'button', 'Close');
    await showPane(page, 'Map');
    await page.select('.beside select', 'dropped 1');
    await page.waitForSelector('.maps figure:nth-of-type(2)');
    expect(await page.$$eval('.maps figcaption', (all) => all.map((e) => e.textContent))).toEqual([
      expect.stringMatching(/^wuDNN on .+ \(software\), by the model$/),
      'cuDNN 91002 on GPU made by hand in a test, run by hand',
    ]);
    expect((await labels()).slice(0, 11)).toEqual([
      'C 1, R 1: IMPLICIT_GEMM 20 µs, then GEMM 50 µs',
      'C 3, R 1: IMPLICIT_GEMM 20 µs, then GEMM 50 µs',
      'C 8, R 1: nothing can run',
      ...[16, 32, 64, 128, 256].map((C) => `C ${C}, R 1: open`),
      'C 1, R 3: WINOGRAD 10 µs, then IMPLICIT_GEMM 20 µs',
      'C 3, R 3: WINOGRAD 10 µs, then IMPLICIT_GEMM 20 µs',
      'C 8, R 3: nothing can run',
    ]);
    const facts = () => page.$eval('.beside-facts', (e) => e.textContent);
    await page.click('.maps figure:nth-of-type(2) td button[title^="C 1, R 3"]');
    expect(await facts()).toContain('WINOGRAD 10 µs (FMA_MATH), IMPLICIT_GEMM 20 µs (FMA_MATH), GEMM 50 µs');
    await page.click('.maps figure:nth-of-type(2) td button[title^="C 8, R 3"]');
    await expect.poll(facts).toContain('nothing could run: CUDA out of memory.');
    const csv = new TextDecoder().decode((await downloadFrom(page, () => press(page, 'button', 'Save CSV'))).bytes);
    expect(csv).toContain(
      '1,3,WINOGRAD,FMA_MATH,0.01,measured,forward,float32,"GPU made by hand in a test, run by hand",cuDNN 91002',
    );
    expect(csv).toMatch(/,predicted,forward,float32,[^\n]+,wuDNN\n/);
    await expectNoViolations(page);
  });

  test('of other shapes it knows nothing, and of gradients it is not asked', async () => {
    const direction = '.map .choices label:nth-of-type(3) select';
    await page.select('.map .choices label:nth-of-type(1) select', 'N');
    await expect.poll(async () => (await labels()).every((label) => label.endsWith('open'))).toBe(true);
    await page.select(direction, 'backward data');
    await page.waitForFunction(() =>
      document.querySelector('.map')?.textContent?.includes('forward convolutions only'),
    );
    expect(await page.$$('.maps figure')).toHaveLength(1);
  });
});
