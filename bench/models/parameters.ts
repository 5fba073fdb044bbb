/**
 * @file The weights, inputs and classes of a workload: the same plain arrays for every side, found by walking through
 * the model once.
 */
import { generator, numbers, sizeOf } from '../draw.ts';
import type { Layers } from './layers.ts';
import type { Workload } from './workloads.ts';

export interface Parameter {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
  /** A running statistic, which no step learns. */
  readonly fixed: boolean;
  /** Those of the convolution that it belongs to. */
  readonly groups: number;
}

export type Parameters = ReadonlyMap<string, Parameter>;

export interface Data {
  readonly parameters: Parameters;
  readonly input: Float32Array<ArrayBuffer>;
  /** The class of each row, for training. */
  readonly classes: Int32Array<ArrayBuffer>;
}

export function dataOf({ build, input, output }: Workload): Data {
  const draw = generator(1);
  const parameters = new Map<string, Parameter>();
  const put = (
    name: string,
    shape: readonly number[],
    low: number,
    high: number,
    { fixed = false, groups = 1 } = {},
  ): void => {
    const data = Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * draw());
    parameters.set(name, { shape, data, fixed, groups });
  };
  /** He's initialization: activations keep their size through rectifiers. */
  const weight = (name: string, shape: readonly number[], groups = 1): void => {
    const reach = Math.sqrt(6 / sizeOf(shape.slice(1)));
    put(`${name}.weight`, shape, -reach, reach, { groups });
  };
  const scales = (name: string, size: number): void => {
    put(`${name}.weight`, [size], 0.5, 1);
    put(`${name}.bias`, [size], -0.1, 0.1);
  };
  const nothing = (): void => {};
  const declared: Layers<void> = {
    conv: (_, name, { shape, groups, bias = false }) => {
      weight(name, shape, groups);
      if (bias) put(`${name}.bias`, [shape[0]], -0.1, 0.1);
    },
    norm: (_, name, channels) => {
      scales(name, channels);
      put(`${name}.running_mean`, [channels], -0.1, 0.1, { fixed: true });
      put(`${name}.running_var`, [channels], 0.5, 1.5, { fixed: true });
    },
    layerNorm: (_, name, features) => scales(name, features),
    linear: (_, name, from, to) => {
      weight(name, [to, from]);
      put(`${name}.bias`, [to], -0.1, 0.1);
    },
    relu: nothing,
    relu6: nothing,
    maxPool: nothing,
    meanPool: nothing,
    upsample: nothing,
    add: nothing,
    concat: nothing,
    flatten: nothing,
    attention: nothing,
  };
  build(declared, undefined);
  return {
    parameters,
    input: numbers(sizeOf(input), draw),
    classes: Int32Array.from({ length: output[0] }, () => Math.floor(output[1] * draw())),
  };
}
