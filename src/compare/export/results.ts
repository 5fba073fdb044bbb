/**
 * @file A run and what remotes made of it as one zip: tables for a spreadsheet, a trace for Perfetto, the tensors, the job, and a
 * notebook that runs it again. What is in it is what is given: no address and no token is among that.
 */
import type { Zippable } from 'fflate';
import { zipSync } from 'fflate';
import { sha256Of } from '../../base/checksum.ts';
import { fail } from '../../base/errors.ts';
import { decodeSafetensors } from '../../base/safetensors.ts';
import type { AlgorithmChoice } from '../../dnn/records.ts';
import { algorithmOfKernel } from '../kernel-names.ts';
import { summarize } from '../statistics.ts';
import type { ComparedLayer, ComparedTensor, ComparisonResult, SideTiming } from '../types.ts';
import type { Cell } from './csv.ts';
import { toCsv } from './csv.ts';
import { toNotebook } from './notebook.ts';
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
  readonly remotes: readonly RemoteSide[];
}

export interface RemoteSide {
  readonly comparison: ComparisonResult;
  /** How its results came: `'run now'`, `'by hand'`, `'recorded 2026-01-31'`. */
  readonly origin: string;
  /** The remote's report, checked. */
  readonly report: RemoteTimes & object;
  /** The remote's `results.safetensors`. */
  readonly results: Uint8Array;
}

/** The part of a report that the trace shows. */
interface RemoteTimes {
  readonly layers?: readonly { readonly name: string; readonly times_ms: readonly number[] }[];
  readonly kernels?: readonly { readonly name: string; readonly start_ms: number; readonly time_ms: number }[];
}

/** Zips everything; the manifest names each file with its size and SHA-256. */
export async function packResults(input: ResultsInput): Promise<Uint8Array> {
  const { choices, model, remotes } = input;
  const files: Record<string, Uint8Array> = { 'algorithms.csv': text(algorithmsCsv(choices)), 'trace.json': text(toTrace(traceSides(input))) };
  if (model) Object.assign(files, await modelFiles(model, remotes));
  if (remotes.length > 0) Object.assign(files, { 'comparison.csv': text(comparisonCsv(remotes)), 'timings.csv': text(timingsCsv(remotes)) });
  remotes.forEach(({ report, results }, i) => Object.assign(files, { [`${folderOf(i)}report.json`]: text(JSON.stringify(report, null, 2)), [`${folderOf(i)}results.safetensors`]: results }));
  remotes.forEach(({ comparison }, i) => Object.assign(files, insideFiles(comparison, folderOf(i))));
  const manifest = {
    format: 'wudnn-results/1',
    ...(model && { model: model.name }),
    remotes: remotes.map(({ comparison, origin }, i) => ({ folder: folderOf(i), origin, ...sideOf(timingOf(comparison, 'remote')) })),
    ...(remotes.length > 0 && { here: sideOf(timingOf(remotes[0].comparison, 'local')) }),
    files: await Promise.all(Object.entries(files).map(async ([name, bytes]) => ({ name, bytes: bytes.length, sha256: await sha256Of(bytes) }))),
  };
  const zippable: Zippable = { 'manifest.json': text(JSON.stringify(manifest, null, 2)) };
  // Numbers hardly shrink: stored, not deflated.
  for (const [name, bytes] of Object.entries(files)) zippable[name] = name.endsWith('.safetensors') ? [bytes, { level: 0 }] : bytes;
  return zipSync(zippable, { mtime: new Date(1980, 0, 1) });
}

const folderOf = (remote: number): string => `remote-${remote + 1}/`;

async function modelFiles({ name, job, outputs }: NonNullable<ResultsInput['model']>, remotes: readonly RemoteSide[]): Promise<Record<string, Uint8Array>> {
  const earlier = await Promise.all(remotes.map(async ({ comparison, results }) => ({ ranOn: timingOf(comparison, 'remote').device, checksum: await outputChecksum(results) })));
  return {
    'job.py': text(job.program),
    'job.safetensors': job.tensors,
    'here.safetensors': outputs,
    'notebook.ipynb': text(toNotebook({ model: name, ...job, earlier })),
  };
}

