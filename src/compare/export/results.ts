/**
 * @file A comparison as one zip: tables for a spreadsheet, a trace for Perfetto, the tensors, the job, and a notebook that runs it
 * again. What is in it is what is given: no address and no token is among that.
 */
import type { Zippable } from 'fflate';
import { zipSync } from 'fflate';
import { sha256Of } from '../../base/checksum.ts';
import { decodeSafetensors } from '../../base/safetensors.ts';
import type { AlgorithmChoice } from '../../dnn/records.ts';
import type { ComparisonResult, SideTiming } from '../types.ts';
import { toCsv } from './csv.ts';
import { toNotebook } from './notebook.ts';
import type { TraceSide, TraceSpan } from './trace.ts';
import { inSequence, toTrace } from './trace.ts';

export interface ResultsInput {
  readonly comparison: ComparisonResult;
  readonly choices: readonly AlgorithmChoice[];
  readonly job: { readonly program: string; readonly tensors: Uint8Array };
  /** The remote's report, checked. */
  readonly report: RemoteTimes & object;
  /** The remote's `results.safetensors`. */
  readonly results: Uint8Array;
  /** This side's kernels of one run, where they were timed. */
  readonly kernels: readonly TraceSpan[];
}

/** The part of a report that the trace shows. */
interface RemoteTimes {
  readonly layers?: readonly { readonly name: string; readonly times_ms: readonly number[] }[];
  readonly kernels?: readonly { readonly name: string; readonly start_ms: number; readonly time_ms: number }[];
}

/** Zips everything; the manifest names each file with its size and SHA-256. */
export async function packResults(input: ResultsInput): Promise<Uint8Array> {
  const { comparison, job, report, results } = input;
  const remote = timingOf(comparison, 'remote');
  const files: Record<string, Uint8Array> = {
    'comparison.csv': text(comparisonCsv(comparison)),
    'timings.csv': text(timingsCsv(comparison)),
    'algorithms.csv': text(algorithmsCsv(input.choices)),
    'trace.json': text(toTrace(traceSides(input))),
    'report.json': text(JSON.stringify(report, null, 2)),
    'results.safetensors': results,
    'job.py': text(job.program),
    'job.safetensors': job.tensors,
    'notebook.ipynb': text(toNotebook({ model: comparison.model, ...job, checksum: await outputChecksum(results), ranOn: remote?.device ?? 'the remote' })),
  };
  const manifest = {
    format: 'wudnn-results/1',
    model: comparison.model,
    sides: comparison.timings.map(({ side, device, software, versions }) => ({ side, device, software, versions })),
    files: await Promise.all(Object.entries(files).map(async ([name, bytes]) => ({ name, bytes: bytes.length, sha256: await sha256Of(bytes) }))),
  };
  const zippable: Zippable = { 'manifest.json': text(JSON.stringify(manifest, null, 2)) };
  // Numbers hardly shrink: stored, not deflated.
  for (const [name, bytes] of Object.entries(files)) zippable[name] = name.endsWith('.safetensors') ? [bytes, { level: 0 }] : bytes;
  return zipSync(zippable, { mtime: new Date(1980, 0, 1) });
}

/** SHA-256 over the bytes of the outputs, by name: what the notebook prints. */
export async function outputChecksum(results: Uint8Array): Promise<string> {
  const outputs = [...decodeSafetensors(results).tensors].filter(([name]) => name.startsWith('output')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = outputs.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return sha256Of(new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
}

function comparisonCsv({ tensors }: ComparisonResult): string {
  const header = ['tensor', 'shape', 'max_abs_error', 'relative_error', 'local_error', 'remote_error', 'tolerance', 'verdict', 'reason'];
  return toCsv(header, tensors.map((t) => [t.name, t.shape.join('x'), t.maxAbsError, t.relativeError, t.localError, t.remoteError, t.tolerance, t.verdict, t.toleranceReason]));
}

function timingsCsv({ timings }: ComparisonResult): string {
  const header = ['side', 'device', 'software', 'runs', 'median_ms', 'interval_low_ms', 'interval_high_ms', 'min_ms', 'max_ms', 'clock', 'versions'];
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

function traceSides({ comparison, report, kernels }: ResultsInput): TraceSide[] {
  const layers = (report.layers ?? []).map(({ name, times_ms }) => ({ name, durationMs: times_ms.toSorted((a, b) => a - b)[times_ms.length >> 1] ?? 0 }));
  const remoteKernels = (report.kernels ?? []).map(({ name, start_ms, time_ms }): TraceSpan => ({ name, startMs: start_ms, durationMs: time_ms }));
  return [
    { name: sideName(comparison, 'local'), tracks: [{ name: 'kernels', spans: kernels }] },
    { name: sideName(comparison, 'remote'), tracks: [{ name: 'layers, median, one after the other', spans: inSequence(layers) }, { name: 'kernels', spans: remoteKernels }] },
  ];
}

function sideName(comparison: ComparisonResult, side: SideTiming['side']): string {
  return `${side}: ${timingOf(comparison, side)?.device ?? 'unknown'}`;
}

function timingOf({ timings }: ComparisonResult, side: SideTiming['side']): SideTiming | undefined {
  return timings.find((timing) => timing.side === side);
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
