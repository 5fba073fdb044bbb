/**
 * @file Which convolutions Winograd's algorithms take (cuDNN's conditions), and how far their rounding goes.
 */
import type { MathType } from '../choice/records.ts';
import type { ConvConfig } from './algorithm.ts';
import { strideOrDilation } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';

/** Why the filter or its steps rule Winograd out, or `undefined`. */
export function winogradFilterSize(d: ConvDescriptor, sizes: readonly number[]): string | undefined {
  if (d.R !== d.S || !sizes.includes(d.R))
    return `needs a filter of ${sizes.map((size) => `${size}×${size}`).join(' or ')}, got ${d.R}×${d.S}`;
  return strideOrDilation(d);
}

/**
 * Largest |error| over the reference's rms with α = 6: the transforms multiply rounding errors by up to the points'
 * powers. In float16 the transformed numbers and the sums of a few products have eleven bits, however deep the product
 * is.
 */
export const winogradTolerances: Record<MathType, number> = { FMA: 1e-4, HALF: 3e-3, HALF_ARITHMETIC: 0.1 };
export const winogradTolerance = (_: ConvDescriptor, { mathType }: ConvConfig): number => winogradTolerances[mathType];

/** Bytes of a transformed number. Products of them are float32 always. */
export const transformedBytes = (mathType: MathType): number => (mathType === 'HALF_ARITHMETIC' ? 2 : 4);
