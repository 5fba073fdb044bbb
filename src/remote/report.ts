/**
 * @file The report: what a remote says about a run, as a published JSON schema, its type, and its check.
 *
 * The tensors are not in it but in `results.safetensors` beside it. A report is untrusted: every text is bounded and
 * stays text, every list is bounded, and what the schema does not name is refused.
 */
import { messageOf } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type { ObjectSchema, Schema } from './schema.ts';
import { check } from './schema.ts';

export interface Report {
  readonly format: 'wudnn-report/1';
  readonly model: string;
  /** SHA-256 of the job that it is of: the program's bytes, then the tensors'. */
  readonly job_sha256: string;
  readonly device: RemoteDevice;
  /** By component: python, torch, and cuda and cudnn where they are. */
  readonly versions: Readonly<Record<string, string>>;
  /** The settings under which it ran, as the program had them. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  readonly clock: 'cuda events' | 'perf_counter';
  readonly times: RunTimes;
  readonly memory: { readonly peak_bytes: number };
  readonly outputs: readonly ReportedTensor[];
  readonly layers?: readonly LayerTimes[];
  /** The GPU's kernels of one run, in the order of their start. */
  readonly kernels?: readonly KernelLaunch[];
  /** cuDNN's own table of forward algorithms, by convolution. */
  readonly algorithms?: readonly { readonly layer: string; readonly candidates: readonly CudnnCandidate[] }[];
  readonly training?: { readonly losses: readonly number[]; readonly step_ms: readonly number[] };
  /** Data-parallel training under torchrun, by number of processes. */
  readonly scaling?: readonly ScalingRun[];
}

export interface LayerTimes {
  /** As in `named_modules()`. */
  readonly name: string;
  readonly type: string;
  /** Milliseconds within each of some whole runs. */
  readonly times_ms: readonly number[];
}

export interface KernelLaunch {
  readonly name: string;
  /** Since the start of the first kernel. */
  readonly start_ms: number;
  readonly time_ms: number;
  /** The layer in whose call it was started, as in `named_modules()`; absent for what happens between layers. */
  readonly layer?: string;
}

/** A row of `cudnnFindConvolutionForwardAlgorithmEx`. */
export interface CudnnCandidate {
  readonly algorithm: string;
  /** cuDNN's word, `'CUDNN_STATUS_SUCCESS'`. */
  readonly status: string;
  readonly time_ms: number | null;
  readonly workspace_bytes: number;
  readonly deterministic: boolean;
  readonly math: string;
}

export interface ScalingRun {
  readonly processes: number;
  readonly backend: 'nccl' | 'gloo';
  /** The whole batch's loss at each step. */
  readonly losses: readonly number[];
  readonly step_ms: readonly number[];
  readonly samples_per_second: number;
}

export interface RemoteDevice {
  readonly type: 'cuda' | 'cpu';
  readonly name: string;
  /** CUDA's compute capability, `'8.0'`. */
  readonly capability?: string;
  readonly memory_bytes?: number;
  /** Threads of PyTorch on a CPU. */
  readonly threads?: number;
}

/** Milliseconds of a forward pass. */
export interface RunTimes {
  /** The very first one: it loads kernels and, with benchmark on, searches for algorithms. */
  readonly cold_ms: number;
  /** Each of the repeats, in order. */
  readonly warm_ms: readonly number[];
}

export interface ReportedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The dtype in which it was computed; in the file it may be a wider one. */
  readonly dtype: string;
}

/** A report is some kilobytes; one of a large model with its kernels some hundred. */
export const maxReportBytes = 16 * 2 ** 20;

const text = (maxLength: number, description?: string): Schema => ({
  type: 'string',
  maxLength,
  ...(description && { description }),
});
const milliseconds: Schema = { type: 'number', minimum: 0 };
const bytes: Schema = { type: 'integer', minimum: 0 };
const list = (items: Schema, maxItems: number): Schema => ({ type: 'array', items, maxItems });

function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
  description?: string,
): ObjectSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
    ...(description && { description }),
  };
}

