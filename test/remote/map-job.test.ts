/**
 * @file The job of a crossover map on real PyTorch. This machine's has no CUDA, and says so; what asks cuDNN runs with
 * a stand-in for it, written for this test, which tells what it was asked.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localTransport } from '../../src/remote/local.ts';
import { createMapJob } from '../../src/remote/map-job.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

const cells = [
  { sizes: [1, 3, 8, 8, 4, 3, 3, 1, 1], dtype: 'float32' },
  { sizes: [2, 4, 6, 6, 2, 5, 5, 2, 2], dtype: 'float32' },
] as const;

const standIn = `
import json, sys
import job
class StandIn:
    def create(self, name):
        return name
    def find(self, handle, convolution, x, w, y):
        if convolution.stride[0] == 2:
            raise RuntimeError("out of memory\\nand more")
        return [{"algorithm": "FFT", "shape": [list(x.shape), list(w.shape), list(y.shape)]}]
job.Cudnn = StandIn
job.CELLS["seconds"] = float(sys.argv[1])
job.map_alone(".", "map.jsonl")
`;

describeWith(['python'], 'the job of a map', () => {
  let python: string;
  let folder: string;
  const job = createMapJob(cells, 60);
  beforeAll(() => {
    python = pythonWithTorch().path;
    folder = mkdtempSync(join(tmpdir(), 'wudnn-map-'));
    writeFileSync(join(folder, 'job.py'), job.program);
    writeFileSync(join(folder, 'stand_in.py'), standIn);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const told = (seconds: number): [log: string, lines: Record<string, unknown>[]] => {
    const log = execFileSync(python, ['stand_in.py', String(seconds)], { cwd: folder, encoding: 'utf8' });
    const lines = readFileSync(join(folder, 'map.jsonl'), 'utf8').split('\n').filter(Boolean);
    return [log, lines.map((line) => JSON.parse(line) as Record<string, unknown>)];
  };

  test('has no cuDNN to ask on a CPU, and says so', async () => {
    const { report, log } = await localTransport(python).run(job);
    expect(report.device.type).toBe('cpu');
    expect(report.cells).toBeUndefined();
    expect(log).toContain('there is no cuDNN to ask: PyTorch runs on the cpu');
  });

  test('asks about each shape in turn; one that cannot run says why', () => {
    const [log, lines] = told(60);
    expect(lines).toEqual([
      {
        ...cells[0],
        candidates: [
          {
            algorithm: 'FFT',
            shape: [
              [1, 3, 8, 8],
              [4, 3, 3, 3],
              [1, 4, 8, 8],
            ],
          },
        ],
      },
      { ...cells[1], why: 'out of memory' },
    ]);
    expect(log).toContain('cell 2 of 2');
  });

  test('ends when its time is over, with what it has', () => {
    const [log, lines] = told(-1);
    expect(lines).toEqual([]);
    expect(log).toContain('the time is over after 0 of 2 cells');
  });

  test('is Python that compiles without a warning', () => {
    execFileSync(python, ['-W', 'error', '-m', 'py_compile', join(folder, 'job.py')]);
  });
});
