/** What is exported opens elsewhere: the notebook runs under the system's kernel and prints the same checksum. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256Of } from '../../src/base/checksum.ts';
import { toCsv } from '../../src/compare/export/csv.ts';
import { toNotebook } from '../../src/compare/export/notebook.ts';
import { packResults } from '../../src/compare/export/results.ts';
import { toTrace } from '../../src/compare/export/trace.ts';
import { evaluateStored } from '../../src/graph/evaluate.ts';
import { createJob, readHost } from '../../src/remote/program.ts';
import { transportTo } from '../../src/bridge/named.ts';
import { compareRun } from '../../src/worker/compare-run.ts';
import { pythonWithTorch, testJupyter } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { smallCnn } from '../support/traces.ts';

const model = smallCnn(1, 8);

describeWith(['python'], 'exported results', () => {
  let files: Record<string, Uint8Array>;
  let token: string;
  let address: string;
  beforeAll(async () => {
    const server = await testJupyter();
    ({ token, address } = server);
    const job = await createJob(model, readHost, { repeats: 3 });
    const { report, tensors } = await transportTo(server).run(job);
    await server.stop();
    const timing = { device: 'a GPU', software: false, versions: { wudnn: '1' }, samplesMs: [1, 2], clock: 'wall' };
    const comparison = compareRun({ model, outputs: evaluateStored(model.outputs), choices: [], timing }, report, tensors);
    files = unzipSync(await packResults({ comparison, choices: [], job, report, results: tensors, kernels: [{ name: 'conv', startMs: 0, durationMs: 1 }] }));
  });

  test('have a manifest that is true of every file', async () => {
    const manifest = JSON.parse(strFromU8(files['manifest.json'])) as { files: { name: string; bytes: number; sha256: string }[]; sides: { side: string }[] };
    expect(manifest.files.map(({ name }) => name).toSorted()).toEqual(Object.keys(files).filter((name) => name !== 'manifest.json').toSorted());
    for (const { name, bytes, sha256 } of manifest.files) {
      expect(files[name].length).toBe(bytes);
      expect(await sha256Of(files[name])).toBe(sha256);
    }
    expect(manifest.sides.map(({ side }) => side)).toEqual(['local', 'remote']);
  });

  test('hold no token and no address', () => {
    for (const [name, bytes] of Object.entries(files)) {
      const content = Buffer.from(bytes).toString('latin1');
      expect(content.includes(token), name).toBe(false);
      expect(content.includes(new URL(address).host), name).toBe(false);
    }
  });

  test('have both sides in the trace, each its own process', () => {
    const { traceEvents } = JSON.parse(strFromU8(files['trace.json'])) as { traceEvents: { ph: string; pid: number; name: string; dur?: number }[] };
    expect(traceEvents.filter((event) => event.name === 'process_name')).toHaveLength(2);
    const spans = traceEvents.filter((event) => event.ph === 'X');
    expect(spans.filter((event) => event.pid === 1).map((event) => event.dur)).toEqual([1000]);
    expect(spans.filter((event) => event.pid === 2).map((event) => event.name)).toEqual(['conv1', 'relu']);
  });

  test("have a notebook that runs under the system's kernel and prints the checksum that was recorded", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wudnn-notebook-'));
    writeFileSync(join(folder, 'notebook.ipynb'), files['notebook.ipynb']);
    const ran = execFileSync((await pythonWithTorch()).path, ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--stdout', '--log-level=ERROR', 'notebook.ipynb'], {
      cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, JUPYTER_PLATFORM_DIRS: '1' },
    });
    rmSync(folder, { recursive: true });
    const cells = (JSON.parse(ran) as { cells: { outputs?: { text?: string | string[] }[] }[] }).cells;
    const printed = (cells.at(-1)!.outputs ?? []).flatMap(({ text }) => text ?? []).join('');
    const [, here] = /this run: ([0-9a-f]{64})/.exec(printed)!;
    expect(printed).toContain(`recorded: ${here}`);
  });
});

describe('formats', () => {
  test('a CSV cell with commas, quotes or lines is quoted, and a formula is defused', () => {
    expect(toCsv(['a', 'b'], [['x,y', 'say "hi"'], ['=1+1', 2], [undefined, '-x']])).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,2\r\n,\'-x\r\n');
  });

  test('a trace is in microseconds', () => {
    const trace = JSON.parse(toTrace([{ name: 'local', tracks: [{ name: 'kernels', spans: [{ name: 'k', startMs: 0.5, durationMs: 2 }] }] }])) as { traceEvents: object[] };
    expect(trace.traceEvents.at(-1)).toMatchObject({ ph: 'X', ts: 500, dur: 2000 });
  });

  test('weights that are too large for a notebook stay beside it', () => {
    const notebook = toNotebook({ model: 'M', program: 'pass', tensors: new Uint8Array(9 * 2 ** 20), checksum: 'c', ranOn: 'x' });
    expect(notebook.length).toBeLessThan(10_000);
    expect(notebook).toContain('too large for a notebook');
  });
});
