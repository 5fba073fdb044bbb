/**
 * @file A logarithmic axis: plain numbers, no drawing.
 */

export interface Axis {
  readonly low: number;
  readonly high: number;
  /** The pixel of a value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly at: number }[];
}

/** From some way below the least value to some way above the greatest; `from` is the pixel of the lower end. */
export function logAxis(values: readonly number[], from: number, to: number): Axis {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.min(...known) / 1.8;
  const high = Math.max(...known) * 1.8;
  const span = Math.log10(high / low);
  const at = (value: number): number => from + (to - from) * (Math.log10(value / low) / span);
  return {
    low,
    high,
    at,
    ticks: ticksWithin(low, high, Math.abs(to - from)).map((value) => ({ value, at: at(value) })),
  };
}

/** Powers of ten; where those are few, 2 and 5 times them too; where they are many, each second or third. */
function ticksWithin(low: number, high: number, pixels: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Math.log10(high / low);
  const factors = decades < 2.2 && pixels / decades > 120 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((decades * 44) / pixels));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((power) => power % every === 0);
  return powers
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
    .filter((value) => value >= low && value <= high);
}

/** A tick's number: far from 1 as a power of ten. */
export function tickText(value: number): string {
  if (value >= 0.001 && value < 10_000) return String(value);
  const power = Math.floor(Math.log10(value) + 1e-9);
  const factor = Math.round(value / 10 ** power);
  return `${factor === 1 ? '' : `${factor}·`}10${raised(power)}`;
}

const raised = (power: number): string =>
  String(power).replaceAll(/./g, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(sign)]);
