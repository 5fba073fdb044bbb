/**
 * @file Tensor: a handle on a node of the graph. Shape and dtype are known at once; the value is computed when it is
 * asked for, by `await t.data()`, `await t.item()` or `await t.tolist()`.
 *
 * Operations live in ops/, a file a family; each is both a function (`torch.add(a, b)`) and a method (`a.add(b)`).
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { decode, dtypes, isPattern } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { sizeOf } from '../base/shape.ts';
import { engine } from '../compile/engine.ts';
import { obstacle } from '../graph/capture.ts';
import { assigned, isLeafNode } from '../graph/ops/identity.ts';
import { recordingNow } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import type { GradientHook, HookHandle } from './gradient-records.ts';
import { leafTensors, registerHook, retained } from './gradient-records.ts';
import type { Device } from './device.ts';
import { device as deviceOf } from './device.ts';
import { formatTensor } from './format.ts';
import { handles } from './handles.ts';
import { lookAgain } from './inplace.ts';
import type { Place } from './memory.ts';
import { placeOf } from './memory.ts';
import { promiseOf } from './ops/promises.ts';
import { pendingUpdates, retired } from './pending.ts';
import { Size } from './size.ts';

export type NestedList = number | boolean | readonly NestedList[];

export class Tensor {
  /** Where in which memory the elements lie; tensors of one memory see each other's in-place updates. */
  place: Place;
  private current: Node;
  /** `grad`, for those that show it to nobody. */
  gradient: Tensor | null = null;
  /** The program has this tensor and not the engine alone, as most gradients. */
  isShown = true;

  constructor(node: Node) {
    this.current = node;
    this.place = placeOf(node);
    this.setNode(node);
    pendingUpdates.limit();
  }

  /** The graph's node that computes this tensor; an in-place operation puts another in its place. */
  get node(): Node {
    if (this.isStale) lookAgain(this, this.current);
    return this.current;
  }

  /** Whether its memory was written to through another tensor since it was last looked at. */
  get isStale(): boolean {
    return this.place.version !== this.place.memory.version;
  }

  /** Makes this tensor a handle on another node. */
  setNode(node: Node): void {
    this.current = node;
    this.place = placeOf(node);
    // Losses and their parts; what a model returns is marked by its call.
    const { scope, compiled } = recordingNow();
    if (scope === undefined && !compiled && sizeOf(node.shape) === 1) node.visible = true;
    // The first handle on a leaf is the program's own; others are made of it on the way.
    if (node.requiresGrad && isLeafNode(node) && !leafTensors.has(node)) leafTensors.set(node, this);
    if (!node.value && !isLeafNode(node)) handles.add(this);
  }

  /** The accumulated gradient of a leaf, or of a tensor with `retainGrad()`; `null` before any backward. */
  get grad(): Tensor | null {
    obstacle('looks at a gradient');
    if (this.gradient) this.gradient.isShown = true;
    return this.gradient;
  }

  set grad(value: Tensor | null) {
    obstacle('sets a gradient');
    this.gradient = value;
  }

  get shape(): Size {
    return Size.fromShape(this.node.shape);
  }

  get dtype(): DType {
    return this.node.dtype;
  }

  get device(): Device {
    return deviceOf(this.node.device);
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.node.shape.length;
  }

  /** Whether gradients flow to or through this tensor. */
  get requiresGrad(): boolean {
    return this.node.requiresGrad;
  }

  set requiresGrad(value: boolean) {
    if (value === this.node.requiresGrad) return;
    obstacle('sets requiresGrad');
    if (!this.isLeaf) fail('requiresGrad: can be set on leaf tensors only; use detach() for a tensor without history');
    if (value && dtypes[this.dtype].kind !== 'float')
      fail(`requiresGrad: only floating tensors can require gradients, this one is ${this.dtype}`);
    this.setNode(assigned(this.node, value));
    this.node.value = this.node.inputs[0].value;
  }

  /** Whether the tensor was made by the program rather than by an operation that tracks gradients. */
  get isLeaf(): boolean {
    obstacle('asks whether a tensor is a leaf');
    return !this.node.requiresGrad || isLeafNode(this.node);
  }

  /** The elements in row-major order; float16 and bfloat16 come as Float32Array, bool as 0 and 1. */
  data(): Promise<Float32Array | Int32Array | Uint8Array | Int8Array> {
    return promiseOf('data', readElements(this));
  }

  /** The value of a tensor of one element; throws on any other. */
  item(): Promise<number> {
    if (sizeOf(this.node.shape) !== 1)
      fail(`item: a tensor of shape ${this.shape} has ${sizeOf(this.node.shape)} elements; item() needs exactly one`);
    return promiseOf(
      'item',
      readElements(this).then(([value]) => value),
    );
  }

  /** The elements as nested arrays; bools as booleans. */
  tolist(): Promise<NestedList> {
    const { dtype, shape } = this.node;
    const nest = (data: ArrayLike<number>, dim: number, at: number): NestedList => {
      if (dim === shape.length) return dtype === 'bool' ? data[at] !== 0 : data[at];
      const step = sizeOf(shape.slice(dim + 1));
      return Array.from({ length: shape[dim] }, (_, i) => nest(data, dim + 1, at + i * step));
    };
    return promiseOf(
      'tolist',
      readElements(this).then((data) => nest(data, 0, 0)),
    );
  }

  /** Keeps the gradient of a tensor that is not a leaf, in `grad`. */
  retainGrad(): this {
    obstacle('keeps a gradient, by retainGrad()');
    if (!this.requiresGrad) fail('retainGrad: this tensor does not require a gradient');
    if (!this.isLeaf) retained.set(this.node, this);
    return this;
  }

  /**
   * Calls `hook` with this tensor's gradient whenever one is computed; a tensor that it returns replaces the gradient.
   */
  registerHook(hook: GradientHook): HookHandle {
    obstacle('registers a hook');
    return registerHook(this, hook);
  }

  /** Sets `requiresGrad`, in a chain of calls. */
  requiresGrad_(requiresGrad = true): this {
    this.requiresGrad = requiresGrad;
    return this;
  }

  /** Frees the value's device memory at once. The tensor cannot be used afterwards. */
  dispose(): void {
    obstacle('disposes of a tensor');
    engine.drop(this.node, 'this tensor was disposed; keep it until its last use');
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** As PyTorch prints it where the value is on the host, else what is known without: printing computes nothing. */
  toString(): string {
    obstacle('prints a tensor', true);
    return formatTensor(this.node);
  }

  /** In text a tensor is what it prints. A number it is not: `x * 2` would be NaN some lines later. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'number')
      fail(
        'tensor: JavaScript cannot calculate or compare with tensors; write x.mul(2), x.gt(0), or await x.item() for a number',
      );
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A copy of the elements, as programs get them. */
async function readElements(tensor: Tensor): Promise<Float32Array | Int32Array | Uint8Array | Int8Array> {
  const { dtype } = tensor;
  const host = await readTensor(tensor);
  return isPattern(dtype)
    ? Float32Array.from(decode(dtype, host))
    : (host.slice() as Float32Array | Int32Array | Uint8Array | Int8Array);
}

/** The tensor's host array, after every pending in-place update. */
export const readTensor = (tensor: Tensor): Promise<HostArray> => readNode(tensor.node);

/** The same of what a tensor was, whatever has been written into it since. */
export async function readNode(node: Node): Promise<HostArray> {
  obstacle('reads a value', true);
  const { updates, results } = pendingUpdates.take();
  const values = engine.read(node, updates, results);
  await retired.trim();
  return values;
}

/** Computes what in-place operations have left pending; resolves when that is submitted. */
export async function flushUpdates(): Promise<void> {
  obstacle('waits for the device', true);
  const { updates, results } = pendingUpdates.take();
  await engine.realize(updates, results);
  await retired.trim();
}

/**
 * The same at the end of this turn of the program, so that what it reads until then (`opt.step(); await loss.item()`)
 * is computed in one go. Awaiting is optional: an error comes again with the next value that is read.
 */
export function flushUpdatesSoon(): Promise<void> {
  if (!soon) {
    soon = Promise.resolve().then(() => {
      soon = undefined;
      return flushUpdates();
    });
    soon.catch(() => {});
  }
  return soon;
}

/** The flush at the end of this turn, which all steps of the turn share. */
let soon: Promise<void> | undefined;
