/**
 * @file torch.amp.GradScaler: a loss is multiplied before it goes backward, so that gradients too small for float16 do
 * not vanish, and the gradients are divided before the step. Where the factor was too large and one is not finite, the
 * step is left out and the factor halved; after many good steps it grows. By PyTorch's rules.
 *
 * Whether a gradient is finite is known when it is computed, so `step` and `update` are awaited.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { detached } from '../../graph/ops/identity.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node } from '../../graph/types.ts';
import { withFusion } from '../compiler/fusion.ts';
import { tensor } from '../creation.ts';
import type { DeviceType } from '../device.ts';
import { mul } from '../ops/pointwise.ts';
import { Optimizer } from '../optim/optimizer.ts';
import { p } from '../signature.ts';
import { checked } from '../signature/call.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor } from '../tensor.ts';

/** What a checkpoint needs; of a scaler that is off nothing. */
export interface GradScalerState {
  readonly scale: number;
  readonly growthFactor: number;
  readonly backoffFactor: number;
  readonly growthInterval: number;
  readonly growthTracker: number;
}

/** What happened to an optimizer's gradients since the last update. */
interface Progress {
  stage: 'unscaled' | 'stepped';
  /** How many gradients are not finite. */
  readonly found: Promise<number>;
}

class Scaler {
  private scaleNow: number;
  private growthFactor: number;
  private backoffFactor: number;
  private growthInterval: number;
  private readonly enabled: boolean;
  /** Good steps since the factor changed. */
  private growthTracker = 0;
  private readonly progress = new Map<Optimizer<any>, Progress>();
  private updating = false;

  constructor(
    _device: DeviceType,
    initScale: number,
    growthFactor: number,
    backoffFactor: number,
    growthInterval: number,
    enabled: boolean,
  ) {
    if (!(growthFactor > 1)) fail(`GradScaler: growthFactor is ${growthFactor}; it must be greater than 1`);
    if (!(backoffFactor < 1)) fail(`GradScaler: backoffFactor is ${backoffFactor}; it must be less than 1`);
    this.scaleNow = Math.fround(initScale);
    this.growthFactor = growthFactor;
    this.backoffFactor = backoffFactor;
    this.growthInterval = growthInterval;
    this.enabled = enabled;
  }

  /** Losses times the factor: `scaler.scale(loss).backward()`. */
  scale(outputs: Tensor): Tensor;
  scale(outputs: readonly Tensor[]): Tensor[];
  scale(outputs: Tensor | readonly Tensor[]): Tensor | Tensor[] {
    if (!this.enabled) return outputs as Tensor | Tensor[];
    this.checkSettled('scale');
    const scaled = (t: Tensor): Tensor => mul(t, tensor(this.scaleNow, { device: t.device }));
    return outputs instanceof Tensor ? scaled(outputs) : outputs.map(scaled);
  }

  /**
   * Divides the gradients of an optimizer's parameters by the factor, in place, so that they can be clipped before the
   * step. Once between two updates.
   */
  unscale_(optimizer: Optimizer<any>): void {
    if (!this.enabled) return;
    this.checkSettled('unscale_');
    const stage = this.progress.get(optimizer)?.stage;
    if (stage === 'unscaled')
      fail('unscale_: this optimizer was unscaled since the last update(); call it once a step');
    if (stage === 'stepped') fail('unscale_: it comes after step(); call it before');
    const found = recordingWith({ gradMode: false }, () => withFusion(() => this.unscaled(optimizer)));
    if (found) this.progress.set(optimizer, { stage: 'unscaled', found: found.item() as Promise<number> });
  }

  /** Divides the gradients and counts the numbers in them that are not finite; nothing where there is no gradient. */
  private unscaled(optimizer: Optimizer<any>): Tensor | undefined {
    let found: Node | undefined;
    const inverse = Math.fround(1 / this.scaleNow);
    const divided: Node[] = [];
    for (const parameter of parametersOf(optimizer)) {
      const { gradient } = parameter;
      if (!gradient) continue;
      const { node } = gradient;
      if (node.dtype === 'float16')
        fail(
          'unscale_: a gradient is float16, which has lost already what the factor should have kept; leave the parameters in float32 and use torch.autocast',
        );
      const overflows = e.cast(e.logicalNot(e.isfinite(node)), 'float32');
      const count = e.sum(e.reshape(overflows, [sizeOf(node.shape)]), [0]);
      found = found ? e.add(found, count) : count;
      const factor = tensor(inverse, { device: gradient.device }).node;
      const own = new Tensor(detached(e.cast(e.mul(e.cast(node, 'float32'), factor), node.dtype)));
      own.isShown = false;
      own.node.visible = false;
      parameter.gradient = own;
      divided.push(own.node);
    }
    if (!found) return undefined;
    // Whoever asks for the count has the gradients at hand; computed alone, they would need the backward pass again.
    for (const node of [found, ...divided]) node.together = () => divided;
    return new Tensor(found);
  }

