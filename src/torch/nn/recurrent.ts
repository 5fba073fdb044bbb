/**
 * @file nn.RNN, nn.LSTM (Hochreiter and Schmidhuber, Neural Computation 9(8), 1997), nn.GRU (Cho and others, EMNLP
 * 2014): a cell that is applied to one time step after another. What the inputs add to the gates is one product for all
 * steps.
 *
 * Fields that hold state have PyTorch's names, `weight_ih_l0` and so on, since they are the keys of the state dict.
 */
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import * as F from '../functional.ts';
import { fromHost, allocate, zeros } from '../creation.ts';
import { cat, stack } from '../ops/combine.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { Module } from './module.ts';
import { uniform_ } from './init.ts';
import { layer, placement, settings } from './layer.ts';
import { Parameter } from './parameter.ts';

/** A state's parts, [N, hiddenSize] each: h, and for an LSTM c. */
type State = readonly Tensor[];

/** From what the input (with its bias) adds to the gates, and the state before, to the next state. */
type Cell = (gates: Tensor, state: State, recur: (h: Tensor) => Tensor) => State;

interface Settings {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Layers one above the other. */
  readonly numLayers: number;
  /** Whether biases are learnt. */
  readonly bias: boolean;
  /** Sequences are [N, L, inputSize] rather than PyTorch's older [L, N, inputSize]. */
  readonly batchFirst: boolean;
  /** Drops between the layers while training. */
  readonly dropout: number;
  /** A second row of cells reads the sequence backwards; outputs are beside each other. */
  readonly bidirectional: boolean;
}

const directionsOf = ({ bidirectional }: Settings): number => (bidirectional ? 2 : 1);

/** What the names of a layer's weights end in, one for each direction. */
const suffixesOf = (settings: Settings, layer: number): string[] =>
  [`l${layer}`, `l${layer}_reverse`].slice(0, directionsOf(settings));

/** The settings and the weights, for so many gates. */
function fields<S extends Settings>(what: string, gates: number, settings: S): S {
  const { inputSize, hiddenSize, numLayers, bias, dropout } = settings;
  atLeastOne(what, { inputSize, hiddenSize, numLayers });
  if (!(dropout >= 0 && dropout <= 1)) fail(`${what}: dropout is ${dropout}; a probability is from 0 to 1`);
  const bound = 1 / Math.sqrt(hiddenSize);
  const parameter = (...shape: number[]): Parameter =>
    new Parameter(
      allocate(what, shape, 'float32', () =>
        uniform_(fromHost(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, 'float32'), -bound, bound),
      ),
    );
  const weights: Record<string, Parameter> = {};
  for (let layer = 0; layer < numLayers; layer++) {
    const width = layer === 0 ? inputSize : hiddenSize * directionsOf(settings);
    for (const suffix of suffixesOf(settings, layer)) {
      const rows = gates * hiddenSize;
      Object.assign(weights, {
        [`weight_ih_${suffix}`]: parameter(rows, width),
        [`weight_hh_${suffix}`]: parameter(rows, hiddenSize),
      });
      if (bias)
        Object.assign(weights, { [`bias_ih_${suffix}`]: parameter(rows), [`bias_hh_${suffix}`]: parameter(rows) });
    }
  }
  return { ...settings, ...weights };
}

/** What all three share: the walk along the sequence, layers and directions. */
class Recurrent<S> extends Module<[input: Tensor, hx?: S | null], [output: Tensor, state: S]> implements Settings {
  declare readonly inputSize: number;
  declare readonly hiddenSize: number;
  declare readonly numLayers: number;
  declare readonly bias: boolean;
  declare readonly batchFirst: boolean;
  declare readonly dropout: number;
  declare readonly bidirectional: boolean;

  /**
   * All layers over the sequence: the top one's outputs, and the last states of all, [layers · directions, N,
   * hiddenSize] each.
   */
  protected walk(input: Tensor, given: State | null, parts: number, cell: Cell): [output: Tensor, state: State] {
    const what = this.constructor.name;
    const { numLayers, batchFirst, dropout } = this;
    if (input.ndim !== 2 && input.ndim !== 3)
      fail(
        `${what}: the input has shape ${input.shape}; expected ${batchFirst ? '[N, L, ' : '[L, N, '}${this.inputSize}], or [L, ${this.inputSize}] for one sequence`,
      );
    if (input.shape.at(-1) !== this.inputSize)
      fail(
        `${what}: the input ${input.shape} has ${input.shape.at(-1)} features, the layer expects ${this.inputSize}; they are the last dimension`,
      );
    const isSingle = input.ndim === 2;
    const batchDim = isSingle || !batchFirst ? 1 : 0;
    let x = isSingle ? input.unsqueeze(1) : batchFirst ? input.transpose(0, 1) : input;
    const [length, batch] = x.shape;
    if (length === 0) fail(`${what}: the input ${input.shape} has no time steps; at least one is needed`);
    const first = this.firstState(given, parts, batch, isSingle, x);

    const last: Tensor[][] = Array.from({ length: parts }, () => []);
    for (let layer = 0; layer < numLayers; layer++) {
      const outputs = suffixesOf(this, layer).map((suffix, direction) => {
        const number = layer * directionsOf(this) + direction;
        const { steps, state } = this.run(
          x,
          suffix,
          first.map((part) => part.select(0, number)),
          direction === 1,
          cell,
        );
        state.forEach((part, i) => last[i].push(part));
        return stack(steps);
      });
      x = outputs.length === 1 ? outputs[0] : cat(outputs, -1);
      if (layer < numLayers - 1) x = F.dropout(x, dropout, this.training);
    }
    const output = isSingle ? x.squeeze(1) : batchDim === 0 ? x.transpose(0, 1) : x;
    return [output, last.map((parts) => (isSingle ? stack(parts).squeeze(1) : stack(parts)))];
  }

