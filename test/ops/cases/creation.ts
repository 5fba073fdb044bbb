/**
 * @file Tensors made of nothing but numbers, or in the likeness of another.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, Input } from '../case.ts';
import { bool, f32, i32, op, permuted } from '../case.ts';

type Made = readonly [ours: () => torch.Tensor, python: string];
const made = (rows: readonly Made[]) => rows.map(([ours, python]) => [python, {}, ours, python] as const);

const likes: readonly (readonly [string, Input])[] = [
  ['a matrix', f32([3, 4])], ['a scalar', f32([])], ['nothing', f32([0, 3])], ['one element', f32([1, 1])],
  ['integers', i32([5])], ['bools', bool([2, 3])], ['a permuted view', permuted(f32([2, 3, 4]))], ['odd sizes', f32([3, 1, 7])],
];
const like = (ours: (x: torch.Tensor) => torch.Tensor, python: string) => likes.map(([name, x]) => [name, { x }, (inputs: Record<string, torch.Tensor>) => ours(inputs.x), python] as const);

export const creation: Case[] = [
  ...op('linspace', made([
    [() => torch.linspace(0, 1, 5), 'torch.linspace(0, 1, 5)'],
    [() => torch.linspace(-2, 3, 7), 'torch.linspace(-2, 3, 7)'],
    [() => torch.linspace(1, 0, 10), 'torch.linspace(1, 0, 10)'],
    [() => torch.linspace(0.1, 0.9, 4), 'torch.linspace(0.1, 0.9, 4)'],
    [() => torch.linspace(3, 3, 3), 'torch.linspace(3, 3, 3)'],
    [() => torch.linspace(5, 9, 1), 'torch.linspace(5, 9, 1)'],
    [() => torch.linspace(0, 1, 0), 'torch.linspace(0, 1, 0)'],
    [() => torch.linspace(-1e3, 1e3, 101), 'torch.linspace(-1e3, 1e3, 101)'],
  ])),
  ...op('arange', made([
    [() => torch.arange(5), 'torch.arange(5)'],
    [() => torch.arange(2, 9), 'torch.arange(2, 9)'],
    [() => torch.arange(2, 9, 3), 'torch.arange(2, 9, 3)'],
    [() => torch.arange(9, 2, -2), 'torch.arange(9, 2, -2)'],
    [() => torch.arange(0, 1, 0.25), 'torch.arange(0, 1, 0.25)'],
    [() => torch.arange(0, 1, 0.3), 'torch.arange(0, 1, 0.3)'],
    [() => torch.arange(0), 'torch.arange(0)'],
    [() => torch.arange(-3, 3, { dtype: 'float32' }), 'torch.arange(-3, 3, dtype=torch.float32)'],
  ])),
  ...op('eye', made([
    [() => torch.eye(3), 'torch.eye(3)'],
    [() => torch.eye(2, 5), 'torch.eye(2, 5)'],
    [() => torch.eye(5, 2), 'torch.eye(5, 2)'],
    [() => torch.eye(1), 'torch.eye(1)'],
    [() => torch.eye(0), 'torch.eye(0)'],
    [() => torch.eye(0, 3), 'torch.eye(0, 3)'],
    [() => torch.eye(4, { dtype: 'int32' }), 'torch.eye(4, dtype=torch.int32)'],
    [() => torch.eye(3, 4, { dtype: 'bool' }), 'torch.eye(3, 4, dtype=torch.bool)'],
  ])),
  ...op('full', made([
    [() => torch.full([2, 3], 1.5), 'torch.full((2, 3), 1.5)'],
    [() => torch.full([], 7.5), 'torch.full((), 7.5)'],
    [() => torch.full([0, 2], 1.5), 'torch.full((0, 2), 1.5)'],
    [() => torch.full([4], true), 'torch.full((4,), True)'],
    [() => torch.full([3], -2, { dtype: 'int32' }), 'torch.full((3,), -2, dtype=torch.int32)'],
    [() => torch.zeros(2, 3), 'torch.zeros(2, 3)'],
    [() => torch.ones([1, 1, 5]), 'torch.ones(1, 1, 5)'],
    [() => torch.full([2], Infinity), 'torch.full((2,), inf)'],
  ])),
  ...op('zerosLike', like((x) => torch.zerosLike(x), 'torch.zeros_like(x)')),
  ...op('onesLike', like((x) => torch.onesLike(x), 'torch.ones_like(x)')),
  ...op('fullLike', like((x) => torch.fullLike(x, 1), 'torch.full_like(x, 1)')),
];
