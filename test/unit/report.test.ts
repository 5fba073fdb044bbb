/** A report is untrusted: it is accepted whole, or refused with the place and the reason. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/remote/report.ts';
import { checkReport, maxReportBytes, parseReport, reportSchema } from '../../src/remote/report.ts';

const report: Report = {
  format: 'wudnn-report/1',
  model: 'M',
  job_sha256: '0'.repeat(64),
  device: { type: 'cpu', name: 'a cpu' },
  versions: { torch: '2.6.0' },
  settings: { dtype: 'float32', autocast: null },
  clock: 'perf_counter',
  times: { cold_ms: 1, warm_ms: [1, 2] },
  memory: { peak_bytes: 5 },
  outputs: [{ name: 'output', shape: [1, 2], dtype: 'float32' }],
};

test('a good report passes', () => {
  expect(checkReport(structuredClone(report))).toEqual(report);
});

test('the published schema is the one that is checked', () => {
  expect(JSON.parse(readFileSync('public/report.schema.json', 'utf8'))).toEqual(reportSchema);
});

describe('a report is refused', () => {
  test.each<[string, unknown, RegExp]>([
    ['that is no object', [], /report: expected an object/],
    ['of another format', { ...report, format: 'wudnn-report/2' }, /report\.format: "wudnn-report\/2" is not one of/],
    ['of no job', { ...report, job_sha256: 'none' }, /job_sha256: "none" does not match/],
    ['without times', { ...report, times: undefined }, /report\.times: expected an object/],
    ['with a field that nobody knows', { ...report, html: '<b>' }, /report: "html" is not known/],
    [
      'with a time that is no number',
      { ...report, times: { cold_ms: '1', warm_ms: [] } },
      /report\.times\.cold_ms: expected a number/,
    ],
    [
      'with a negative time',
      { ...report, times: { cold_ms: 1, warm_ms: [-1] } },
      /report\.times\.warm_ms\[0\]: -1 is outside of 0/,
    ],
    [
      'with an endless name',
      { ...report, device: { type: 'cpu', name: 'x'.repeat(201) } },
      /201 characters are above the limit of 200/,
    ],
    [
      'with a device of an unknown kind',
      { ...report, device: { type: 'tpu', name: 'x' } },
      /"tpu" is not one of cuda, cpu/,
    ],
    [
      'with too many versions',
      { ...report, versions: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`v${i}`, 'x'])) },
      /51 entries/,
    ],
    [
      'with a setting that is an object',
      { ...report, settings: { dtype: {} } },
      /report\.settings\.dtype: .* none of the forms/,
    ],
    [
      'with a shape of fractions',
      { ...report, outputs: [{ name: 'y', shape: [0.5], dtype: 'float32' }] },
      /shape\[0\]: 0\.5 is not a whole number/,
    ],
  ])('%s', (_what, value, reason) => {
    expect(() => checkReport(value)).toThrow(reason);
  });

  test('that is no JSON, or too long to be read', () => {
    expect(() => parseReport('{"format":')).toThrow(/not JSON/);
    expect(() => parseReport(' '.repeat(maxReportBytes + 1))).toThrow(/above the limit/);
    expect(() => parseReport('{"__proto__": {"polluted": true}}')).toThrow(/missing|not known/);
  });
});