  /**
   * Divides the gradients where `unscale_` has not, and lets the optimizer step if all are finite. Await it before the
   * gradients change.
   */
  async step(optimizer: Optimizer<any>): Promise<void> {
    if (!this.enabled) return optimizer.step();
    this.checkSettled('step');
    if (this.progress.get(optimizer)?.stage === 'stepped')
      fail('step: this optimizer has stepped since the last update(); call update() after each step');
    if (!this.progress.has(optimizer)) this.unscale_(optimizer);
    const progress = this.progress.get(optimizer);
    if (!progress) fail('step: no parameter of the optimizer has a gradient; go backward first');
    progress.stage = 'stepped';
    const before = gradientsOf(optimizer);
    if ((await progress.found) > 0) return;
    if (gradientsOf(optimizer).some((gradient, i) => gradient !== before[i]))
      fail('step: the gradients changed before they were read back; await scaler.step(optimizer)');
    await optimizer.step();
  }

  /**
   * The factor for the next step: less after a step that was left out, more after `growthInterval` good ones, or the
   * one that is given.
   */
  async update(newScale: number | null = null): Promise<void> {
    if (!this.enabled) return;
    this.checkSettled('update');
    if (newScale === null && this.progress.size === 0)
      fail('update: no gradients were looked at since the last update(); call step(optimizer) before');
    this.updating = true;
    try {
      const found = await Promise.all([...this.progress.values()].map((progress) => progress.found));
      if (newScale === null) this.adapt(found.some((count) => count > 0));
      else this.scaleNow = Math.fround(newScale);
    } finally {
      this.progress.clear();
      this.updating = false;
    }
  }

  private adapt(overflows: boolean): void {
    if (overflows) {
      this.scaleNow = Math.fround(this.scaleNow * this.backoffFactor);
      this.growthTracker = 0;
      return;
    }
    if (++this.growthTracker < this.growthInterval) return;
    const grown = Math.fround(this.scaleNow * this.growthFactor);
    if (Number.isFinite(grown)) this.scaleNow = grown;
    this.growthTracker = 0;
  }

  /** An update that is not over would change the factor between a loss and its gradients. */
  private checkSettled(what: string): void {
    if (this.updating) fail(`${what}: an update is not over; await scaler.update()`);
  }

  /** The factor; 1 where the scaler is off. */
  getScale(): number {
    return this.enabled ? this.scaleNow : 1;
  }

  getGrowthFactor(): number {
    return this.growthFactor;
  }

  setGrowthFactor(newFactor: number): void {
    this.growthFactor = newFactor;
  }

  getBackoffFactor(): number {
    return this.backoffFactor;
  }

  setBackoffFactor(newFactor: number): void {
    this.backoffFactor = newFactor;
  }

  getGrowthInterval(): number {
    return this.growthInterval;
  }

  setGrowthInterval(newInterval: number): void {
    this.growthInterval = newInterval;
  }

  isEnabled(): boolean {
    return this.enabled;
  }

  stateDict(): GradScalerState | Readonly<Record<string, never>> {
    const { growthFactor, backoffFactor, growthInterval, growthTracker } = this;
    return this.enabled ? { scale: this.scaleNow, growthFactor, backoffFactor, growthInterval, growthTracker } : {};
  }

  loadStateDict(stateDict: GradScalerState): void {
    if (!this.enabled) return;
    const names = ['scale', 'growthFactor', 'backoffFactor', 'growthInterval', 'growthTracker'] as const;
    const missing = names.find((name) => typeof stateDict[name] !== 'number');
    if (missing) fail(`GradScaler: the state has no ${missing}; a scaler that is off has no state to save`);
    this.scaleNow = stateDict.scale;
    this.growthFactor = stateDict.growthFactor;
    this.backoffFactor = stateDict.backoffFactor;
    this.growthInterval = stateDict.growthInterval;
    this.growthTracker = stateDict.growthTracker;
  }
}

const parametersOf = ({ paramGroups }: Optimizer<any>): Tensor[] =>
  paramGroups.flatMap(({ params }) => params as Tensor[]);

const gradientsOf = (optimizer: Optimizer<any>): (Tensor | null)[] =>
  parametersOf(optimizer).map(({ gradient }) => gradient);

/** Scales losses, and leaves steps out whose gradients overflowed. */
export class GradScaler extends constructed(
  Scaler,
  'torch.amp.GradScaler',
  [
    p.choice(['webgpu', 'cpu'])('device', 'webgpu'),
    p.float('initScale', 65536),
    p.float('growthFactor', 2),
    p.float('backoffFactor', 0.5),
    p.int('growthInterval', 2000),
    p.flag('enabled', true),
  ],
  (device, initScale, growthFactor, backoffFactor, growthInterval, enabled) => [
    device,
    initScale,
    growthFactor,
    backoffFactor,
    growthInterval,
    enabled,
  ],
) {}

const optimizer = p.kind<Optimizer<any>>(
  'an optimizer',
  'one of torch.optim',
  (v) => v instanceof Optimizer,
)('optimizer');
const outputs = p.kind<Tensor | readonly Tensor[]>(
  'a tensor or an array of them',
  'one of these',
  (v) => v instanceof Tensor || (Array.isArray(v) && v.every((item) => item instanceof Tensor)),
)('outputs');

checked('torch.amp.GradScaler', Scaler, {
  scale: [outputs],
  unscale_: [optimizer],
  step: [optimizer],
  update: [p.float('newScale', null)],
  getScale: [],
  getGrowthFactor: [],
  setGrowthFactor: [p.float('newFactor')],
  getBackoffFactor: [],
  setBackoffFactor: [p.float('newFactor')],
  getGrowthInterval: [],
  setGrowthInterval: [p.int('newInterval')],
  isEnabled: [],
  stateDict: [],
  loadStateDict: [p.record('stateDict')],
});
