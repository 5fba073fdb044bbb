/**
 * @file The job of a crossover map is a program that may be sent, within its bounds; what comes back is bounded too.
 */
import { expect, test } from 'vitest';
import { createMapJob } from '../../src/remote/map-job.ts';
import { checkProgram } from '../../src/remote/printed/check.ts';
import { checkReport } from '../../src/remote/report.ts';

const cell = { sizes: [1, 3, 8, 8, 4, 3, 3, 1, 1], dtype: 'float32' } as const;

test('it is sent, and one that asks for more than a map is not', () => {
  const { program, model } = createMapJob([cell, { ...cell, dtype: 'float16' }], 300);
  expect(model).toBe('CrossoverMap');
  expect(program).toContain('{"sizes": [1, 3, 8, 8, 4, 3, 3, 1, 1], "dtype": "float16"}');
  expect(() => createMapJob([cell], 100_000)).toThrow('CELLS.seconds: 100000 is outside of 1 to 3600');
  expect(() => createMapJob([{ ...cell, sizes: [1, 1e6, 8, 8, 4, 3, 3, 1, 1] }], 1)).toThrow('is outside of 0 to 4096');
  expect(() =>
    createMapJob(
      Array.from({ length: 401 }, () => cell),
      1,
    ),
  ).toThrow('above the limit of 400');
  expect(() => checkProgram(program.replace('"cells": [', '"cells": [__import__("os"), '))).toThrow('is not allowed');
});

test('what a remote says of shapes is bounded, and shown as text', () => {
  const candidate = { status: 'CUDNN_STATUS_SUCCESS', time_ms: 0.5, workspace_bytes: 0, deterministic: true };
  const report = (cells: unknown) => ({
    format: 'wudnn-report/1',
    model: 'CrossoverMap',
    job_sha256: '0'.repeat(64),
    device: { type: 'cuda', name: 'by hand' },
    versions: { cudnn: '91002' },
    settings: {},
    clock: 'cuda events',
    times: { cold_ms: 1, warm_ms: [] },
    memory: { peak_bytes: 1 },
    outputs: [],
    cells,
  });
  const [told, refused] = checkReport(
    report([
      { ...cell, candidates: [{ algorithm: 'FFT\u001b[31m', math: 'FMA_MATH', ...candidate }] },
      { ...cell, why: 'CUDA out of memory\u0007' },
    ]),
  ).cells!;
  expect(told.candidates![0].algorithm).not.toContain('\u001b');
  expect(refused.why).not.toContain('\u0007');
  expect(() => checkReport(report([{ ...cell, more: 1 }]))).toThrow('report.cells[0]: "more" is not known');
  expect(() => checkReport(report(Array.from({ length: 401 }, () => cell)))).toThrow('above the limit of 400');
});
