/**
 * @file Images at another size: bilinear, with the filter as wide as the pixels that become one, so that a smaller
 * image is a mean and shows no moiré. These are the weights of PyTorch's `interpolate(mode='bilinear',
 * antialias=True)`, and so of torchvision's `resize`.
 */

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** What one output along a line is made of: elements from `first` on, each with its weight. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** `count` planes [count, from.height, from.width] as planes [count, to.height, to.width]. */
export function resample(planes: Float32Array, count: number, from: Size, to: Size): Float32Array {
  const wide = lines(planes, count * from.height, from.width, to.width, 1);
  return lines(wide, count, from.height, to.height, to.width);
}

/** Outer × `from` × inner elements as outer × `to` × inner. */
function lines(x: Float32Array, outer: number, from: number, to: number, inner: number): Float32Array {
  if (from === to) return x;
  const y = new Float32Array(outer * to * inner);
  for (const [i, { first, weights }] of tapsOf(from, to).entries()) {
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        let sum = 0;
        for (let j = 0; j < weights.length; j++) sum += weights[j] * x[(o * from + first + j) * inner + k];
        y[(o * to + i) * inner + k] = sum;
      }
    }
  }
  return y;
}

/** Triangles around the outputs' centres, in units of the input's elements; beyond the edge there is nothing. */
function tapsOf(from: number, to: number): Taps[] {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = scale * (i + 0.5);
    const first = Math.max(Math.trunc(centre - reach + 0.5), 0);
    const end = Math.min(Math.trunc(centre + reach + 0.5), from);
    const weights = Array.from({ length: end - first }, (__, j) =>
      Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / reach),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}
