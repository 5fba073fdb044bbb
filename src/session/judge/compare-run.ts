/**
 * @file Puts a run of this side and a remote's report beside each other: every output, layer and gradient judged
 * against a float64 run of the same graph, and the times of both.
 */
import { decode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { plainText } from '../../base/text.ts';
import type { HostTensor } from '../../base/safetensors.ts';
import { decodeSafetensors } from '../../base/safetensors.ts';
import { arithmeticText } from '../../compare/arithmetics.ts';
import { compareTensors, rootMeanSquare } from '../../compare/compare.ts';
import { speedup, summarize } from '../../compare/statistics.ts';
import type {
  ComparedGradients,
  ComparedLayer,
  ComparedTensor,
  ComparisonResult,
  SideTiming,
} from '../../compare/types.ts';
import { localSuspects, remoteSuspects } from '../../compare/why.ts';
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { evaluate } from '../../graph/evaluate.ts';
import type { Node, TracedModel } from '../../graph/types.ts';
import { capturedGradients, capturedLayers } from '../../remote/capture.ts';
import { outputNames } from '../../remote/classes.ts';
import { tensorNames } from '../../remote/job.ts';
import type { LayerModule } from '../../remote/modules.ts';
import { layerModules } from '../../remote/modules.ts';
import type { Report } from '../../remote/report.ts';
import { checkReport } from '../../remote/report.ts';
import type { Capture, HostCopy, CaptureRequest } from './capture-run.ts';
import { allowances } from './allowances.ts';
import { affordable, inOrder } from './sum-length.ts';
import { localSide, remoteSide } from './layer-sides.ts';

/** What is kept of the last run for a comparison. */
export interface LocalRun {
  readonly model: TracedModel;
  readonly captured: Capture;
  readonly choices: readonly AlgorithmChoice[];
  readonly timing: LocalTiming;
}

export interface LocalTiming {
  readonly device: string;
  readonly software: boolean;
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds of each timed forward pass. */
  readonly samplesMs: readonly number[];
  /** Of the GPU's work in each alone, by its own clock; absent where it has none. */
  readonly gpuMs?: readonly number[];
  readonly clock: string;
}

/** What this side has to bring, by what the remote brought. */
export function wantedBy(results: Uint8Array): CaptureRequest {
  const names = [...decodeSafetensors(results).tensors.keys()];
  const has = (name: string): boolean => names.some((other) => other.startsWith(name));
  return {
    layers: has(tensorNames.activation('')),
    gradients: has(tensorNames.gradient('')) || has(tensorNames.inputGradient('')),
  };
}

/** Compares; `report` and `results` are as they came from the remote and are checked here. */
export function compareRun(local: LocalRun, report: unknown, results: Uint8Array): ComparisonResult {
  const checked = checkReport(report);
  const { tensors } = decodeSafetensors(results);
  const { model, captured } = local;
  const judge = judgeOf(local, checked);
  const names = outputNames(model);
  const outputs = captured.outputs.map((held, i) => {
    const remote =
      tensors.get(names[i]) ??
      fail(
        `compare: the remote gave no ${names[i]}; it gave ${plainText([...tensors.keys()].join(', ').slice(0, 1000))}`,
      );
    return judge(names[i], held, remote);
  });
  return {
    model: model.name,
    arithmetic: arithmeticText(checked.settings, checked.device),
    tensors: outputs,
    timings: [localTiming(local.timing), remoteTiming(checked)],
    ...againstRemote(local.timing, checked),
    suspects: [...remoteSuspects(checked.settings, checked.device), ...localSuspects(local.choices)],
    ...(captured.layers.size > 0 && { layers: layersOf(local, checked, tensors, judge) }),
    ...(captured.gradients.size > 0 && { gradients: gradientsOf(local, tensors, judge) }),
  };
}

/** `scale` is the rms of what the tensor is one of. */
type Judge = (name: string, held: HostCopy, remote: HostTensor, scale?: number) => ComparedTensor;

/** Judges tensors, each by the float64 run as far as that is affordable. */
function judgeOf({ captured, choices }: LocalRun, report: Report): Judge {
  const nodes = [...captured.outputs, ...captured.layers.values(), ...captured.gradients.values()].map(
    ({ node }) => node,
  );
  const judged = affordable(nodes);
  const references = new Map(evaluateAll([...judged]));
  const allowed = allowances(nodes, references, choices, report);
  return (name, { node, data }, remote, scale) => {
    const reference = references.get(node);
    const compared = compareTensors(
      name,
      { shape: node.shape, data: decode(node.dtype, data) },
      { shape: remote.shape, data: decode(remote.dtype, remote.data) },
      reference && { shape: node.shape, data: reference },
      allowed(node),
      scale,
    );
    return compared.caveat === undefined && inOrder([node]).some(({ op }) => op.random)
      ? { ...compared, caveat: dropoutNote }
      : compared;
  };
}

const dropoutNote = 'dropout draws a different mask on each side, so the numbers differ; model.eval() turns it off';

function evaluateAll(nodes: readonly Node[]): [Node, Float64Array][] {
  const values = evaluate(nodes, 'float64');
  return nodes.map((node, i) => [node, values[i]]);
}

function layersOf(
  { model, captured, choices }: LocalRun,
  report: Report,
  tensors: ReadonlyMap<string, HostTensor>,
  judge: Judge,
): ComparedLayer[] {
  const { leftOut } = capturedLayers(model);
  return layerModules(model).map(({ path, type }: LayerModule) => {
    const held = captured.layers.get(path);
    const remote = tensors.get(tensorNames.activation(path));
    const sides = { local: localSide(path, choices), remote: remoteSide(path, report) };
    if (held && remote) return { path, type, ...sides, tensor: judge(path, held, remote) };
    const why = leftOut.includes(path)
      ? 'left out because of its size'
      : held
        ? 'the remote did not call it as a module'
        : 'its output is not a single tensor';
    return { path, type, ...sides, missing: why };
  });
}

function gradientsOf(
  { model, captured }: LocalRun,
  tensors: ReadonlyMap<string, HostTensor>,
  judge: Judge,
): ComparedGradients {
  // A bias before a normalization has a gradient of 0 that no arithmetic finds to be 0.
  const scale = Math.max(
    ...[...captured.gradients.values()].map(({ node, data }) => rootMeanSquare(decode(node.dtype, data))),
  );
  return {
    of: model.training ? "the program's loss" : 'the sum of the outputs',
    tensors: [...captured.gradients].flatMap(([name, held]) => {
      const remote = tensors.get(name);
      return remote ? [judge(name, held, remote, scale)] : [];
    }),
    leftOut: capturedGradients(model).leftOut,
  };
}

function localTiming({ device, software, versions, samplesMs, gpuMs, clock }: LocalTiming): SideTiming {
  return {
    side: 'local',
    device,
    software,
    versions,
    clock,
    ...times(samplesMs),
    ...(gpuMs && { gpuMs: summarize(gpuMs).median }),
  };
}

/** Like is held against like: a GPU's own clock against a GPU's own clock, wall time against wall time. */
function againstRemote(
  { samplesMs, gpuMs }: LocalTiming,
  { clock, times: { warm_ms } }: Report,
): Pick<ComparisonResult, 'speed'> {
  if (clock === 'perf_counter') return { speed: { of: 'wall time', ...speedup(samplesMs, warm_ms) } };
  return gpuMs ? { speed: { of: 'GPU time', ...speedup(gpuMs, warm_ms) } } : {};
}

function remoteTiming({ device, versions, times: { warm_ms }, clock }: Report): SideTiming {
  const all = times(warm_ms);
  return {
    side: 'remote',
    device: device.name,
    software: device.type === 'cpu',
    versions,
    clock,
    ...all,
    ...(clock === 'cuda events' && { gpuMs: all.medianMs }),
  };
}

function times(samples: readonly number[]): Pick<SideTiming, 'medianMs' | 'minMs' | 'maxMs' | 'intervalMs' | 'runs'> {
  const { median, min, max, interval, runs } = summarize(samples);
  return { medianMs: median, minMs: min, maxMs: max, intervalMs: interval, runs };
}
