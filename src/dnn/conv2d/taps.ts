/**
 * @file What an element of a convolution's result is the sum over: the elements of both operands that it reads, for
 * people who look for the mistake in a kernel.
 */
import type { ElementStory } from '../problem.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels, storedShape } from './descriptor.ts';

/** Where the element at a flat index stands, and what it reads: `x[0, 0–2, 4–6, 6–8] × w[3, 0–2, 0–2, 0–2]`. */
export function describeElement(d: ConvDescriptor, element: number): ElementStory {
  return { forward: ofOutput, 'backward data': ofInput, 'backward filter': ofFilter }[d.direction](d, element);
}

/** Taps that meet the image, and the rows or columns that they read. */
interface Taps {
  readonly taps: readonly number[];
  readonly reads: readonly number[];
}

function ofOutput(d: ConvDescriptor, element: number): ElementStory {
  const [, K, height, width] = storedShape(d);
  const [n, k, row, column] = unflatten(element, K, height, width);
  const windows = d.epilogue.pool ? 2 : 1;
  const { Cg, Kg } = groupChannels(d);
  const first = Math.floor(k / Kg) * Cg;
  const down = overWindow(row * windows, windows, (p) => forwardTaps(p, d.strideH, d.padTop, d.dilationH, d.R, d.H));
  const across = overWindow(column * windows, windows, (q) =>
    forwardTaps(q, d.strideW, d.padLeft, d.dilationW, d.S, d.W),
  );
  return {
    place: `y[${n}, ${k}, ${row}, ${column}]`,
    reads: product(
      ['x', [[n], range(first, Cg), down.reads, across.reads]],
      ['w', [[k], range(0, Cg), down.taps, across.taps]],
    ),
  };
}

function ofInput(d: ConvDescriptor, element: number): ElementStory {
  const [n, c, h, v] = unflatten(element, d.C, d.H, d.W);
  const { Cg, Kg } = groupChannels(d);
  const filters = range(Math.floor(c / Cg) * Kg, Kg);
  const down = backwardTaps(h, d.strideH, d.padTop, d.dilationH, d.R, d.P);
  const across = backwardTaps(v, d.strideW, d.padLeft, d.dilationW, d.S, d.Q);
  return {
    place: `dx[${n}, ${c}, ${h}, ${v}]`,
    reads: product(
      ['dy', [[n], filters, down.reads, across.reads]],
      ['w', [filters, [c % Cg], down.taps, across.taps]],
    ),
  };
}

function ofFilter(d: ConvDescriptor, element: number): ElementStory {
  const { Cg, Kg } = groupChannels(d);
  const [k, cg, r, s] = unflatten(element, Cg, d.R, d.S);
  const c = Math.floor(k / Kg) * Cg + cg;
  const images = range(0, d.N);
  const down = outputsUnder(r * d.dilationH - d.padTop, d.strideH, d.H, d.P);
  const across = outputsUnder(s * d.dilationW - d.padLeft, d.strideW, d.W, d.Q);
  return {
    place: `dw[${k}, ${cg}, ${r}, ${s}]`,
    reads: product(['x', [images, [c], down.reads, across.reads]], ['dy', [images, [k], down.taps, across.taps]]),
  };
}

function forwardTaps(at: number, stride: number, pad: number, dilation: number, taps: number, size: number): Taps {
  return keep(
    range(0, taps),
    (tap) => at * stride - pad + tap * dilation,
    (read) => read >= 0 && read < size,
  );
}

function backwardTaps(at: number, stride: number, pad: number, dilation: number, taps: number, outputs: number): Taps {
  return keep(
    range(0, taps),
    (tap) => (at + pad - tap * dilation) / stride,
    (read) => Number.isInteger(read) && read >= 0 && read < outputs,
  );
}

const outputsUnder = (shift: number, stride: number, size: number, outputs: number): Taps =>
  keep(
    range(0, outputs),
    (output) => output * stride + shift,
    (read) => read >= 0 && read < size,
  );

function keep(taps: readonly number[], readBy: (tap: number) => number, isInside: (read: number) => boolean): Taps {
  const kept = taps.filter((tap) => isInside(readBy(tap)));
  return { taps: kept, reads: kept.map(readBy) };
}

/** All that the outputs of a pool's window read along one dimension. */
function overWindow(first: number, count: number, tapsAt: (at: number) => Taps): Taps {
  const all = range(first, count).map(tapsAt);
  return { taps: distinct(all.flatMap(({ taps }) => taps)), reads: distinct(all.flatMap(({ reads }) => reads)) };
}

type Operand = readonly [name: string, places: readonly (readonly number[])[]];

function product(...operands: readonly [Operand, Operand]): string {
  if (operands.some(([, places]) => places.some(({ length }) => length === 0))) return 'nothing: all of it is padding';
  return operands
    .map(([name, places]) => `${name}[${places.map((places) => placesText(places)).join(', ')}]`)
    .join(' × ');
}

/** `4`, `4–6`, `4–8 by 2`; few that lie unevenly are listed. */
function placesText(given: readonly number[]): string {
  const places = given.toSorted((a, b) => a - b);
  const [first, second] = places;
  const last = places.at(-1)!;
  if (places.length === 1) return `${first}`;
  const step = second - first;
  const isEven = places.every((place, i) => place === first + i * step);
  if (isEven) return step === 1 ? `${first}–${last}` : `${first}–${last} by ${step}`;
  return places.length <= 6 ? places.join(' ') : `${places.length} of ${first}–${last}`;
}

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);
const distinct = (values: readonly number[]): number[] => [...new Set(values)];

function unflatten(i: number, B: number, C: number, D: number): [number, number, number, number] {
  return [Math.floor(i / (B * C * D)), Math.floor(i / (C * D)) % B, Math.floor(i / D) % C, i % D];
}
