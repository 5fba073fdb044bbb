/**
 * @file The elements of a tensor as PyTorch prints them (torch/_tensor_str.py with its defaults): four digits, all of
 * one width, rows cut at 80 columns, the first and last three along each dimension of tensors of more than 1,000
 * elements.
 *
 * Floats share one style. Whole numbers print as `1.`; where the largest is above 1e8 or above 1,000 times the
 * smallest, or where fractions are below 1e-4, all print as `1.0000e-05`; else as `1.5000`. What decides are the
 * elements shown that are finite and not 0.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { isFloat, numberOf } from '../base/dtype.ts';
import { repr } from '../base/python.ts';
import type { Shape } from '../base/shape.ts';
import { contiguousStrides, sizeOf } from '../base/shape.ts';

const precision = 4;
const threshold = 1000;
const edgeItems = 3;
export const lineWidth = 80;

/** The elements that are shown, nested as the dimensions are; `undefined` stands for those left out. */
type Excerpt = number | undefined | Excerpt[];

interface Style {
  /** The width to which elements are filled up on the left. */
  readonly width: number;
  readonly text: (value: number) => string;
}

/** `host` in nested brackets; further lines are indented by `indent` columns and one for each bracket that is open. */
export function formatElements(shape: Shape, dtype: DType, host: HostArray, indent: number): string {
  if (host.length === 0) return '[]';
  const shown = pick(shape, dtype, host);
  const values = numbersOf(shown);
  return layOut(shown, shape.length, indent, isFloat(dtype) ? floatStyle(values) : wholeStyle(values, dtype));
}

function pick(shape: Shape, dtype: DType, host: HostArray): Excerpt {
  const strides = contiguousStrides(shape);
  const isSummary = sizeOf(shape) > threshold;
  const along = (dim: number, at: number): Excerpt => {
    if (dim === shape.length) return numberOf(dtype, host[at]);
    const part = (from: number, to: number): Excerpt[] =>
      Array.from({ length: to - from }, (_, i) => along(dim + 1, at + (from + i) * strides[dim]));
    const size = shape[dim];
    return isSummary && size > 2 * edgeItems
      ? [...part(0, edgeItems), undefined, ...part(size - edgeItems, size)]
      : part(0, size);
  };
  return along(0, 0);
}

const numbersOf = (shown: Excerpt): number[] =>
  Array.isArray(shown) ? shown.flatMap(numbersOf) : shown === undefined ? [] : [shown];

function layOut(shown: Excerpt, rank: number, indent: number, style: Style): string {
  if (!Array.isArray(shown)) return pad(shown!, style);
  const below = ' '.repeat(indent + 1);
  if (rank > 1) {
    const parts = shown.map((part) => (part === undefined ? '...' : layOut(part, rank - 1, indent + 1, style)));
    return `[${parts.join(`,${'\n'.repeat(rank - 1)}${below}`)}]`;
  }
  const perLine = Math.max(1, Math.floor((lineWidth - indent) / (style.width + 2)));
  const texts = shown.map((value) => (value === undefined ? ' ...' : pad(value as number, style)));
  const lines = Array.from({ length: Math.ceil(texts.length / perLine) }, (_, i) =>
    texts.slice(i * perLine, (i + 1) * perLine).join(', '),
  );
  return `[${lines.join(`,\n${below}`)}]`;
}

const pad = (value: number, { width, text }: Style): string => text(value).padStart(width);

const widest = (values: readonly number[], text: (value: number) => string): number =>
  values.reduce((width, v) => Math.max(width, text(v).length), 1);

function wholeStyle(values: readonly number[], dtype: DType): Style {
  const text = dtype === 'bool' ? (v: number): string => repr(v !== 0) : String;
  return { width: widest(values, text), text };
}

/** Zeros, infinities and NaN count neither for the style nor for the width. */
function floatStyle(values: readonly number[]): Style {
  const counted = values.filter((v) => v !== 0 && Number.isFinite(v));
  const [min, max] = counted.reduce(
    ([low, high], v) => [Math.min(low, Math.abs(v)), Math.max(high, Math.abs(v))],
    [Infinity, 0],
  );
  const areWhole = counted.every(Number.isInteger);
  const isScientific = max / min > 1000 || max > 1e8 || (!areWhole && min < 1e-4);
  const magnitude = isScientific ? scientific : areWhole ? (a: number): string => `${a}.` : fixed;
  const text = (v: number): string => {
    if (Number.isNaN(v)) return 'nan';
    const sign = v < 0 || Object.is(v, -0) ? '-' : '';
    return sign + (Number.isFinite(v) ? magnitude(Math.abs(v)) : 'inf');
  };
  return { width: widest(counted, text), text };
}

const fixed = (a: number): string => halfToEven(a, (digits) => a.toFixed(digits));

const scientific = (a: number): string =>
  halfToEven(a, (digits) => a.toExponential(digits)).replace(/(?<=e[+-])(?=\d$)/, '0');

const tieAtEven = new RegExp(`^(\\d+\\.\\d{${precision - 1}}[02468])50*(e.*)?$`);

/**
 * JavaScript rounds a tie up, Python to the even digit: 0.03125 is 0.0312. What one more digit gives exactly may be a
 * tie; many more tell.
 */
function halfToEven(a: number, write: (digits: number) => string): string {
  const tie = Number(write(precision + 1)) === a ? tieAtEven.exec(write(60)) : null;
  return tie ? tie[1] + (tie[2] ?? '') : write(precision);
}
