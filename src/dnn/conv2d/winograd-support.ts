/**
 * @file Which convolutions Winograd's algorithms take (cuDNN's conditions), and how far their rounding goes.
 */
import { strideOrDilation } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';

/** Why the filter or its steps rule Winograd out, or `undefined`. */
export function winogradFilterSize(d: ConvDescriptor, sizes: readonly number[]): string | undefined {
  if (d.R !== d.S || !sizes.includes(d.R)) return `needs a filter of ${sizes.map((size) => `${size}×${size}`).join(' or ')}, got ${d.R}×${d.S}`;
  return strideOrDilation(d);
}

/** Largest |error| over the reference's rms with α = 6: the transforms multiply rounding errors by up to the points' powers. */
export const winogradTolerance = 1e-4;
