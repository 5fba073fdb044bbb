/**
 * @file A run and what remotes made of it as one zip: tables for a spreadsheet, a trace for Perfetto, the tensors, the
 * job, and a notebook that runs it again. What is in it is what is given: no address and no token is among that.
 */
import type { Zippable } from 'fflate';
import { zipSync } from 'fflate';
import { sha256Of } from '../../base/checksum.ts';
import { bytesOf, decodeSafetensors } from '../../base/safetensors.ts';
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { chosenOf } from '../../dnn/choice/verdict.ts';
import { algorithmOfKernel } from '../kernel-names.ts';
import { summarize } from '../statistics.ts';
import type { RemoteComparison, ComparisonResult, SideTiming } from '../types.ts';
import { timingOf } from '../types.ts';
import { toJson } from './json.ts';
import { toNotebook } from './notebook.ts';
import {
  algorithmsCsv,
  comparisonCsv,
  curvesCsv,
  gradientsCsv,
  layersCsv,
  timingsCsv,
  trainingsCsv,
  trialsCsv,
} from './tables.ts';
import type { TraceSide, TraceSpan, TraceTrack } from './trace.ts';
import { inSequence, toTrace } from './trace.ts';

export interface ResultsInput {
  readonly choices: readonly AlgorithmChoice[];
  /** The model that the run called; without one there is no job. */
  readonly model?: {
    readonly name: string;
    readonly job: { readonly program: string; readonly tensors: Uint8Array };
    /** This side's outputs, safetensors. */
    readonly outputs: Uint8Array;
  };
  readonly sides: readonly RemoteComparison[];
}

/** The part of a report that the trace shows. */
interface RemoteTimes {
  readonly layers?: readonly { readonly name: string; readonly times_ms: readonly number[] }[];
  readonly kernels?: readonly { readonly name: string; readonly start_ms: number; readonly time_ms: number }[];
}

/** Zips everything; the manifest names each file with its size and SHA-256. */
export async function packResults(input: ResultsInput): Promise<Uint8Array> {
  const { choices, model, sides } = input;
  const files: Record<string, Uint8Array> = {
    'algorithms.csv': text(algorithmsCsv(choices)),
    'trace.json': text(toTrace(traceSides(input))),
  };
  if (model) Object.assign(files, await modelFiles(model, sides));
  if (sides.length > 0)
    Object.assign(files, { 'comparison.csv': text(comparisonCsv(sides)), 'timings.csv': text(timingsCsv(sides)) });
  if (sides.some(({ training }) => training)) files['training.csv'] = text(trainingsCsv(sides));
  sides.forEach((side, i) => Object.assign(files, sideFiles(side, folderOf(i))));
  const manifest = {
    format: 'wudnn-results/1',
    ...(model && { model: model.name }),
    remotes: sides.map(inManifest),
    ...(sides.length > 0 && { here: deviceOf(timingOf(sides[0].result, 'local')) }),
    files: await Promise.all(
      Object.entries(files).map(async ([name, bytes]) => ({
        name,
        bytes: bytes.length,
        sha256: await sha256Of(bytes),
      })),
    ),
  };
  const zippable: Zippable = { 'manifest.json': text(toJson(manifest)) };
  // Numbers hardly shrink: stored, not deflated.
  for (const [name, bytes] of Object.entries(files))
    zippable[name] = name.endsWith('.safetensors') ? [bytes, { level: 0 }] : bytes;
  return zipSync(zippable, { mtime: new Date(1980, 0, 1) });
}

/**
 * A remote in the manifest: what it is, and what was found beside the tables of numbers. Its name may be an address and
 * stays out.
 */
function inManifest({ origin, result, training, trials }: RemoteComparison, i: number): object {
  return {
    folder: folderOf(i),
    origin,
    ...deviceOf(timingOf(result, 'remote')),
    ...(training && {
      training: {
        optimizer: training.optimizer,
        steps: training.local.losses.length,
        step_ms: { local: training.local.stepMs, remote: training.remote.stepMs },
        largest_difference: training.largest,
      },
    }),
    ...(trials && {
      why: trials.map(({ side, cause, change, before, after, share }) => ({
        side,
        suspected: cause,
        switched: change,
        error_with: before,
        error_without: after,
        is_it: share,
      })),
    }),
  };
}

