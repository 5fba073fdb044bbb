/**
 * @file A remote's kernels in the instruments: in the timeline under ours, in the roofline under its own ceilings, lit
 * by the one selection. The job is run by this machine's PyTorch, whose CPU lists no kernels; those of a GPU are put
 * into its report by hand, as a stranger's report would bring them.
 */
import { execFile as startFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256Of } from '../../src/base/checksum.ts';
import type { RecordedRun } from '../../src/remote/recorded-run.ts';
import type { Report } from '../../src/remote/report.ts';
import type { Playground } from '../support/browser.ts';
import { firstExample, press, run, showPane, statusAfter, textOf, write } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pageForAll } from '../support/hooks.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { openRemotes } from '../support/remote-dialog.ts';
import { pressKeys, timelineFacts } from '../support/timeline-pane.ts';
import { expectNoViolations } from '../support/violations.ts';

/** The bridge lives in this process and goes on answering meanwhile. */
const execFile = promisify(startFile);

const kernels: NonNullable<Report['kernels']> = [
  { name: 'void implicit_convolve_sgemm<float>', start_ms: 0, time_ms: 0.5, layer: 'conv1' },
  { name: 'void vectorized_elementwise_kernel', start_ms: 1, time_ms: 0.25, layer: 'relu' },
  { name: 'void max_pool_forward_nchw', start_ms: 2, time_ms: 0.25, layer: 'pool' },
  { name: 'Memcpy DtoH', start_ms: 3, time_ms: 0.125 },
];
const device = { type: 'cuda', name: 'NVIDIA A100-SXM4-80GB', capability: '8.0' } as const;

