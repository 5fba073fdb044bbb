/**
 * @file What fills a tensor in place: numbers, another tensor's elements, random numbers. Every tensor that shares the
 * memory sees the change; autograd follows it, or says why it cannot. The in-place forms of operations are made beside
 * them (inplace-forms.ts).
 */
import { fail } from '../../base/errors.ts';
import { normal, uniformIn } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { encode, isFloat } from '../../base/dtype.ts';
import * as e from '../../graph/expr.ts';
import { overwrite } from '../../graph/ops/identity.ts';
import { leaf, record } from '../../graph/record.ts';
import { changeInPlace } from '../inplace.ts';
import { defaultGenerator } from '../random.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { toNodes } from './promote.ts';
import { expand } from './shape.ts';

const self = p.tensor('self');
const generator = p.generator('generator', null);

/** Every element becomes the value: a number, or a tensor without dimensions. */
const fill_ = fn('.fill_', [self, p.operand('value')], (self, value): Tensor => {
  if (typeof value === 'object' && value.ndim > 0)
    fail(`fill_: the value has shape ${value.shape}; expected a number or a tensor without dimensions`);
  return changeInPlace(self, 'fill_', (x) => new Tensor(e.expand(toNodes([value, x], x.dtype)[0], x.shape)));
});

/** Every element becomes 0. */
const zero_ = fn('.zero_', [self], (self): Tensor =>
  changeInPlace(self, 'zero_', (x) => new Tensor(e.fullLike(x.node, 0))),
);

/** Copies another tensor's elements, which broadcast and are converted and moved as needed. */
const copy_ = fn('.copy_', [self, p.tensor('src'), p.flag('nonBlocking', false)], (self, src): Tensor =>
  changeInPlace(
    self,
    'copy_',
    (x) => new Tensor(record(overwrite, [expand(src.to(x.device, x.dtype), x.shape).node, x.node], { through: false })),
  ),
);

/** Random numbers, uniform on [from, to). */
const uniform_ = fn(
  '.uniform_',
  [self, p.float('from', 0), p.float('to', 1), '*', generator],
  (self, from, to, generator): Tensor => {
    const draw = uniformIn(self.dtype);
    return drawn(self, 'uniform_', (n) => draw(generator ?? defaultGenerator, n, from, to));
  },
);

/** Random numbers, normal with this mean and standard deviation. */
const normal_ = fn(
  '.normal_',
  [self, p.float('mean', 0), p.float('std', 1), '*', generator],
  (self, mean, std, generator): Tensor =>
    drawn(self, 'normal_', (n) => normal(generator ?? defaultGenerator, n, mean, std)),
);

function drawn(self: Tensor, what: string, draw: (n: number) => Float32Array | Uint16Array): Tensor {
  if (!isFloat(self.dtype)) fail(`${what}: random numbers are floating, the tensor is ${self.dtype}`);
  const values = draw(sizeOf(self.shape));
  const host = values instanceof Uint16Array ? values : encode(self.dtype, values);
  return changeInPlace(self, what, (x) => new Tensor(leaf({ shape: x.shape, dtype: x.dtype }, x.node.device, host)));
}

const fills = { fill_, zero_, copy_, uniform_, normal_ };
methods(fills);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof fills> {}
}
