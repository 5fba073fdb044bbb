/**
 * @file In-place operations: on results, through views and views of views, with gradients through what they leave.
 */
import type { Tensor } from '../../../src/torch/tensor.ts';
import * as torch from '../../../src/torch/torch.ts';
import { bool, f16, f32, fixed, i32, op, permuted, stepped } from '../case.ts';
import { cubes, each, onEach } from './layouts.ts';

/** Runs statements on a value and gives it back, as the lambdas of the Python side do. */
const after = (x: Tensor, change: (x: Tensor) => unknown): Tensor => {
  change(x);
  return x;
};

const square = f32([4, 5]);
const xy = { x: square, y: f32([4, 5]) };

export const inplace = [
  ...op('add_, mul_ and their kin', [
    ...onEach(cubes, (x) => x.mul(2).add_(3), '(x * 2).add_(3)'),
    ['add_', xy, ({ x, y }) => x.sin().add_(y), 'x.sin().add_(y)'],
    ['add_ with alpha', xy, ({ x, y }) => x.clone().add_(y, { alpha: -2 }), 'x.clone().add_(y, alpha=-2)'],
    ['sub_ broadcasts', { x: square, y: f32([5]) }, ({ x, y }) => x.clone().sub_(y), 'x.clone().sub_(y)'],
    ['mul_ by itself before', xy, ({ x, y }) => x.mul(y).mul_(x), '(x * y).mul_(x)'],
    ['div_', xy, ({ x, y }) => x.clone().div_(y.exp()), 'x.clone().div_(y.exp())'],
    ['a chain', xy, ({ x, y }) => x.clone().mul_(y).add_(1).sin_().add_(y), 'x.clone().mul_(y).add_(1).sin_().add_(y)'],
    [
      'into an untracked tensor',
      xy,
      ({ x, y }) => after(x.detach().clone(), (z) => z.mul_(y)).add(x),
      '(lambda z: z.mul_(y))(x.detach().clone()) + x',
    ],
    ['halves', { x: f16([5]), y: f32([5]) }, ({ x, y }) => x.clone().add_(y), 'x.clone().add_(y)'],
    ['integers', { x: i32([6]), y: i32([6]) }, ({ x, y }) => x.mul_(y).add_(1), 'x.mul_(y).add_(1)'],
  ]),
  ...op(
    'functions',
    each(square, [
      [(x) => x.clone().relu_(), 'x.clone().relu_()'],
      [(x) => x.mul(2).sigmoid_(), '(x * 2).sigmoid_()'],
      [(x) => x.clone().sin_().exp_(), 'x.clone().sin_().exp_()'],
      [(x) => x.clone().clamp_(-1, 0.5), 'x.clone().clamp_(-1, 0.5)'],
      [(x) => x.clone().pow_(2), 'x.clone().pow_(2)'],
      [(x) => x.clone().abs_().sqrt_(), 'x.clone().abs_().sqrt_()'],
      [(x) => x.clone().neg_().round_(), 'x.clone().neg_().round_()'],
      [(x) => x.clone().tril_(1), 'x.clone().tril_(1)'],
      [(x) => x.clone().addcmul_(x, x, { value: 0.5 }), 'x.clone().addcmul_(x, x, value=0.5)'],
      [(x) => x.clone().lerp_(x.exp(), 0.25), 'x.clone().lerp_(x.exp(), 0.25)'],
    ]),
  ),
  ...op(
    'functions whose operand PyTorch cannot differentiate once it is overwritten',
    each(fixed(square), [
      [(x) => x.clone().tanh_().asin_().acos_(), 'x.clone().tanh_().asin_().acos_()'],
      [(x) => x.clone().erfc_().sinh_().asinh_(), 'x.clone().erfc_().sinh_().asinh_()'],
      [(x) => x.clone().cosh_().acosh_().sinc_(), 'x.clone().cosh_().acosh_().sinc_()'],
      [(x) => x.clone().atan_().sin_().atanh_(), 'x.clone().atan_().sin_().atanh_()'],
      [(x) => x.clone().frac_().deg2rad_().rad2deg_(), 'x.clone().frac_().deg2rad_().rad2deg_()'],
      [(x) => x.clone().log_().nanToNum_(2), 'x.clone().log_().nan_to_num_(2)'],
      [(x) => x.clone().atan2_(x).hypot_(x).xlogy_(x.square()), 'x.clone().atan2_(x).hypot_(x).xlogy_(x.square())'],
    ]),
  ),
  ...op(
    'fill_',
    onEach(
      cubes,
      (x) => after(x.mul(1), (z) => z.select(1, 0).fill_(2)),
      '(lambda z: (z.select(1, 0).fill_(2), z)[1])(x * 1)',
    ),
  ),
  ...op('fill_ alone', [
    ['a tensor', { x: square, y: f32([]) }, ({ x, y }) => x.clone().fill_(y.detach()), 'x.clone().fill_(y.detach())'],
    ['nothing', { x: f32([0, 3]) }, ({ x }) => x.clone().fill_(1), 'x.clone().fill_(1)'],
  ]),
  ...op('zero_', [
    ...onEach(
      cubes,
      (x) => after(x.mul(3), (z) => z.select(-1, 0).zero_()),
      '(lambda z: (z.select(-1, 0).zero_(), z)[1])(x * 3)',
    ),
    ['what follows', { x: square }, ({ x }) => x.mul(2).zero_().add(x), '(x * 2).zero_() + x'],
    ['nothing', { x: f32([0, 3]) }, ({ x }) => x.clone().zero_(), 'x.clone().zero_()'],
  ]),
  ...op('copy_', [
    ['plain', xy, ({ x, y }) => x.clone().copy_(y), 'x.clone().copy_(y)'],
    ['broadcast and converted', { x: square, y: i32([5]) }, ({ x, y }) => x.clone().copy_(y), 'x.clone().copy_(y)'],
    [
      'of a view',
      xy,
      ({ x, y }) => after(x.clone(), (z) => z.slice(1, 1, 3).copy_(y.slice(1, 0, 2))),
      '(lambda z: (z[:, 1:3].copy_(y[:, 0:2]), z)[1])(x.clone())',
    ],
    [
      'into zeros',
      xy,
      ({ x, y }) =>
        after(torch.zeros([4, 5], { device: x.device }), (z) => z.select(0, 1).copy_(y.select(0, 2))).mul(x),
      '(lambda z: (z[1].copy_(y[2]), z)[1])(torch.zeros(4, 5)) * x',
    ],
    [
      'from a permuted one',
      { x: square, y: permuted(square) },
      ({ x, y }) => x.clone().copy_(y).mul(x),
      'x.clone().copy_(y) * x',
    ],
    [
      'from every second',
      { x: square, y: stepped(f32([4, 1])) },
      ({ x, y }) => x.clone().copy_(y),
      'x.clone().copy_(y)',
    ],
    ['halves', { x: f16([3]), y: f32([3]) }, ({ x, y }) => x.clone().copy_(y), 'x.clone().copy_(y)'],
    ['a scalar', { x: f32([]), y: f32([]) }, ({ x, y }) => x.clone().copy_(y), 'x.clone().copy_(y)'],
    ['nothing', { x: f32([0, 3]), y: f32([1, 3]) }, ({ x, y }) => x.clone().copy_(y), 'x.clone().copy_(y)'],
  ]),
  ...op('through views', [
    [
      'a row',
      xy,
      ({ x, y }) => after(x.clone(), (z) => z.select(0, 1).mul_(y.select(0, 0))),
      '(lambda z: (z[1].mul_(y[0]), z)[1])(x.clone())',
    ],
    [
      'a column',
      xy,
      ({ x, y }) => after(x.mul(3), (z) => z.select(1, -1).add_(y.select(1, 0))),
      '(lambda z: (z[:, -1].add_(y[:, 0]), z)[1])(x * 3)',
    ],
    [
      'steps',
      { x: square },
      ({ x }) => after(x.clone(), (z) => z.slice(0, 1, 4, 2).exp_()),
      '(lambda z: (z[1:4:2].exp_(), z)[1])(x.clone())',
    ],
    [
      'a transpose',
      xy,
      ({ x, y }) => after(x.clone(), (z) => z.t().mul_(y.t())),
      '(lambda z: (z.t().mul_(y.t()), z)[1])(x.clone())',
    ],
    [
      'a view of views',
      { x: f32([2, 3, 4]) },
      ({ x }) => after(x.clone(), (z) => z.transpose(0, 2).select(0, 1).slice(0, 1).unsqueeze(0).add_(7)),
      '(lambda z: (z.transpose(0, 2)[1][1:].unsqueeze(0).add_(7), z)[1])(x.clone())',
    ],
    [
      'a reshape',
      { x: square },
      ({ x }) => after(x.clone(), (z) => z.reshape(2, 10).slice(1, 3, 5).zero_()),
      '(lambda z: (z.view(2, 10)[:, 3:5].zero_(), z)[1])(x.clone())',
    ],
    [
      'the diagonal',
      { x: square },
      ({ x }) => after(x.clone(), (z) => z.diagonal(1).fill_(-1)),
      '(lambda z: (z.diagonal(1).fill_(-1), z)[1])(x.clone())',
    ],
    [
      'the view sees its base change',
      { x: square },
      ({ x }) => {
        const z = x.clone();
        const row = z.select(0, 2);
        z.mul_(10);
        return [z, row];
      },
      '(lambda z: (lambda row: (z.mul_(10), (z, row))[1])(z[2]))(x.clone())',
    ],
    [
      'a view sees another',
      { x: square },
      ({ x }) => {
        const z = x.clone();
        const [a, b] = [z.slice(0, 0, 3), z.slice(0, 1, 4)];
        a.mul_(2);
        b.add_(1);
        return [z, a, b];
      },
      '(lambda z: (lambda a, b: (a.mul_(2), b.add_(1), (z, a, b))[2])(z[0:3], z[1:4]))(x.clone())',
    ],
    [
      'parts of a split',
      { x: square },
      ({ x }) => after(x.clone(), (z) => z.split(2, 1)[1].mul_(-1)),
      '(lambda z: (z[:, 2:4].mul_(-1), z)[1])(x.clone())',
    ],
    [
      'an untracked base',
      { x: fixed(square), y: f32([5]) },
      ({ x, y }) => after(x.clone(), (z) => z.select(0, 3).mul_(y)),
      '(lambda z: (z[3].mul_(y), z)[1])(x.clone())',
    ],
    [
      'views in memory',
      { x: permuted(square), y: stepped(f32([4, 5])) },
      ({ x, y }) => after(x.mul(1), (z) => z.slice(1, 2).add_(y.slice(1, 0, 3))),
      '(lambda z: (z[:, 2:].add_(y[:, 0:3]), z)[1])(x * 1)',
    ],
  ]),
  ...op('by index', [
    [
      'maskedFill_',
      { x: square, m: bool([4, 5]) },
      ({ x, m }) => x.clone().maskedFill_(m, 0),
      'x.clone().masked_fill_(m, 0)',
    ],
    [
      'maskedFill_ of a view',
      { x: square, m: bool([5]) },
      ({ x, m }) => after(x.clone(), (z) => z.select(0, 0).maskedFill_(m, -9)),
      '(lambda z: (z[0].masked_fill_(m, -9), z)[1])(x.clone())',
    ],
    [
      'scatter_',
      { x: square, i: i32([1, 5], [0, 3, 2, 1, 0]), s: f32([1, 5]) },
      ({ x, i, s }) => x.clone().scatter_(0, i, s),
      'x.clone().scatter_(0, i.long(), s)',
    ],
    [
      'scatterAdd_',
      { x: square, i: i32([4, 3], [0, 4, 2, 1, 1, 0, 3, 3, 3, 2, 1, 0]), s: f32([4, 3]) },
      ({ x, i, s }) => x.clone().scatterAdd_(1, i, s),
      'x.clone().scatter_add_(1, i.long(), s)',
    ],
    [
      'indexAdd_',
      { x: square, i: i32([3], [2, 0, 2]), s: f32([3, 5]) },
      ({ x, i, s }) => x.clone().indexAdd_(0, i, s),
      'x.clone().index_add_(0, i, s)',
    ],
    [
      'indexCopy_',
      { x: square, i: i32([2], [2, 0]), s: f32([2, 5]) },
      ({ x, i, s }) => x.clone().indexCopy_(0, i, s),
      'x.clone().index_copy_(0, i.long(), s)',
    ],
    [
      'indexFill_',
      { x: square, i: i32([2], [4, 0]) },
      ({ x, i }) => x.clone().indexFill_(1, i, 3),
      'x.clone().index_fill_(1, i.long(), 3)',
    ],
    [
      'addmm_',
      { c: f32([3, 2]), a: f32([3, 4]), b: f32([4, 2]) },
      ({ c, a, b }) => c.clone().addmm_(a, b, { beta: 0.5 }),
      'c.clone().addmm_(a, b, beta=0.5)',
      { length: 16 },
    ],
    [
      'addmv_',
      { c: f32([3]), a: f32([3, 4]), b: f32([4]) },
      ({ c, a, b }) => c.clone().addmv_(a, b, { alpha: 2 }),
      'c.clone().addmv_(a, b, alpha=2)',
      { length: 16 },
    ],
  ]),
];