/** SHA-256 over the bytes of the outputs, by name: what the notebook prints. */
export async function outputChecksum(results: Uint8Array): Promise<string> {
  const outputs = [...decodeSafetensors(results).tensors].filter(([name]) => name.startsWith('output')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = outputs.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return sha256Of(new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
}

/** What lies inside the model, where it was compared. */
function insideFiles({ layers, gradients }: ComparisonResult, folder: string): Record<string, Uint8Array> {
  return {
    ...(layers && { [`${folder}layers.csv`]: text(layersCsv(layers)) }),
    ...(gradients && { [`${folder}gradients.csv`]: text(gradientsCsv(gradients.tensors)) }),
  };
}

function layersCsv(layers: readonly ComparedLayer[]): string {
  const header = ['layer', 'type', 'max_abs_error', 'relative_error', 'local_error', 'remote_error', 'tolerance', 'verdict', 'missing', 'local_algorithm', 'local_ms', 'local_timed', 'remote_algorithm', 'remote_ms', 'remote_timed'];
  return toCsv(header, layers.map(({ path, type, tensor: t, missing, local, remote }) => [
    path, type, t?.maxAbsError, t?.relativeError, t?.localError, t?.remoteError, t?.tolerance, t?.verdict, missing,
    local.algorithm, local.ms, local.timed, remote.algorithm, remote.ms, remote.timed,
  ]));
}

function gradientsCsv(tensors: readonly ComparedTensor[]): string {
  return toCsv(tensorHeader, tensors.map(tensorCells));
}

const tensorHeader = ['tensor', 'shape', 'max_abs_error', 'relative_error', 'local_error', 'remote_error', 'tolerance', 'verdict', 'reason'];
const tensorCells = (t: ComparedTensor): Cell[] => [t.name, t.shape.join('x'), t.maxAbsError, t.relativeError, t.localError, t.remoteError, t.tolerance, t.verdict, t.toleranceReason];

function comparisonCsv(remotes: readonly RemoteSide[]): string {
  return toCsv(['remote', ...tensorHeader], remotes.flatMap(({ comparison }) => comparison.tensors.map((t) => [timingOf(comparison, 'remote').device, ...tensorCells(t)])));
}

/** This side once, and each remote. */
function timingsCsv(remotes: readonly RemoteSide[]): string {
  const header = ['side', 'device', 'software', 'runs', 'median_ms', 'interval_low_ms', 'interval_high_ms', 'min_ms', 'max_ms', 'clock', 'versions'];
  const timings = [timingOf(remotes[0].comparison, 'local'), ...remotes.map(({ comparison }) => timingOf(comparison, 'remote'))];
  return toCsv(header, timings.map((t) => [
    t.side, t.device, String(t.software), t.runs, t.medianMs, ...t.intervalMs, t.minMs, t.maxMs, t.clock,
    Object.entries(t.versions).map(([name, version]) => `${name} ${version}`).join('; '),
  ]));
}

function algorithmsCsv(choices: readonly AlgorithmChoice[]): string {
  const header = ['layer', 'operation', 'direction', 'descriptor', 'algorithm', 'config', 'status', 'time_ms', 'workspace_bytes', 'determinism', 'math', 'max_error', 'chosen', 'reason'];
  return toCsv(header, choices.flatMap((choice) => choice.candidates.map((c) => [
    choice.layer, choice.operation, choice.direction, choice.descriptor, c.algo, c.config, c.status, c.timeMs, c.memory, c.determinism, c.mathType, c.maxError,
    String(c.algo === choice.chosen && c.config === choice.chosenConfig), c.reason,
  ])));
}

/** One process a side: this one with its convolutions, each remote with its layers and kernels. */
function traceSides({ choices, remotes }: ResultsInput): TraceSide[] {
  return [hereInTrace(choices, remotes), ...remotes.map(remoteInTrace)];
}

function hereInTrace(choices: readonly AlgorithmChoice[], remotes: readonly RemoteSide[]): TraceSide {
  const measured = choices.flatMap(({ layer, operation, direction, adapter, chosen, chosenConfig, candidates }) => {
    const durationMs = candidates.find((c) => c.algo === chosen && c.config === chosenConfig)?.timeMs;
    return durationMs === undefined ? [] : [{ name: layer ?? operation, durationMs, args: { operation, direction, algorithm: chosen, config: chosenConfig, adapter } }];
  });
  const timing = remotes[0] && timingOf(remotes[0].comparison, 'local');
  return {
    name: `here: ${timing?.device ?? choices[0]?.adapter ?? 'cpu reference'}`,
    tracks: [
      ...(timing ? [wholeModel(remotes[0].comparison.model, timing)] : []),
      { name: 'chosen algorithms as measured, one after the other', spans: inSequence(measured) },
    ],
  };
}

function remoteInTrace({ comparison, report }: RemoteSide, i: number): TraceSide {
  const timing = timingOf(comparison, 'remote');
  const layers = (report.layers ?? []).map(({ name, times_ms }) => ({ name, durationMs: summarize(times_ms).median }));
  const kernels = (report.kernels ?? []).map(({ name, start_ms, time_ms }): TraceSpan => {
    const known = algorithmOfKernel(name);
    return { name, startMs: start_ms, durationMs: time_ms, ...(known && { args: { algorithm: known.algorithm, direction: known.direction } }) };
  });
  return {
    name: `remote ${i + 1}: ${timing.device}`,
    tracks: [wholeModel(comparison.model, timing), { name: 'layers, median, one after the other', spans: inSequence(layers) }, { name: 'kernels', spans: kernels }],
  };
}

function wholeModel(model: string, { medianMs, runs }: SideTiming): TraceTrack {
  return { name: 'whole model, median', spans: [{ name: model, startMs: 0, durationMs: medianMs, args: { runs } }] };
}

function sideOf({ device, software, versions }: SideTiming): Pick<SideTiming, 'device' | 'software' | 'versions'> {
  return { device, software, versions };
}

function timingOf({ timings }: ComparisonResult, side: SideTiming['side']): SideTiming {
  return timings.find((timing) => timing.side === side) ?? fail(`export: the comparison has no time of the ${side} side`);
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