const folderOf = (remote: number): string => `remote-${remote + 1}/`;

async function modelFiles(
  { name, job, outputs }: NonNullable<ResultsInput['model']>,
  sides: readonly RemoteComparison[],
): Promise<Record<string, Uint8Array>> {
  const earlier = await Promise.all(
    sides.map(async ({ result, given }) => ({
      ranOn: timingOf(result, 'remote').device,
      checksum: await outputChecksum(given.results),
    })),
  );
  return {
    'job.py': text(job.program),
    'job.safetensors': job.tensors,
    'here.safetensors': outputs,
    'notebook.ipynb': text(toNotebook({ model: name, ...job, earlier })),
  };
}

/** SHA-256 over the bytes of the outputs, by name: what the notebook prints. */
async function outputChecksum(results: Uint8Array): Promise<string> {
  const outputs = [...decodeSafetensors(results).tensors]
    .filter(([name]) => name.startsWith('output'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = outputs.map(([, tensor]) => bytesOf(tensor));
  return sha256Of(new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
}

/** What a remote gave, and what was found beside its outputs. */
function sideFiles(
  { given, result: { layers, gradients }, training, trials }: RemoteComparison,
  folder: string,
): Record<string, Uint8Array> {
  return {
    [`${folder}report.json`]: text(JSON.stringify(given.report, null, 2)),
    [`${folder}results.safetensors`]: given.results,
    ...(layers && { [`${folder}layers.csv`]: text(layersCsv(layers)) }),
    ...(gradients && { [`${folder}gradients.csv`]: text(gradientsCsv(gradients)) }),
    ...(training && { [`${folder}training.csv`]: text(curvesCsv(training)) }),
    ...(trials && { [`${folder}why.csv`]: text(trialsCsv(trials)) }),
  };
}

/** One process a side: this one with its convolutions, each remote with its layers and kernels. */
function traceSides({ choices, sides }: ResultsInput): TraceSide[] {
  return [hereInTrace(choices, sides[0]?.result), ...sides.map(remoteInTrace)];
}

function hereInTrace(choices: readonly AlgorithmChoice[], result: ComparisonResult | undefined): TraceSide {
  const measured = choices.flatMap((choice) => {
    const { layer, operation, direction, adapter, chosen, chosenConfig } = choice;
    const durationMs = chosenOf(choice)?.timeMs;
    return durationMs === undefined
      ? []
      : [
          {
            name: layer ?? operation,
            durationMs,
            args: { operation, direction, algorithm: chosen, config: chosenConfig, adapter },
          },
        ];
  });
  const timing = result && timingOf(result, 'local');
  return {
    name: `here: ${timing?.device ?? choices[0]?.adapter ?? 'cpu reference'}`,
    tracks: [
      ...(timing ? [wholeModel(result.model, timing)] : []),
      { name: 'chosen algorithms as measured, one after the other', spans: inSequence(measured) },
    ],
  };
}

function remoteInTrace({ result, given }: RemoteComparison, i: number): TraceSide {
  const timing = timingOf(result, 'remote');
  const report = given.report as RemoteTimes; // the comparison has checked it
  const layers = (report.layers ?? []).map(({ name, times_ms }) => ({ name, durationMs: summarize(times_ms).median }));
  const kernels = (report.kernels ?? []).map(({ name, start_ms, time_ms }): TraceSpan => {
    const known = algorithmOfKernel(name);
    return {
      name,
      startMs: start_ms,
      durationMs: time_ms,
      ...(known && { args: { algorithm: known.algorithm, direction: known.direction } }),
    };
  });
  return {
    name: `remote ${i + 1}: ${timing.device}`,
    tracks: [
      wholeModel(result.model, timing),
      { name: 'layers, median, one after the other', spans: inSequence(layers) },
      { name: 'kernels', spans: kernels },
    ],
  };
}

function wholeModel(model: string, { medianMs, runs }: SideTiming): TraceTrack {
  return { name: 'whole model, median', spans: [{ name: model, startMs: 0, durationMs: medianMs, args: { runs } }] };
}

function deviceOf({ device, software, versions }: SideTiming): Pick<SideTiming, 'device' | 'software' | 'versions'> {
  return { device, software, versions };
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
