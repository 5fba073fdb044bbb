/**
 * @file Puts a run of this side and a remote's report beside each other: every output judged against a float64 run of the
 * same graph, and the times of both.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { decode } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { compareTensors } from '../compare/compare.ts';
import { summarize } from '../compare/statistics.ts';
import type { Arithmetic, ToleranceContext } from '../compare/tolerance.ts';
import { loosest } from '../compare/tolerance.ts';
import type { ComparisonResult, SideTiming } from '../compare/types.ts';
import type { AlgorithmChoice } from '../dnn/records.ts';
import { evaluate } from '../graph/evaluate.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { outputNames } from '../remote/classes.ts';
import type { Report } from '../remote/report.ts';
import { checkReport } from '../remote/report.ts';
import { decodeSafetensors } from '../base/safetensors.ts';

/** What is kept of the last run for a comparison. */
export interface LocalRun {
  readonly model: TracedModel;
  /** The numbers of the model's outputs, in order. */
  readonly outputs: readonly HostArray[];
  readonly choices: readonly AlgorithmChoice[];
  readonly timing: LocalTiming;
}

export interface LocalTiming {
  readonly device: string;
  readonly software: boolean;
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds of each timed forward pass. */
  readonly samplesMs: readonly number[];
  readonly clock: string;
}

/** Compares; `report` and `results` are as they came from the remote and are checked here. */
export function compareRun(local: LocalRun, report: unknown, results: Uint8Array): ComparisonResult {
  const checked = checkReport(report);
  const { tensors } = decodeSafetensors(results);
  const { model } = local;
  const references = evaluate(model.outputs, 'float64');
  const context = { ...extent(model), algorithm: algorithmsOf(local.choices) };
  const compared = outputNames(model).map((name, i) => {
    const node = model.outputs[i];
    const remote = tensors.get(name) ?? fail(`compare: the remote gave no ${name}; it gave ${[...tensors.keys()].join(', ')}`);
    return compareTensors(
      name,
      { shape: node.shape, data: decode(node.dtype, local.outputs[i]) },
      { shape: remote.shape, data: decode(remote.dtype, remote.data) },
      { shape: node.shape, data: references[i] },
      loosest([arithmeticHere(node.dtype, local.choices), arithmeticThere(checked)].map((arithmetic): ToleranceContext => ({ ...context, arithmetic }))),
    );
  });
  return { model: model.name, tensors: compared, timings: [localTiming(local.timing), remoteTiming(checked)] };
}

function arithmeticHere(dtype: DType, choices: readonly AlgorithmChoice[]): Arithmetic {
  if (dtype !== 'float16') return 'float32';
  const half = choices.some(({ chosen, candidates }) => candidates.some((c) => c.algo === chosen && c.mathType === 'HALF_ARITHMETIC'));
  return half ? 'float16 arithmetic' : 'float16 storage';
}

function arithmeticThere({ settings, device }: Report): Arithmetic {
  const dtype = settings['autocast'] ?? settings['dtype'];
  if (dtype === 'float16') return 'float16 storage';
  if (dtype === 'bfloat16') return 'bfloat16';
  if (dtype === 'float64') return 'float64';
  // TF32 came with compute capability 8.0.
  return settings['allow_tf32'] === true && Number(device.capability ?? 0) >= 8 ? 'tf32' : 'float32';
}

function algorithmsOf(choices: readonly AlgorithmChoice[]): string {
  return choices.map(({ chosen, chosenConfig }) => `${chosen} ${chosenConfig}`).join('; ');
}

/** The longest sum of products in the model, and how many such sums follow each other at most. */
function extent(model: TracedModel): { reductionLength: number; depth: number } {
  let reductionLength = 1;
  const depths = new Map<Node, number>();
  for (const node of inOrder(model.outputs)) {
    const products = productsOf(node);
    reductionLength = Math.max(reductionLength, products);
    depths.set(node, Math.max(0, ...node.inputs.map((input) => depths.get(input) ?? 0)) + Number(products > 1));
  }
  return { reductionLength, depth: Math.max(1, ...depths.values()) };
}

/** How many products one element of the node's value sums; 1 where it sums none. */
function productsOf({ op, inputs }: Node): number {
  if (op.name === 'conv2d') return inputs[1].shape.slice(1).reduce((a, b) => a * b, 1);
  if (op.name === 'matmul') return inputs[0].shape.at(-1)!;
  return 1;
}

/** The nodes that the targets need, each after its inputs: a node is always younger than those. */
function inOrder(targets: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const stack = [...targets];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
  }
  return [...seen].toSorted((a, b) => a.id - b.id);
}

function localTiming({ device, software, versions, samplesMs, clock }: LocalTiming): SideTiming {
  return { side: 'local', device, software, versions, clock, ...times(samplesMs) };
}

function remoteTiming({ device, versions, times: { warm_ms }, clock }: Report): SideTiming {
  return { side: 'remote', device: device.name, software: device.type === 'cpu', versions, clock, ...times(warm_ms) };
}

function times(samples: readonly number[]): Pick<SideTiming, 'medianMs' | 'minMs' | 'maxMs' | 'intervalMs' | 'runs'> {
  const { median, min, max, interval, runs } = summarize(samples);
  return { medianMs: median, minMs: min, maxMs: max, intervalMs: interval, runs };
}
