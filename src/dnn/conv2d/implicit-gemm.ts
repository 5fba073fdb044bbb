/**
 * @file IMPLICIT_GEMM: the matrix product of GEMM without its matrix; x is read where the matrix would have been. It
 * runs everything and needs no workspace.
 */
import { reads, writes } from '../../gpu/kernel.ts';
import { convAlgorithm, convParams } from './algorithm.ts';
import type { ImplicitConfig } from './implicit-product.ts';
import { implicitConfigs, implicitProduct } from './implicit-product.ts';

export const implicitGemm = convAlgorithm<ImplicitConfig>({
  name: 'IMPLICIT_GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: implicitConfigs,
  workspace: () => [],
  launches: (d, config, slots) => {
    const bindings = [reads(slots.x), reads(slots.w), writes(slots.y), convParams(d)];
    return [implicitProduct(d, config, slots, { name: 'gemm', parts: [], bindings })];
  },
});
