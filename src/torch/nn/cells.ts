/**
 * @file nn.RNNCell, nn.LSTMCell, nn.GRUCell: one time step of a recurrent layer, for loops of the program's own.
 *
 * Fields that hold state have PyTorch's names, since they are the keys of the state dict.
 */
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import * as F from '../functional.ts';
import { allocate, fromHost, zeros } from '../creation.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { uniform_ } from './init.ts';
import { layer, placement, settings } from './layer.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';
import { twoStates } from './recurrent.ts';
import type { TwoStates } from './recurrent.ts';

/** The weights of so many gates, with PyTorch's first values. */
function fields(what: string, gates: number, inputSize: number, hiddenSize: number, bias: boolean) {
  atLeastOne(what, { inputSize, hiddenSize });
  const bound = 1 / Math.sqrt(hiddenSize);
  const parameter = (...shape: number[]): Parameter =>
    new Parameter(
      allocate(what, shape, 'float32', () =>
        uniform_(fromHost(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, 'float32'), -bound, bound),
      ),
    );
  const rows = gates * hiddenSize;
  return {
    inputSize,
    hiddenSize,
    bias,
    weight_ih: parameter(rows, inputSize),
    weight_hh: parameter(rows, hiddenSize),
    bias_ih: bias ? parameter(rows) : null,
    bias_hh: bias ? parameter(rows) : null,
  };
}

/** What all three share. */
class Cell<S, Out> extends Module<[input: Tensor, hx?: S | null], Out> {
  declare readonly inputSize: number;
  declare readonly hiddenSize: number;
  declare readonly bias: boolean;
  declare weight_ih: Parameter;
  declare weight_hh: Parameter;
  declare bias_ih: Parameter | null;
  declare bias_hh: Parameter | null;

  /** What input and state add to the gates, [N, gates · hiddenSize] each. */
  protected gates(input: Tensor, h: Tensor): [fromInput: Tensor, fromState: Tensor] {
    return [F.linear(input, this.weight_ih, this.bias_ih), F.linear(h, this.weight_hh, this.bias_hh)];
  }

  /** The states given, or zeros: [N, hiddenSize], or [hiddenSize] for one input. */
  protected statesOf(input: Tensor, given: readonly Tensor[] | null, count: number): readonly Tensor[] {
    const what = this.constructor.name;
    if ((input.ndim !== 1 && input.ndim !== 2) || input.shape.at(-1) !== this.inputSize)
      fail(`${what}: the input has shape ${input.shape}; expected [N, ${this.inputSize}] or [${this.inputSize}]`);
    const expected = [...input.node.shape.slice(0, -1), this.hiddenSize];
    if (!given)
      return Array.from({ length: count }, () => zeros(expected, { dtype: input.dtype, device: input.device }));
    for (const part of given)
      if (!sameShape(part.node.shape, expected))
        fail(`${what}: a state has shape ${part.shape}, expected [${expected.join(', ')}]`);
    return given;
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 2, changed: () => true });
  }
}

const sizes = [p.int('inputSize'), p.int('hiddenSize'), p.flag('bias', true)] as const;
const oneState = [p.tensor('input'), p.tensor('hx', null)] as const;

/** h = tanh(W·x + b + U·h + c), or relu: `h = new nn.RNNCell(8, 16)(x, h)`. */
export class RNNCell extends layer(
  Cell<Tensor, Tensor>,
  'nn.RNNCell',
  [...sizes, p.choice(['tanh', 'relu'])('nonlinearity', 'tanh'), ...placement],
  (inputSize, hiddenSize, bias, nonlinearity) => ({
    ...fields('RNNCell', 1, inputSize, hiddenSize, bias),
    nonlinearity,
  }),
  oneState,
) {
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const [h] = this.statesOf(input, hx && [hx], 1);
    const [x, r] = this.gates(input, h);
    return F[this.nonlinearity](x.add(r));
  }
}

/** One step of an LSTM: `[h, c] = new nn.LSTMCell(8, 16)(x, [h, c])`. */
export class LSTMCell extends layer(
  Cell<TwoStates, TwoStates>,
  'nn.LSTMCell',
  [...sizes, ...placement],
  (inputSize, hiddenSize, bias) => fields('LSTMCell', 4, inputSize, hiddenSize, bias),
  [p.tensor('input'), twoStates('hx', null)],
) {
  override forward(input: Tensor, hx: TwoStates | null = null): TwoStates {
    const [h, c] = this.statesOf(input, hx, 2);
    const [x, r] = this.gates(input, h);
    const [i, f, g, o] = x.add(r).chunk(4, -1);
    const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    return [o.sigmoid().mul(next.tanh()), next];
  }
}

/** One step of a GRU: `h = new nn.GRUCell(8, 16)(x, h)`. */
export class GRUCell extends layer(
  Cell<Tensor, Tensor>,
  'nn.GRUCell',
  [...sizes, ...placement],
  (inputSize, hiddenSize, bias) => fields('GRUCell', 3, inputSize, hiddenSize, bias),
  oneState,
) {
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const [h] = this.statesOf(input, hx && [hx], 1);
    const [x, r] = this.gates(input, h);
    const [xr, xz, xn] = x.chunk(3, -1);
    const [hr, hz, hn] = r.chunk(3, -1);
    const z = xz.add(hz).sigmoid();
    const n = xn.add(xr.add(hr).sigmoid().mul(hn)).tanh();
    return n.add(z.mul(h.sub(n)));
  }
}
