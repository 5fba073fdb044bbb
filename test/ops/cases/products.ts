/**
 * @file Matrix products and Einstein's summation.
 */
import * as torch from '../../../src/torch/torch.ts';
import { f16, f32, op, permuted, stepped } from '../case.ts';

const ab = { a: f32([3, 4]), b: f32([4, 5]) };

/** Terms in the longest sum behind an element, forward or backward. */
const long = { length: 64 };

export const products = [
  ...op('matmul', [
    ['matrices', ab, ({ a, b }) => a.matmul(b), 'a @ b', { grad: 'twice', length: 32 }],
    ['vectors', { a: f32([7]), b: f32([7]) }, ({ a, b }) => a.matmul(b), 'a @ b'],
    ['vector and matrix', { a: f32([4]), b: f32([4, 5]) }, ({ a, b }) => a.matmul(b), 'a @ b', long],
    ['batch and vector', { a: f32([2, 3, 4]), b: f32([4]) }, ({ a, b }) => a.matmul(b), 'a @ b', long],
    ['batches broadcast', { a: f32([2, 1, 3, 4]), b: f32([5, 4, 2]) }, ({ a, b }) => a.matmul(b), 'a @ b', long],
    ['transposed', { a: permuted(f32([17, 33])), b: permuted(f32([33, 9])) }, ({ a, b }) => a.matmul(b), 'a @ b', long],
    ['stepped', { a: stepped(f32([5, 6])), b: stepped(f32([6, 7])) }, ({ a, b }) => a.matmul(b), 'a @ b', long],
    ['nothing inside', { a: f32([3, 0]), b: f32([0, 4]) }, ({ a, b }) => a.matmul(b), 'a @ b'],
    ['no rows', { a: f32([0, 3]), b: f32([3, 4]) }, ({ a, b }) => a.matmul(b), 'a @ b'],
    ['halves', { a: f16([5, 8]), b: f16([8, 3]) }, ({ a, b }) => a.matmul(b), 'a @ b', long],
    ['sizes of 1', { a: f32([1, 1]), b: f32([1, 1]) }, ({ a, b }) => a.matmul(b), 'a @ b'],
  ]),
  ...op('mm, bmm, mv, dot', [
    ['mm', ab, ({ a, b }) => a.mm(b), 'a.mm(b)', long],
    ['mm of transposes', ab, ({ a, b }) => b.t().mm(a.t()), 'b.t().mm(a.t())', long],
    ['bmm', { a: f32([3, 2, 5]), b: f32([3, 5, 4]) }, ({ a, b }) => a.bmm(b), 'a.bmm(b)', long],
    ['bmm of views', { a: permuted(f32([3, 2, 5])), b: stepped(f32([3, 5, 4])) }, ({ a, b }) => a.bmm(b), 'a.bmm(b)', long],
    ['bmm of nothing', { a: f32([0, 2, 5]), b: f32([0, 5, 4]) }, ({ a, b }) => a.bmm(b), 'a.bmm(b)'],
    ['mv', { a: f32([3, 4]), b: f32([4]) }, ({ a, b }) => a.mv(b), 'a.mv(b)', long],
    ['dot', { a: f32([9]), b: stepped(f32([9])) }, ({ a, b }) => a.dot(b), 'a.dot(b)'],
    ['dot of one', { a: f32([1]), b: f32([1]) }, ({ a, b }) => a.dot(b), 'a.dot(b)'],
  ]),
  ...op('outer', [
    ['vectors', { a: f32([3]), b: f32([5]) }, ({ a, b }) => a.outer(b), 'a.outer(b)'],
    ['one', { a: f32([1]), b: f32([5]) }, ({ a, b }) => a.outer(b), 'a.outer(b)'],
    ['nothing', { a: f32([0]), b: f32([5]) }, ({ a, b }) => a.outer(b), 'a.outer(b)'],
    ['stepped', { a: stepped(f32([4])), b: stepped(f32([3])) }, ({ a, b }) => a.outer(b), 'a.outer(b)'],
    ['halves', { a: f16([3]), b: f16([5]) }, ({ a, b }) => a.outer(b), 'a.outer(b)'],
    ['itself', { a: f32([4]) }, ({ a }) => a.outer(a), 'a.outer(a)', { grad: 'twice', length: 16 }],
    ['long', { a: f32([33]), b: f32([17]) }, ({ a, b }) => a.outer(b), 'a.outer(b)'],
    ['permuted and taken', { a: permuted(f32([3, 4])), b: f32([3]) }, ({ a, b }) => a.select(1, 2).outer(b), 'a[:, 2].outer(b)'],
  ]),
  ...op('addmm, addmv, baddbmm', [
    ['addmm', { c: f32([3, 5]), ...ab }, ({ c, a, b }) => c.addmm(a, b), 'c.addmm(a, b)', long],
    ['a row', { c: f32([5]), ...ab }, ({ c, a, b }) => c.addmm(a, b), 'c.addmm(a, b)', long],
    ['factors', { c: f32([3, 1]), ...ab }, ({ c, a, b }) => c.addmm(a, b, { beta: 0.5, alpha: -2 }), 'torch.addmm(c, a, b, beta=0.5, alpha=-2)', long],
    ['no beta', { c: f32([3, 5], [NaN, ...new Array<number>(14).fill(1)]), ...ab }, ({ c, a, b }) => c.detach().addmm(a, b, { beta: 0 }), 'torch.addmm(c.detach(), a, b, beta=0)', long],
    ['addmv', { c: f32([3]), a: f32([3, 4]), b: f32([4]) }, ({ c, a, b }) => c.addmv(a, b, { alpha: 3 }), 'c.addmv(a, b, alpha=3)', long],
    ['baddbmm', { c: f32([2, 3, 4]), a: f32([2, 3, 5]), b: f32([2, 5, 4]) }, ({ c, a, b }) => c.baddbmm(a, b), 'c.baddbmm(a, b)', long],
    ['baddbmm with views', { c: permuted(f32([2, 3, 4])), a: permuted(f32([2, 3, 5])), b: stepped(f32([2, 5, 4])) }, ({ c, a, b }) => c.baddbmm(a, b, { beta: 2, alpha: 0.5 }), 'c.baddbmm(a, b, beta=2, alpha=0.5)', long],
    ['halves', { c: f16([3, 2]), a: f16([3, 4]), b: f16([4, 2]) }, ({ c, a, b }) => c.addmm(a, b), 'c.addmm(a, b)', long],
  ]),
  ...op('tensordot', [
    ['two', { a: f32([2, 3, 4]), b: f32([3, 4, 5]) }, ({ a, b }) => torch.tensordot(a, b, 2), 'torch.tensordot(a, b, 2)', long],
    ['one', { a: f32([2, 3]), b: f32([3, 5]) }, ({ a, b }) => torch.tensordot(a, b, 1), 'torch.tensordot(a, b, 1)', long],
    ['none', { a: f32([2]), b: f32([3]) }, ({ a, b }) => torch.tensordot(a, b, 0), 'torch.tensordot(a, b, 0)', long],
    ['lists', { a: f32([2, 3, 4]), b: f32([4, 5, 2]) }, ({ a, b }) => torch.tensordot(a, b, [[0, 2], [2, 0]]), 'torch.tensordot(a, b, ([0, 2], [2, 0]))', long],
    ['negative', { a: f32([2, 3, 4]), b: f32([5, 4]) }, ({ a, b }) => torch.tensordot(a, b, [[-1], [-1]]), 'torch.tensordot(a, b, ([-1], [-1]))', long],
    ['all', { a: f32([2, 3]), b: f32([2, 3]) }, ({ a, b }) => torch.tensordot(a, b, 2), 'torch.tensordot(a, b, 2)', long],
    ['views', { a: permuted(f32([2, 3, 4])), b: stepped(f32([4, 2])) }, ({ a, b }) => torch.tensordot(a, b, 1), 'torch.tensordot(a, b, 1)', long],
    ['nothing', { a: f32([0, 3]), b: f32([3, 5]) }, ({ a, b }) => torch.tensordot(a, b, 1), 'torch.tensordot(a, b, 1)'],
  ]),
  ...op('einsum', [
    ['matmul', ab, ({ a, b }) => torch.einsum('ij,jk->ik', a, b), "torch.einsum('ij,jk->ik', a, b)", long],
    ['implied', ab, ({ a, b }) => torch.einsum('ij,jk', a, b), "torch.einsum('ij,jk', a, b)", long],
    ['transposed result', ab, ({ a, b }) => torch.einsum('ij,jk->ki', a, b), "torch.einsum('ij,jk->ki', a, b)", long],
    ['batch', { a: f32([2, 3, 4]), b: f32([2, 4, 5]) }, ({ a, b }) => torch.einsum('bij,bjk->bik', a, b), "torch.einsum('bij,bjk->bik', a, b)", long],
    ['attention', { a: f32([2, 3, 2, 4]), b: f32([2, 5, 2, 4]) }, ({ a, b }) => torch.einsum('bqhd,bkhd->bhqk', a, b), "torch.einsum('bqhd,bkhd->bhqk', a, b)", long],
    ['trace', { a: f32([4, 4]) }, ({ a }) => torch.einsum('ii', a), "torch.einsum('ii', a)"],
    ['diagonal', { a: f32([3, 4, 4]) }, ({ a }) => torch.einsum('bii->ib', a), "torch.einsum('bii->ib', a)"],
    ['sum', { a: f32([3, 4, 2]) }, ({ a }) => torch.einsum('ijk->j', a), "torch.einsum('ijk->j', a)", long],
    ['outer', { a: f32([3]), b: f32([4]) }, ({ a, b }) => torch.einsum('i,j->ij', a, b), "torch.einsum('i,j->ij', a, b)"],
    ['pointwise', { a: f32([3, 4]), b: f32([3, 4]) }, ({ a, b }) => torch.einsum('ij,ij->ij', a, b), "torch.einsum('ij,ij->ij', a, b)"],
    ['dots', { a: f32([2, 1, 3, 4]), b: f32([5, 4, 3]) }, ({ a, b }) => torch.einsum('...ij,...jk->...ik', a, b), "torch.einsum('...ij,...jk->...ik', a, b)", long],
    ['dots implied', { a: f32([2, 3, 4]), b: f32([4]) }, ({ a, b }) => torch.einsum('...i,i', a, b), "torch.einsum('...i,i', a, b)", long],
    ['three', { ...ab, c: f32([5, 2]) }, ({ a, b, c }) => torch.einsum('ij,jk,kl->il', a, b, c), "torch.einsum('ij,jk,kl->il', a, b, c)", { length: 200 }],
    ['bilinear', { a: f32([2, 3]), b: f32([5, 3, 4]), c: f32([2, 4]) }, ({ a, b, c }) => torch.einsum('bn,anm,bm->ba', a, b, c), "torch.einsum('bn,anm,bm->ba', a, b, c)", { length: 200 }],
    ['views', { a: permuted(f32([2, 3, 4])), b: stepped(f32([4, 3])) }, ({ a, b }) => torch.einsum('bij,ji->b', a, b), "torch.einsum('bij,ji->b', a, b)", long],
    ['nothing', { a: f32([0, 3]), b: f32([3, 4]) }, ({ a, b }) => torch.einsum('ij,jk->ik', a, b), "torch.einsum('ij,jk->ik', a, b)"],
  ]),
];
