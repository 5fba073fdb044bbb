/**
 * @file Cases of operations: written once, evaluated by PyTorch (the goldens), by the cpu reference and by the GPU.
 *
 *     op('add', [
 *       ['broadcast', { x: f32([3, 1]), y: f32([4]) }, ({ x, y }) => x.add(y), 'x + y'],
 *     ])
 *
 * A case's outputs are compared in shape, dtype and numbers, and so are the gradients of all floating inputs: which
 * inputs have one is PyTorch's to say. The gradient that comes in from above is `seedGradient`, on both sides.
 */
import type { DType, HostArray } from '../../src/base/dtype.ts';
import { encode, isFloat } from '../../src/base/dtype.ts';
import { Generator } from '../../src/base/random.ts';
import { fnv1a64 } from '../../src/base/hash.ts';
import type { Shape } from '../../src/base/shape.ts';
import { sizeOf } from '../../src/base/shape.ts';
import type { Tensor } from '../../src/torch/tensor.ts';

/** How the elements of an input lie in memory; the tensor that the expression sees has the input's shape either way. */
export type Placement = 'contiguous' | 'permuted' | 'stepped';

/** Which numbers: a formula of a uniform number u in [0, 1) and the index, or a list. */
export type Numbers = ((u: number, i: number) => number) | readonly number[];

export interface Input {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly numbers: Numbers;
  readonly placement: Placement;
  /** Whether its gradient is asked for; floating inputs' are. */
  readonly gradient: boolean;
}

export type Inputs = Readonly<Record<string, Input>>;
export type Result = Tensor | readonly Tensor[];

export interface CaseOptions {
  /** `false`: values only. `'twice'`: also the gradients of the gradients. */
  readonly grad?: boolean | 'twice';
  /** How many terms the longest sum behind an element has, where it is more than the operands' sizes show. */
  readonly length?: number;
  /** Errors are relative to each element, however small it is, not to the tensor's rms at least. */
  readonly relative?: boolean;
  /** The magnitude of what cancels in the results: errors are measured against that where an element is smaller. */
  readonly scale?: number;
  /** Multiplies the tolerance; with the reason in a comment beside it. */
  readonly slack?: number;
  /** A number in the gradients that come in from above, in place of `seedGradient`'s: at one element, or everywhere. */
  readonly incoming?: { readonly value: number; readonly everywhere: boolean };
  /** Runs under autocast of the device, on the cpu to bfloat16. */
  readonly autocast?: boolean;
  /** PyTorch may refuse these numbers; then there is nothing to compare. */
  readonly mayRefuse?: boolean;
}

export interface Case extends CaseOptions {
  readonly op: string;
  readonly name: string;
  readonly inputs: Inputs;
  readonly ours: (inputs: Record<string, Tensor>) => Result;
  /**
   * The same in PyTorch; it sees the inputs, `torch`, `F`, `qF` (quantised conv2d and linear), `math` and `nan`, `inf`.
   */
  readonly python: string;
}

export type Row<I extends Inputs = any> = readonly [
  name: string,
  inputs: I,
  ours: (inputs: Record<keyof I & string, Tensor>) => Result,
  python: string,
  options?: CaseOptions,
];

/** The cases of one operation. */
export function op(name: string, rows: readonly Row[]): Case[] {
  return rows.map(([title, inputs, ours, python, options]) => ({
    op: name,
    name: title,
    inputs,
    ours,
    python,
    ...options,
  }));
}

/** Numbers of magnitude up to 2, of both signs. */
export const signed: Numbers = (u) => 4 * u - 2;
/** Between −1 and 1. */
export const unit: Numbers = (u) => 1.98 * u - 0.99;
/** From 0.1 to 3. */
export const positive: Numbers = (u) => 0.1 + 2.9 * u;
/** Whole numbers from −9 to 9. */
export const whole: Numbers = (u) => Math.floor(19 * u) - 9;
/** Whole numbers from 0 to 9. */
export const natural: Numbers = (u) => Math.floor(10 * u);
/** 0 and 1. */
export const bits: Numbers = (u) => Math.floor(2 * u);
/** Whole numbers from 0 up to, not including, n: class indices. */
export const below =
  (n: number): Numbers =>
  (u) =>
    Math.floor(n * u);

const input =
  (dtype: DType, fallback: Numbers) =>
  (shape: Shape, numbers: Numbers = fallback): Input => ({
    shape,
    dtype,
    numbers,
    placement: 'contiguous',
    gradient: isFloat(dtype),
  });

export const f32 = input('float32', signed);
export const f16 = input('float16', signed);
export const bf16 = input('bfloat16', signed);
export const i32 = input('int32', whole);
export const i64 = input('int64', whole);
export const i8 = input('int8', whole);
export const u8 = input('uint8', natural);
export const bool = input('bool', bits);

/** The same tensor, its dimensions in reverse order in memory. */
export const permuted = (of: Input): Input => ({ ...of, placement: 'permuted' });
/** The same tensor, every second element of a wider one. */
export const stepped = (of: Input): Input => ({ ...of, placement: 'stepped' });
/** The same tensor, without a gradient. */
export const fixed = (of: Input): Input => ({ ...of, gradient: false });

/** What an input's memory holds: its shape there, and the numbers. */
export function stored(of: Case, name: string): { shape: Shape; data: HostArray } {
  const { shape, dtype, numbers, placement } = of.inputs[name];
  const inMemory =
    placement === 'permuted'
      ? shape.toReversed()
      : placement === 'stepped'
        ? [...shape.slice(0, -1), 2 * shape.at(-1)!]
        : shape;
  const g = new Generator(BigInt(`0x${fnv1a64(`${of.op} ${of.name} ${name}`)}`));
  const count = sizeOf(inMemory);
  const values =
    typeof numbers === 'function'
      ? Float64Array.from({ length: count }, (_, i) => numbers(g.uniform24(), i))
      : Float64Array.from(numbers);
  return { shape: inMemory, data: encode(dtype, values) };
}

/** Element i of the gradient that comes in from above: a multiple of ¼, exact in every floating dtype. */
export const seedGradient = (i: number): number => (((7 * i) % 11) - 4) / 4;

/** Which element of `count` is replaced where one is. */
export const plantedAt = (count: number): number => Math.floor(count / 3);

/** The gradient that comes in from above, `count` elements. */
export function incomingGradient({ incoming }: CaseOptions, count: number): Float32Array {
  const seeds = Float32Array.from({ length: count }, (_, i) => seedGradient(i));
  return incoming?.everywhere
    ? seeds.fill(incoming.value)
    : incoming && count > 0
      ? seeds.fill(incoming.value, plantedAt(count), plantedAt(count) + 1)
      : seeds;
}

/** What a failure and the golden file call it. */
export const titleOf = ({ op: operation, name }: Case): string => `${operation}: ${name}`;
