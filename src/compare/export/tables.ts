/**
 * @file The tables of the results, one function a file, as CSV.
 */
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { isChosen } from '../../dnn/choice/verdict.ts';
import type {
  RemoteComparison,
  ComparedLayer,
  ComparedTensor,
  ComparedTraining,
  ComparisonResult,
  SideTiming,
} from '../types.ts';
import { timingOf } from '../types.ts';
import type { Trial } from '../why.ts';
import type { Cell } from './csv.ts';
import { toCsv } from './csv.ts';

const tensorHeader = [
  'tensor',
  'shape',
  'max_abs_error',
  'relative_error',
  'local_error',
  'remote_error',
  'tolerance',
  'verdict',
  'caveat',
  'reason',
];
const tensorCells = (t: ComparedTensor): Cell[] => [
  t.name,
  t.shape.join('x'),
  t.maxAbsError,
  t.relativeError,
  t.localError,
  t.remoteError,
  t.tolerance,
  t.verdict,
  t.caveat,
  t.toleranceReason,
];

/** Every output with every remote; remotes count from 1, as their folders do. */
export function comparisonCsv(sides: readonly RemoteComparison[]): string {
  return toCsv(
    ['remote', 'device', ...tensorHeader],
    sides.flatMap(({ result }, i) =>
      result.tensors.map((t) => [i + 1, timingOf(result, 'remote').device, ...tensorCells(t)]),
    ),
  );
}

/** This side once, and each remote. */
export function timingsCsv(sides: readonly RemoteComparison[]): string {
  const header = [
    'side',
    'device',
    'software',
    'runs',
    'median_ms',
    'interval_low_ms',
    'interval_high_ms',
    'min_ms',
    'max_ms',
    'gpu_ms',
    'clock',
    'versions',
  ];
  const timings = [timingOf(sides[0].result, 'local'), ...sides.map(({ result }) => timingOf(result, 'remote'))];
  return toCsv(
    header,
    timings.map((t: SideTiming) => [
      t.side,
      t.device,
      String(t.software),
      t.runs,
      t.medianMs,
      ...t.intervalMs,
      t.minMs,
      t.maxMs,
      t.gpuMs,
      t.clock,
      Object.entries(t.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join('; '),
    ]),
  );
}

export function layersCsv(layers: readonly ComparedLayer[]): string {
  const header = [
    'layer',
    'type',
    'max_abs_error',
    'relative_error',
    'local_error',
    'remote_error',
    'tolerance',
    'verdict',
    'caveat',
    'missing',
    'local_algorithm',
    'local_ms',
    'local_timed',
    'remote_algorithm',
    'remote_ms',
    'remote_timed',
  ];
  return toCsv(
    header,
    layers.map(({ path, type, tensor: t, missing, local, remote }) => [
      path,
      type,
      t?.maxAbsError,
      t?.relativeError,
      t?.localError,
      t?.remoteError,
      t?.tolerance,
      t?.verdict,
      t?.caveat,
      missing,
      local.algorithm,
      local.ms,
      local.timed,
      remote.algorithm,
      remote.ms,
      remote.timed,
    ]),
  );
}

export function gradientsCsv({ tensors }: NonNullable<ComparisonResult['gradients']>): string {
  return toCsv(tensorHeader, tensors.map(tensorCells));
}

/** Both sides of each remote that trained, a row each. */
export function trainingsCsv(sides: readonly RemoteComparison[]): string {
  const header = [
    'remote',
    'side',
    'device',
    'optimizer',
    'steps',
    'first_loss',
    'last_loss',
    'step_ms',
    'largest_relative_difference',
    'at_step',
  ];
  return toCsv(
    header,
    sides.flatMap(({ training }, i) =>
      Object.entries(training ? { local: training.local, remote: training.remote } : {}).map(
        ([side, { device, losses, stepMs }]) => [
          i + 1,
          side,
          device,
          training!.optimizer,
          losses.length,
          losses[0],
          losses.at(-1),
          stepMs,
          training!.largest.relative,
          training!.largest.step,
        ],
      ),
    ),
  );
}

/** The curves of both sides, a row a step. */
export function curvesCsv({ local, remote }: ComparedTraining): string {
  return toCsv(
    ['step', 'local_loss', 'remote_loss', 'difference'],
    local.losses.map((loss, step) => [step, loss, remote.losses[step], Math.abs(loss - remote.losses[step])]),
  );
}

/** What was suspected, and the side's error with it and without. */
export function trialsCsv(trials: readonly Trial[]): string {
  const header = ['side', 'suspected', 'switched', 'error_with', 'error_without', 'is_it'];
  return toCsv(
    header,
    trials.map(({ side, cause, change, before, after, share }) => [
      side,
      cause,
      Object.entries(change)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join('; '),
      before,
      after,
      share,
    ]),
  );
}

export function algorithmsCsv(choices: readonly AlgorithmChoice[]): string {
  const header = [
    'layer',
    'operation',
    'direction',
    'descriptor',
    'candidate_id',
    'algorithm',
    'config',
    'status',
    'time_ms',
    'workspace_bytes',
    'determinism',
    'math',
    'max_error',
    'chosen',
    'reason',
  ];
  return toCsv(
    header,
    choices.flatMap((choice) =>
      choice.candidates.map((c) => [
        choice.layer,
        choice.operation,
        choice.direction,
        choice.descriptor,
        c.candidateId,
        c.algo,
        c.config,
        c.status,
        c.timeMs,
        c.memory,
        c.determinism,
        c.mathType,
        c.maxError,
        String(isChosen(choice, c)),
        c.reason,
      ]),
    ),
  );
}
