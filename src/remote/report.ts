/**
 * @file The report: what a remote says about a run, as a published JSON schema, its type, and its check.
 *
 * The tensors are not in it but in `results.safetensors` beside it. A report is untrusted: every text is bounded and
 * stays text, every list is bounded, and what the schema does not name is refused.
 */
import { plainText } from '../base/text.ts';
import type { ValueOf } from './schema.ts';
import {
  amount,
  anyOf,
  check,
  count,
  digest,
  list,
  map,
  nothing,
  number,
  object,
  oneOf,
  orNull,
  parse,
  published,
  text,
  truth,
} from './schema.ts';

/** A report is some kilobytes; one of a large model with its kernels some hundred. */
export const maxReportBytes = 16 * 2 ** 20;

const milliseconds = amount;
const curve = { losses: list(number, 100_000), step_ms: list(milliseconds, 100_000) };

const device = object(
  {
    type: oneOf('cuda', 'cpu'),
    name: text(200),
    capability: text(10, { pattern: '^\\d+\\.\\d+$', description: "CUDA's compute capability" }),
    memory_bytes: count,
    /** Of PyTorch on a CPU. */
    threads: { type: 'integer', minimum: 1 },
  },
  ['capability', 'memory_bytes', 'threads'],
);

/** Milliseconds of a forward pass. The very first one loads kernels and, with benchmark on, searches for algorithms. */
const times = {
  ...object({ cold_ms: milliseconds, warm_ms: list(milliseconds, 100_000) }),
  description: 'milliseconds of a forward pass',
} as const;

/** Milliseconds within each of some whole runs, by the layer's name in `named_modules()`. */
const layer = object({ name: text(500), type: text(200), times_ms: list(milliseconds, 1000) });

/** Since the start of the first kernel; the layer is that in whose call it was started, and absent between layers. */
const kernel = object({ name: text(500), start_ms: milliseconds, time_ms: milliseconds, layer: text(500) }, ['layer']);

/** A row of `cudnnFindConvolutionForwardAlgorithmEx`, with cuDNN's word for its status, `'CUDNN_STATUS_SUCCESS'`. */
const candidate = object({
  algorithm: text(50),
  status: text(100),
  time_ms: orNull(milliseconds),
  workspace_bytes: count,
  deterministic: truth,
  math: text(50),
});

/** A shape of a crossover map with cuDNN's table of it, or the reason why there is none. */
const cell = object({ sizes: list(count, 9), dtype: text(30), candidates: list(candidate, 100), why: text(200) }, [
  'candidates',
  'why',
]);

/** Data-parallel training under torchrun; the losses are the whole batch's. */
const scaling = object({
  processes: { type: 'integer', minimum: 1 },
  backend: oneOf('nccl', 'gloo'),
  ...curve,
  samples_per_second: amount,
});

export const reportSchema = published(
  'report',
  1,
  'Report of a wuDNN job',
  object(
    {
      format: oneOf('wudnn-report/1'),
      model: text(200, { description: "the model's class" }),
      job_sha256: { ...digest, description: "SHA-256 of the job's program and tensors, one after the other" },
      device,
      /** By component: python, torch, and cuda and cudnn where they are. */
      versions: map(text(100), 50),
      /** The settings under which it ran, as the program had them. */
      settings: map(anyOf(text(100), number, truth, nothing), 50),
      clock: oneOf('cuda events', 'perf_counter'),
      times,
      memory: object({ peak_bytes: count }),
      /** The dtype is that in which an output was computed; in the file it may be a wider one. */
      outputs: list(object({ name: text(200), shape: list(count, 16), dtype: text(30) }), 10_000),
      layers: list(layer, 10_000),
      /** The GPU's kernels of one run, in the order of their start. */
      kernels: list(kernel, 10_000),
      /** cuDNN's own table of forward algorithms, by convolution. */
      algorithms: list(object({ layer: text(500), candidates: list(candidate, 100) }), 10_000),
      /** cuDNN's tables of a crossover map's shapes. */
      cells: list(cell, 400),
      training: object(curve),
      /** By number of processes. */
      scaling: list(scaling, 100),
    },
    ['layers', 'kernels', 'algorithms', 'cells', 'training', 'scaling'],
  ),
);

export type Report = ValueOf<typeof reportSchema>;

/** A report from its text; throws with the place and the reason where it is not one. */
export function parseReport(json: string): Report {
  if (json.length > maxReportBytes)
    throw new Error(`report: ${json.length} characters are above the limit of ${maxReportBytes}`);
  return asShown(parse(reportSchema, json, 'report'));
}

/**
 * The value as a report; throws with the place and the reason where it is not one. What of it is shown is plain text.
 */
export function checkReport(value: unknown): Report {
  check(reportSchema, value, 'report');
  return asShown(value as Report);
}

function asShown(report: Report): Report {
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
    ...(report.cells && {
      cells: report.cells.map(({ candidates, ...cell }) => ({
        ...shown(cell),
        ...(candidates && { candidates: candidates.map(shown) }),
      })),
    }),
  };
}