describeWith(['browser', 'python'], "a remote's kernels", () => {
  let page: Page;
  let playground: Playground;
  let folder: string;
  /** Of the job, as PyTorch on the CPU gave it. */
  let report: Report;
  pageForAll((opened, of) => ([page, playground] = [opened, of]));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-trace-'));
    await write(page, firstExample);
    await showPane(page, 'Timeline');
    expect(await run(page)).toMatch(/^Finished/);
    expect(await textOf(page, 'region', 'Timeline')).toContain('Compare with a remote that has a CUDA GPU');
    await openRemotes(page);
    const { bytes } = await downloadFrom(page, () => press(page, 'button', 'Download the job'));
    for (const [name, content] of Object.entries(unzipSync(bytes)))
      writeFileSync(join(folder, name.split('/').at(-1)!), content);
    await execFile(pythonWithTorch().path, ['job.py'], { cwd: folder });
    report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
    await compareWith(report);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const chooseNone = async (): Promise<void> => {
    for (const box of await page.$$('dialog .remotes li input:checked')) await box.click();
  };
  let dropped = 0;
  async function compareWith(given: Report): Promise<void> {
    writeFileSync(join(folder, 'report.json'), JSON.stringify(given));
    if (!(await page.$('dialog[open]'))) await openRemotes(page);
    await chooseNone();
    const input = (await page.waitForSelector('dialog input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(join(folder, 'report.json'), join(folder, 'results.safetensors'));
    const name = `by hand ${++dropped}`;
    await page.waitForFunction((text) => document.querySelector('.remotes')?.textContent?.includes(text), {}, name);
    expect(await statusAfter(page, () => press(page, 'button', 'Compare'))).toMatch(
      new RegExp(`^Compared with ${name}`),
    );
  }

  const facts = () => timelineFacts(page);
  const toLane = Array.from({ length: 12 }, () => 'ArrowDown' as const);

  test('of a CPU there are none, and both panes say so', async () => {
    for (const pane of ['Timeline', 'Roofline']) {
      await showPane(page, pane);
      await expect.poll(() => textOf(page, 'region', pane)).toContain('Only kernels of a CUDA GPU are traced');
    }
  });

  test('of a GPU they are a lane under ours, where keys and the pointer find their figures', async () => {
    await compareWith({ ...report, device, kernels });
    await showPane(page, 'Timeline');
    const headings = () => page.$$eval('.timeline-picture .heading', (all) => all.map((e) => e.textContent).slice(-2));
    await expect.poll(headings).toEqual(['Kernels', 'Remote: by hand 2: NVIDIA A100-SXM4-80GB, measured there']);
    await expect
      .poll(() => textOf(page, 'group', 'Remotes'))
      .toMatch(
        /NVIDIA A100-SXM4-80GB: 4 kernels of one forward pass of SimpleCNN, 1\.13 ms in all, within 3\.13 ms.*your last call of SimpleCNN begins.*1 of them belongs to no layer/,
      );
    await page.focus('.timeline-picture');
    await pressKeys(page, ...toLane, 'Home');
    await expect
      .poll(facts)
      .toMatchObject({
        name: kernels[0].name,
        takes: '500 µs',
        layer: 'conv1',
        'algorithm, by its name': 'IMPLICIT_GEMM',
      });
    await pressKeys(page, 'End');
    await expect.poll(facts).toMatchObject({ name: 'Memcpy DtoH', layer: 'not known: it was started between layers' });
    await press(page, 'button', 'Remote');
    const label = await page.$$eval('.timeline-picture .label', (all) => {
      const { x, y, height } = all.at(-1)!.getBoundingClientRect();
      return { x, y: y + height / 2 };
    });
    await page.mouse.move(label.x, label.y);
    await expect.poll(async () => 'starts there at' in (await facts())).toBe(true);
  });

  test('a kernel there and its layer here light each other', async () => {
    await showPane(page, 'Timeline');
    await page.focus('.timeline-picture');
    await pressKeys(page, ...toLane, 'Home', 'Enter');
    // conv1's module, operation and kernel here, its kernel there
    await expect.poll(() => page.$$('.timeline-picture .lit').then(({ length }) => length)).toBe(4);
    await page.waitForSelector('.monaco .lit-line');
    await pressKeys(page, 'ArrowRight', 'ArrowRight', 'ArrowRight');
    await expect.poll(facts).toMatchObject({ name: 'Memcpy DtoH' });
    await pressKeys(page, 'Enter'); // it has no layer, so there is nothing to select
    expect((await page.$$('.timeline-picture .lit')).length).toBe(4);
    await pressKeys(page, 'Home', 'Enter');
    await page.waitForFunction(() => !document.querySelector('.timeline-picture .lit'));
  });

  test('in the roofline each layer there is a point under published ceilings, with the work of its counterpart here', async () => {
    await showPane(page, 'Roofline');
    const title = 'Remote: by hand 2: NVIDIA A100-SXM4-80GB, by layer';
    const table = await textOf(page, 'table', title);
    // 4·16·32·32 sums of 27 products and a bias; 3.6 MFLOP in half a millisecond
    expect(table).toMatch(/conv1\s+1 kernel\s+500 µs\s+44%\s+[\d.]+\s+7\.\d+\s/);
    expect(table).toMatch(/relu\s+1 kernel\s+250 µs\s+22%\s+0\.125\s/); // an operation for eight bytes
    const names = await page.$$eval('.ceiling-name', (all) => all.map((e) => e.textContent).join());
    expect(names).toMatch(/workgroup memory: .* GB\/s, measured by a probe/);
    expect(names).toMatch(/NVIDIA A100-SXM4-80GB: 19,500 GFLOP\/s, float32, published/);
    expect(await textOf(page, 'region', 'Roofline')).toMatch(
      /published figures, not measured: NVIDIA A100 Tensor Core GPU datasheet.*1 kernel of 4 cannot be shown/,
    );
    await press(page, 'button', 'conv1');
    await page.waitForSelector('.square.lit');
    await page.waitForSelector(`[aria-label="Kernels that compute"] tr.lit`);
    await page.waitForSelector('.monaco .lit-line');
    await press(page, 'button', 'conv1');
    await page.waitForFunction(() => !document.querySelector('.square.lit'));
  });

  test.each(['light', 'dark'])('the panes have no violation in %s, wide and narrow', async (scheme) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const width of [1440, 390]) {
      await page.setViewport({ width, height: 900 });
      for (const pane of ['Timeline', 'Roofline']) {
        await showPane(page, pane);
        await expectNoViolations(page, `[aria-label="${pane}"]`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
    await page.setViewport({ width: 1440, height: 900 });
  });

  test('of a recorded run they are hatched, and say when it was recorded', async () => {
    const bytes = (name: string): Buffer => readFileSync(join(folder, name));
    const record: RecordedRun = {
      format: 'wudnn-recorded/1',
      provenance: {
        recorded: '2026-01-31T12:00:00Z',
        source: 'a program of the same model',
        program_sha256: await sha256Of(bytes('job.py')),
        tensors_sha256: await sha256Of(bytes('job.safetensors')),
        results_sha256: await sha256Of(bytes('results.safetensors')),
        command: 'wudnn record program.ts',
        note: 'made for a test',
      },
      report: { ...report, device, kernels },
    };
    const index = { format: 'wudnn-recorded-index/1', runs: ['run.json'] };
    const answers: readonly (readonly [path: string, body: string | Uint8Array])[] = [
      ['recorded/index.json', JSON.stringify(index)],
      ['recorded/run.json', JSON.stringify(record)],
      ['recorded/run.safetensors', bytes('results.safetensors')],
    ];
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const [, body] = answers.find(([path]) => request.url().endsWith(path)) ?? [];
      void (body === undefined ? request.continue() : request.respond({ body }));
    });
    await playground.reopen(page, 'kept');
    await write(page, firstExample);
    await showPane(page, 'Timeline');
    expect(await run(page)).toMatch(/^Finished/);
    await openRemotes(page);
    await page.waitForSelector('section.recorded input');
    await chooseNone();
    await page.click('section.recorded input');
    expect(await statusAfter(page, () => press(page, 'button', 'Compare'))).toMatch(/^Compared with .*recorded/);
    await showPane(page, 'Timeline');
    await page.waitForSelector('.timeline-picture .hatched');
    expect(await textOf(page, 'group', 'Remotes')).toMatch(/recorded 2026-01-31T12:00:00Z and therefore hatched/);
  });
});
