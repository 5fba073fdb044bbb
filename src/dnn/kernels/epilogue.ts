/**
 * @file The epilogue: what a kernel does to a sum while it is still in a register, instead of another kernel that reads
 * and writes all of the output again. y = activation(sum + bias[channel] + residual[index]), and where it ends in a
 * pool, the largest of four of them.
 */
import type { Binding, KernelPart } from '../../gpu/kernel.ts';
import { reads } from '../../gpu/kernel.ts';
import type { Activation, Epilogue, Pool } from '../../graph/ops/conv2d-fused.ts';
import { appliedBy } from '../../graph/ops/conv2d-fused.ts';
import { literal } from '../../graph/ops/elementwise/define.ts';
import type { Op } from '../../graph/types.ts';
import type { Slots } from '../algorithm.ts';
import type { MathType } from '../choice/records.ts';

export type { Activation, Epilogue, Pool } from '../../graph/ops/conv2d-fused.ts';

export const noEpilogue: Epilogue = { bias: false, residual: false, activation: 'identity' };

/** What floating-point operands are stored as. */
export type FloatType = 'float32' | 'float16';

/** What an epilogue adds to a kernel: `@group(1)` and `fn epilogue(sum, index, channel)`. */
export interface EpilogueParts {
  readonly part: KernelPart;
  readonly bindings: readonly Binding[] | undefined;
  /**
   * What a kernel stores one element for: each output pixel, or each window of the pool. Kernels have a file for
   * either.
   */
  readonly stores: 'pixels' | 'windows';
}

export function epilogueParts(epilogue: Epilogue, slots: Slots): EpilogueParts {
  const kind = epilogue.residual ? (epilogue.bias ? 'bias_residual' : 'residual') : epilogue.bias ? 'bias' : 'none';
  const bindings: Binding[] = [];
  if (epilogue.bias) bindings.push(reads(slots.bias!));
  if (epilogue.residual) bindings.push(reads(slots.residual!));
  return {
    part: {
      files: [
        ...mathFiles([appliedBy(epilogue.activation)?.op]),
        `epilogue/${kind}.wgsl`,
        ...(epilogue.pool ? ['epilogue/max_2x2.wgsl'] : []),
      ],
      generated: activate(epilogue.activation),
    },
    bindings: bindings.length ? bindings : undefined,
    stores: epilogue.pool ? 'windows' : 'pixels',
  };
}

/**
 * The files with what the formulas of operations call: the same order for the same set, so that equal kernels have
 * equal texts.
 */
export const mathFiles = (ops: readonly (Op | undefined)[]): string[] => [
  'lib/math.wgsl',
  ...[...new Set(ops.flatMap((op) => op?.elementwise!.uses ?? []))].sort().map((name) => `lib/${name}.wgsl`),
];

/** The activation of a sum, in float32: the formula of the operation that a program would record for it. */
function activate(activation: Activation): string {
  const applied = appliedBy(activation);
  const formula = applied?.op.elementwise!.wgsl(['x'], applied.attrs, {
    inputs: ['float32'],
    output: 'float32',
    parameter: literal,
  });
  return formula
    ? `\n// ${activation}\nfn activate(v: Acc) -> Acc { let x = f32(v); return Acc(${formula}); }\n`
    : '\nfn activate(v: Acc) -> Acc { return v; }\n';
}

/** `Elem` is what buffers hold. */
export const elementPart = (dtype: FloatType): KernelPart =>
  dtype === 'float16' ? { enable: ['f16'], alias: { Elem: 'f16' } } : { alias: { Elem: 'f32' } };

/** `Acc` is what sums are kept in. */
export const sumPart = (mathType: MathType): KernelPart =>
  mathType === 'HALF_ARITHMETIC' ? { enable: ['f16'], alias: { Acc: 'f16' } } : { alias: { Acc: 'f32' } };

/** FMA for float32; for float16 both kinds of arithmetic, accumulation in float32 first. */
export const mathTypes = ({ dtype }: { readonly dtype: FloatType }): readonly MathType[] =>
  dtype === 'float16' ? ['HALF', 'HALF_ARITHMETIC'] : ['FMA'];

export const elementBytes = ({ dtype }: { readonly dtype: FloatType }): number => (dtype === 'float16' ? 2 : 4);

/** Words that tell an epilogue, for descriptions. */
export const epilogueWords = ({ bias, residual, activation, pool }: Epilogue): string[] =>
  [
    bias && 'bias',
    residual && 'residual',
    activation !== 'identity' && activation,
    pool !== undefined && poolWords[pool],
  ].filter((word) => word !== false);

const poolWords: Record<Pool, string> = { 'max 2x2': 'max pool 2×2' };
