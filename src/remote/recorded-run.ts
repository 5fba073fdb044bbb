/**
 * @file Recorded runs: reports of real machines, kept with the page, so that a static site without a remote still has a
 * real PyTorch to compare with. A record is the report as it came, with its provenance, and beside it the results;
 * nothing in it is computed here.
 */
import { checkReport, reportSchema } from './report.ts';
import type { ValueOf } from './schema.ts';
import { digest, list, object, oneOf, parse, published, text } from './schema.ts';

/** Where a record comes from, so that somebody else can make it again. */
const provenance = object({
  /** When it was recorded, ISO 8601. */
  recorded: text(30, { pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
  /** The program of wuDNN that called the model, its text. */
  source: text(100_000),
  /** Of the PyTorch program, the weights and inputs, and the results. */
  program_sha256: digest,
  tensors_sha256: digest,
  results_sha256: digest,
  /** The command that recorded it, without the remote's address. */
  command: text(500),
  /** What the person who recorded it says about the machine. */
  note: text(2000),
});

export const recordedSchema = published(
  'recorded',
  1,
  'Recorded run of a wuDNN job',
  object({ format: oneOf('wudnn-recorded/1'), provenance, report: reportSchema }),
);

export type RecordedRun = ValueOf<typeof recordedSchema>;

/** The list of records, `recorded/index.json`: file names, newest first. */
const indexSchema = object({
  format: oneOf('wudnn-recorded-index/1'),
  runs: list(text(200, { pattern: '^[A-Za-z0-9._-]+\\.json$' }), 10_000),
});

export type RecordedIndex = ValueOf<typeof indexSchema>;

export function parseRecorded(json: string): RecordedRun {
  const run = parse(recordedSchema, json, 'recorded');
  checkReport(run.report);
  return run;
}

export const parseIndex = (json: string): RecordedIndex => parse(indexSchema, json, 'index');

/** The tensors that a record's run gave lie beside it. */
export function resultsFileName(recorded: string): string {
  return recorded.replace(/\.json$/, '.safetensors');
}

/** `SimpleCNN-NVIDIA_A100-2026-01-31T12-00-00.json` */
export function recordedFileName({ report, provenance }: RecordedRun): string {
  const plain = (text: string): string =>
    text
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_|_$/g, '')
      .slice(0, 60);
  return `${plain(report.model)}-${plain(report.device.name)}-${provenance.recorded.slice(0, 19).replaceAll(':', '-')}.json`;
}