const map = (values: Schema, maxProperties: number): Schema => ({
  type: 'object',
  additionalProperties: values,
  maxProperties,
});

const number: Schema = { type: 'number' };
const layer = object({ name: text(500), type: text(200), times_ms: list(milliseconds, 1000) });
const kernel = object({ name: text(500), start_ms: milliseconds, time_ms: milliseconds, layer: text(500) }, ['layer']);
const training = object({ losses: list(number, 100_000), step_ms: list(milliseconds, 100_000) });
const candidate = object({
  algorithm: text(50),
  status: text(100),
  time_ms: { anyOf: [milliseconds, { type: 'null' }] },
  workspace_bytes: bytes,
  deterministic: { type: 'boolean' },
  math: text(50),
});
const algorithms = object({ layer: text(500), candidates: list(candidate, 100) });
const scaling = object({
  processes: { type: 'integer', minimum: 1 },
  backend: { type: 'string', maxLength: 10, enum: ['nccl', 'gloo'] },
  losses: list(number, 100_000),
  step_ms: list(milliseconds, 100_000),
  samples_per_second: { type: 'number', minimum: 0 },
});

export const reportSchema: ObjectSchema & { readonly $schema: string; readonly $id: string; readonly title: string } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:wudnn:report:1',
  title: 'Report of a wuDNN job',
  ...object(
    {
      format: { type: 'string', maxLength: 20, enum: ['wudnn-report/1'] },
      model: text(200, "the model's class"),
      job_sha256: {
        type: 'string',
        maxLength: 64,
        pattern: '^[0-9a-f]{64}$',
        description: "SHA-256 of the job's program and tensors, one after the other",
      },
      device: object(
        {
          type: { type: 'string', maxLength: 10, enum: ['cuda', 'cpu'] },
          name: text(200),
          capability: {
            type: 'string',
            maxLength: 10,
            pattern: '^\\d+\\.\\d+$',
            description: "CUDA's compute capability",
          },
          memory_bytes: bytes,
          threads: { type: 'integer', minimum: 1 },
        },
        ['capability', 'memory_bytes', 'threads'],
      ),
      versions: map(text(100), 50),
      settings: map({ anyOf: [text(100), { type: 'number' }, { type: 'boolean' }, { type: 'null' }] }, 50),
      clock: { type: 'string', maxLength: 20, enum: ['cuda events', 'perf_counter'] },
      times: object(
        { cold_ms: milliseconds, warm_ms: list(milliseconds, 100_000) },
        [],
        'milliseconds of a forward pass',
      ),
      memory: object({ peak_bytes: bytes }),
      outputs: list(object({ name: text(200), shape: list(bytes, 16), dtype: text(30) }), 10_000),
      layers: list(layer, 10_000),
      kernels: list(kernel, 10_000),
      algorithms: list(algorithms, 10_000),
      training,
      scaling: list(scaling, 100),
    },
    ['layers', 'kernels', 'algorithms', 'training', 'scaling'],
  ),
};

/** A report from its text; throws with the place and the reason where it is not one. */
export function parseReport(json: string): Report {
  if (json.length > maxReportBytes)
    throw new Error(`report: ${json.length} characters are above the limit of ${maxReportBytes}`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`report: not JSON: ${messageOf(cause)}`, { cause });
  }
  return checkReport(value);
}

/** The value as a report; throws with the place and the reason where it is not one. What of it is shown is plain text. */
export function checkReport(value: unknown): Report {
  check(reportSchema, value, 'report');
  const report = value as Report;
  const shown = <T extends object>(texts: T): T =>
    Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [plainText(key), typeof text === 'string' ? plainText(text) : text]),
    ) as T;
  return {
    ...report,
    model: plainText(report.model),
    device: shown(report.device),
    versions: shown(report.versions),
    settings: shown(report.settings),
    ...(report.kernels && { kernels: report.kernels.map((launch) => ({ ...launch, name: plainText(launch.name) })) }),
    ...(report.algorithms && {
      algorithms: report.algorithms.map(({ layer: of, candidates }) => ({
        layer: of,
        candidates: candidates.map(shown),
      })),
    }),
  };
}
