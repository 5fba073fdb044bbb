/**
 * @file Recorded runs: reports of real machines, kept with the page, so that a static site without a remote still has a real
 * PyTorch to compare with. A record is the report as it came, with its provenance, and beside it the results; nothing in it is
 * computed here.
 */
import { fail, messageOf } from '../base/errors.ts';
import type { Report } from './report.ts';
import { checkReport, reportSchema } from './report.ts';
import type { ObjectSchema, Schema } from './schema.ts';
import { check } from './schema.ts';

export interface RecordedRun {
  readonly format: 'wudnn-recorded/1';
  readonly provenance: Provenance;
  readonly report: Report;
}

/** Where a record comes from, so that somebody else can make it again. */
export interface Provenance {
  /** When it was recorded, ISO 8601. */
  readonly recorded: string;
  /** The program of wuDNN that called the model, its text. */
  readonly source: string;
  /** SHA-256 of the PyTorch program, the weights and inputs, and the results. */
  readonly program_sha256: string;
  readonly tensors_sha256: string;
  readonly results_sha256: string;
  /** The command that recorded it, without the remote's address. */
  readonly command: string;
  /** What the person who recorded it says about the machine. */
  readonly note: string;
}

const digest: Schema = { type: 'string', maxLength: 64, pattern: '^[0-9a-f]{64}$' };

export const recordedSchema: ObjectSchema & { readonly $schema: string; readonly $id: string; readonly title: string } =
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:wudnn:recorded:1',
    title: 'Recorded run of a wuDNN job',
    type: 'object',
    required: ['format', 'provenance', 'report'],
    additionalProperties: false,
    properties: {
      format: { type: 'string', maxLength: 20, enum: ['wudnn-recorded/1'] },
      provenance: {
        type: 'object',
        required: ['recorded', 'source', 'program_sha256', 'tensors_sha256', 'results_sha256', 'command', 'note'],
        additionalProperties: false,
        properties: {
          recorded: { type: 'string', maxLength: 30, pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' },
          source: { type: 'string', maxLength: 100_000 },
          program_sha256: digest,
          tensors_sha256: digest,
          results_sha256: digest,
          command: { type: 'string', maxLength: 500 },
          note: { type: 'string', maxLength: 2000 },
        },
      },
      report: reportSchema,
    },
  };

/** The list of records, `recorded/index.json`: file names, newest first. */
export interface RecordedIndex {
  readonly format: 'wudnn-recorded-index/1';
  readonly runs: readonly string[];
}

const indexSchema: Schema = {
  type: 'object',
  required: ['format', 'runs'],
  additionalProperties: false,
  properties: {
    format: { type: 'string', maxLength: 30, enum: ['wudnn-recorded-index/1'] },
    runs: {
      type: 'array',
      maxItems: 10_000,
      items: { type: 'string', maxLength: 200, pattern: '^[A-Za-z0-9._-]+\\.json$' },
    },
  },
};

export function parseRecorded(json: string): RecordedRun {
  const value = parse(json, 'recorded');
  check(recordedSchema, value, 'recorded');
  checkReport((value as RecordedRun).report);
  return value as RecordedRun;
}

export function parseIndex(json: string): RecordedIndex {
  const value = parse(json, 'index');
  check(indexSchema, value, 'index');
  return value as RecordedIndex;
}

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

function parse(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    return fail(`${what}: not JSON: ${messageOf(error)}`);
  }
}
