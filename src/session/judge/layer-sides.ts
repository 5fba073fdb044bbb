/**
 * @file What each side did for a layer: the algorithm and the time, as far as the side tells them.
 *
 * Here the chooser keeps both. PyTorch tells neither: on CUDA the names of a layer's kernels say which of cuDNN's
 * algorithms ran, and hooks take the layer's time within whole runs.
 */
import { algorithmOfKernel } from '../../compare/kernel-names.ts';
import { summarize } from '../../compare/statistics.ts';
import type { LayerSide } from '../../compare/types.ts';
import type { AlgorithmChoice, Candidate } from '../../dnn/choice/records.ts';
import { chosenOf } from '../../dnn/choice/verdict.ts';
import type { Report } from '../../remote/report.ts';

/**
 * Whether a choice was made for the layer; without a path, for what happens outside of layers. A choice that several
 * share names them all.
 */
export function isOf({ layer }: AlgorithmChoice, path: string | undefined): boolean {
  return path === undefined ? layer === undefined : (layer?.split(', ').includes(path) ?? false);
}

/** This side's forward pass through the layer; its time is the sum of its choices' where each has one. */
export function localSide(path: string, choices: readonly AlgorithmChoice[]): LayerSide {
  const own = distinct(choices.filter((choice) => isOf(choice, path) && choice.direction === 'forward'));
  if (own.length === 0) return {};
  const chosen = own.map(chosenOf);
  const times = chosen.map(timeOf);
  const measured = chosen.every((c) => c?.timeMs !== undefined);
  return {
    algorithm: join(own.map((choice) => choice.chosen)),
    ...(own.some(({ chosenConfig }) => chosenConfig !== '') && {
      config: join(own.map(({ chosenConfig }) => chosenConfig)),
    }),
    evidence: join(own.map(({ source }) => source)),
    ...(times.every((ms) => ms !== undefined) && {
      ms: times.reduce((a, b) => a + b, 0),
      timed: measured ? 'its kernels, measured' : 'its kernels, predicted',
    }),
  };
}

/**
 * The remote's pass through the layer; the time of its kernels where they are known, else of its call within whole
 * runs.
 */
export function remoteSide(path: string, { layers = [], kernels = [], algorithms = [], clock }: Report): LayerSide {
  const own = kernels.filter(({ layer }) => layer === path);
  const names = own.flatMap(({ name }) => algorithmOfKernel(name) ?? []);
  const best = algorithms.find(({ layer }) => layer === path)?.candidates.find(({ time_ms }) => time_ms !== null);
  const calls = layers.find(({ name }) => name === path)?.times_ms ?? [];
  const found =
    names.length > 0
      ? {
          algorithm: join(
            names.map(({ algorithm, tensorCores }) => (tensorCores ? `${algorithm}, tensor cores` : algorithm)),
          ),
          evidence: join(own.map(({ name }) => name)),
        }
      : best && { algorithm: best.algorithm, evidence: "the fastest of cuDNN's own table" };
  if (own.length > 0)
    return { ...found, ms: own.reduce((sum, { time_ms }) => sum + time_ms, 0), timed: 'its kernels, by the profiler' };
  return { ...found, ...(calls.length > 0 && { ms: summarize(calls).median, timed: `its call, by ${clock}` }) };
}

/** A program may call its model often; each descriptor counts once. */
function distinct(choices: readonly AlgorithmChoice[]): AlgorithmChoice[] {
  return choices.filter((choice, i) => choices.findIndex(({ descriptor }) => descriptor === choice.descriptor) === i);
}

function timeOf(candidate: Candidate | undefined): number | undefined {
  return candidate?.timeMs ?? candidate?.predictedMs;
}

const join = (texts: readonly string[]): string => [...new Set(texts)].join('; ');
