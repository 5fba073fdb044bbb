/**
 * @file Training on this side as the remote does it: the recorded model and its loss are recorded anew for each step
 * over the parameters as they are by then, on the one batch of the last step, with a fresh optimizer of the program's
 * kind.
 */
import { summarize } from '../../compare/statistics.ts';
import type { ComparedTraining, TrainingCurve } from '../../compare/types.ts';
import { engine } from '../../compile/engine.ts';
import { leaf } from '../../graph/record.ts';
import type { Node, TracedModel, TracedOptimizer } from '../../graph/types.ts';
import { optim } from '../../torch/index.ts';
import { signaturesOf } from '../../torch/signature.ts';
import { Tensor } from '../../torch/tensor.ts';
import { lossOf } from './capture-run.ts';
import { rerecord } from './rerecord.ts';

/** A curve as it was measured. */
export interface Steps {
  readonly losses: readonly number[];
  readonly stepMs: readonly number[];
}

type AnyOptimizer = new (parameters: Tensor[], options: object) => { zeroGrad(): void; step(): Promise<void> };

/** So many steps from the weights before the program's last one; the program's own weights stay as they are. */
export async function trainModel(model: TracedModel, steps: number): Promise<Steps> {
  const { name, options, frozen } = model.training!.optimizer!;
  const parameters = await ownParameters(model);
  const trained = [
    ...new Set([...model.state].flatMap(([key, node]) => (frozen.includes(key) ? [] : (parameters.get(node) ?? [])))),
  ];
  const Optimizer = (optim as unknown as Record<string, AnyOptimizer>)[name];
  const optimizer = new Optimizer(trained, options);
  const losses: number[] = [];
  const stepMs: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    const given = new Map<Node, Node>(
      [...model.inputs, ...model.state.values()].map((node) => [node, parameters.get(node)?.node ?? node]),
    );
    const loss = new Tensor(lossOf(model, rerecord(model.outputs, given)));
    optimizer.zeroGrad();
    loss.backward();
    await optimizer.step();
    losses.push(await loss.item());
    await engine.idle();
    stepMs.push(performance.now() - start);
  }
  return { losses, stepMs };
}

/** Tensors of their own with the values of the parameters: what a step overwrites must not be the program's. */
async function ownParameters({ state }: TracedModel): Promise<Map<Node, Tensor>> {
  const own = new Map<Node, Tensor>();
  for (const node of state.values()) {
    if (node.requiresGrad && !own.has(node))
      own.set(node, new Tensor(leaf(node, node.device, (await engine.read(node)).slice(), true)));
  }
  return own;
}

type DeviceSteps = Steps & { readonly device: string };

export function compareCurves(
  { name, options }: TracedOptimizer,
  local: DeviceSteps,
  remote: DeviceSteps,
): ComparedTraining {
  const relative = local.losses.map((loss, i) => Math.abs(loss - remote.losses[i]) / (Math.abs(remote.losses[i]) || 1));
  // A remote's losses are numbers; one of ours that is none is as far off as can be.
  const sizes = relative.map((x) => (Number.isNaN(x) ? Infinity : x));
  const step = sizes.indexOf(Math.max(...sizes));
  const { params } = signaturesOf(optim[name as 'SGD'])[0];
  const usual = Object.fromEntries(params.map((param) => [param.name, String(param.usual)]));
  const set = Object.entries(options).filter(([key, value]) => key === 'lr' || String(value) !== usual[key]);
  return {
    optimizer: [
      name,
      ...set.map(([key, value]) => `${key} ${typeof value === 'object' ? `(${value.join(', ')})` : String(value)}`),
    ].join(', '),
    local: curve(local),
    remote: curve(remote),
    largest: { relative: sizes[step], step },
    diverged: remote.stepMs.length > remote.losses.length, // the step whose loss was not finite has a time and no loss
  };
}

const curve = ({ device, losses, stepMs }: DeviceSteps): TrainingCurve => ({
  device,
  losses,
  stepMs: summarize(stepMs).median,
});
