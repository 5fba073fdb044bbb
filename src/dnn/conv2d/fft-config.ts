/**
 * @file The configurations of FFT and FFT_TILING: how lines that are too long for registers are transformed, times how
 * the product is made, but only those that go together: what has barriers beside what has barriers, and the first of
 * what has none.
 */
import type { DeviceTraits } from '../algorithm.ts';
import type { MathType } from '../choice/records.ts';
import type { ConvConfig } from './algorithm.ts';
import type { Portion } from './fft-plan.ts';
import type { Alignment, FftProduct } from './fft-product.ts';
import { fftProducts } from './fft-product.ts';
import type { LongLines, Plane2d } from './fft-stages.ts';
import { hasLongLines } from './fft-stages.ts';

export interface FftConfig extends ConvConfig, FftProduct {
  readonly lines: LongLines;
  readonly portion: Portion;
}

/**
 * For products of `M`×`N` complex numbers; `portionOf` says how much of the work goes through the workspace at once, or
 * why nothing does.
 */
export function fftConfigs(
  size: Plane2d,
  { M, N }: { M: number; N: number },
  mathType: MathType,
  device: DeviceTraits,
  portionOf: (alignment: Alignment) => Portion | string,
): FftConfig[] {
  const products = fftProducts(M, N, device);
  const inRegisters = products.filter(({ shared }) => !shared);
  const tiled = products.filter(({ shared }) => shared);
  const pairs: [FftProduct, LongLines][] = [
    ...inRegisters.map((product): [FftProduct, LongLines] => [product, 'alone']),
    ...(hasLongLines(size) ? inRegisters.slice(0, 1) : []).map((product): [FftProduct, LongLines] => [
      product,
      'shared',
    ]),
    ...tiled.map((product): [FftProduct, LongLines] => [product, 'shared']),
  ];
  return pairs.flatMap(([product, lines]) => {
    const portion = portionOf(product);
    if (typeof portion === 'string') return [];
    const label = hasLongLines(size) && lines === 'shared' ? `${product.label}, lines by workgroups` : product.label;
    return [{ ...product, label, mathType, lines, portion }];
  });
}
