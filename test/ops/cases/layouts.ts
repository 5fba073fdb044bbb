/**
 * @file The inputs that every operation on one tensor should stand: views, odd sizes, sizes 1 and 0, halves, integers.
 */
import type { Tensor } from '../../../src/torch/tensor.ts';
import type { CaseOptions, Input, Inputs, Result } from '../case.ts';
import { f16, f32, i32, permuted, stepped } from '../case.ts';

export type Row = readonly [
  name: string,
  inputs: Inputs,
  ours: (inputs: Record<string, Tensor>) => Result,
  python: string,
  options?: CaseOptions,
];

/** Tensors of three dimensions, as `x`. */
export const cubes: readonly (readonly [string, Input])[] = [
  ['plain', f32([2, 3, 4])],
  ['permuted', permuted(f32([3, 4, 5]))],
  ['stepped', stepped(f32([3, 5, 4]))],
  ['odd sizes', f32([5, 7, 3])],
  ['sizes of 1', f32([1, 3, 1])],
  ['halves', f16([3, 2, 5])],
  ['integers', i32([2, 4, 3])],
];

/** The same expression on each of these inputs. */
export const onEach = (
  inputs: readonly (readonly [string, Input])[],
  ours: (x: Tensor) => Result,
  python: string,
  options?: CaseOptions,
): Row[] => inputs.map(([name, x]) => [`${name}, ${python}`, { x }, ({ x: t }) => ours(t), python, options]);

/** Several expressions on one input. */
export const each = (
  x: Input,
  rows: readonly (readonly [ours: (x: Tensor) => Result, python: string])[],
  options?: CaseOptions,
): Row[] =>
  rows.map(([ours, python]) => [`[${x.shape.join(', ')}], ${python}`, { x }, ({ x: t }) => ours(t), python, options]);