  /** One direction of one layer. */
  private run(
    x: Tensor,
    suffix: string,
    first: State,
    isReverse: boolean,
    cell: Cell,
  ): { steps: Tensor[]; state: State } {
    const weights = this as unknown as Record<string, Tensor | undefined>;
    const gates = F.linear(x, weights[`weight_ih_${suffix}`]!, weights[`bias_ih_${suffix}`]).unbind(0);
    const recur = (h: Tensor): Tensor => F.linear(h, weights[`weight_hh_${suffix}`]!, weights[`bias_hh_${suffix}`]);
    let state = first;
    const steps = (isReverse ? gates.toReversed() : gates).map((gate) => {
      state = cell(gate, state, recur);
      return state[0];
    });
    return { steps: isReverse ? steps.toReversed() : steps, state };
  }

  private firstState(given: State | null, parts: number, batch: number, isSingle: boolean, x: Tensor): State {
    const rows = this.numLayers * directionsOf(this);
    if (!given)
      return Array.from({ length: parts }, () =>
        zeros([rows, batch, this.hiddenSize], { dtype: x.dtype, device: x.device }),
      );
    const expected = isSingle ? [rows, this.hiddenSize] : [rows, batch, this.hiddenSize];
    for (const part of given)
      if (!sameShape(part.node.shape, expected))
        fail(
          `${this.constructor.name}: a state has shape ${part.shape}, expected [${expected.join(', ')}], [layers · directions${isSingle ? '' : ', N'}, hiddenSize]`,
        );
    return given.map((part) => (isSingle ? part.unsqueeze(1) : part));
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 2, without: ['nonlinearity'], changed: () => true });
  }
}

const shape = [p.int('inputSize'), p.int('hiddenSize'), p.int('numLayers', 1)] as const;
const switches = [
  p.flag('bias', true),
  p.flag('batchFirst', false),
  p.float('dropout', 0),
  p.flag('bidirectional', false),
] as const;
const oneState = [p.tensor('input'), p.tensor('hx', null)] as const;

/** h = tanh(W·x + b + U·h + c), or relu: `const [output, h] = new nn.RNN(8, 16)(x)`. */
export class RNN extends layer(
  Recurrent<Tensor>,
  'nn.RNN',
  [...shape, p.choice(['tanh', 'relu'])('nonlinearity', 'tanh'), ...switches, ...placement],
  (inputSize, hiddenSize, numLayers, nonlinearity, bias, batchFirst, dropout, bidirectional) =>
    fields('RNN', 1, { inputSize, hiddenSize, numLayers, nonlinearity, bias, batchFirst, dropout, bidirectional }),
  oneState,
) {
  override forward(input: Tensor, hx: Tensor | null = null): [output: Tensor, state: Tensor] {
    const f = F[this.nonlinearity];
    const [output, [last]] = this.walk(input, hx && [hx], 1, (gates, [h], recur) => [f(gates.add(recur(h)))]);
    return [output, last];
  }
}

export type TwoStates = readonly [h: Tensor, c: Tensor];
export const twoStates = p.kind<TwoStates>(
  'two tensors',
  '[h, c], as the call before returned it',
  (v) => Array.isArray(v) && v.length === 2 && v.every((t) => p.tensor('t').kind.takes(t)),
);

/**
 * Gates decide what a cell forgets, stores and outputs:
 * `const [output, [h, c]] = new nn.LSTM(8, 16, { batchFirst: true })(x)`.
 */
export class LSTM extends layer(
  Recurrent<TwoStates>,
  'nn.LSTM',
  [...shape, ...switches, p.refused('projSize', 0, 'project the outputs by nn.Linear'), ...placement],
  (inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional) =>
    fields('LSTM', 4, { inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional }),
  [p.tensor('input'), twoStates('hx', null)],
) {
  override forward(input: Tensor, hx: TwoStates | null = null): [output: Tensor, state: TwoStates] {
    const [output, [h, c]] = this.walk(input, hx, 2, (fromInput, [h0, c0], recur) => {
      const [i, f, g, o] = fromInput.add(recur(h0)).chunk(4, -1);
      const c1 = f.sigmoid().mul(c0).add(i.sigmoid().mul(g.tanh()));
      return [o.sigmoid().mul(c1.tanh()), c1];
    });
    return [output, [h, c]];
  }
}

/**
 * Gates decide how much of the state is kept and which part of it is read: `const [output, h] = new nn.GRU(8, 16)(x)`.
 */
export class GRU extends layer(
  Recurrent<Tensor>,
  'nn.GRU',
  [...shape, ...switches, ...placement],
  (inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional) =>
    fields('GRU', 3, { inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional }),
  oneState,
) {
  override forward(input: Tensor, hx: Tensor | null = null): [output: Tensor, state: Tensor] {
    const [output, [last]] = this.walk(input, hx && [hx], 1, (fromInput, [h], recur) => {
      const [xr, xz, xn] = fromInput.chunk(3, -1);
      const [hr, hz, hn] = recur(h).chunk(3, -1);
      const z = xz.add(hz).sigmoid();
      const n = xn.add(xr.add(hr).sigmoid().mul(hn)).tanh();
      return [n.add(z.mul(h.sub(n)))];
    });
    return [output, last];
  }
}
