/**
 * @file A problem: one descriptor of one operation with all algorithms that may solve it, in the form that choosing,
 * measuring and explaining share. Convolution, matmul, pooling and attention each make theirs.
 */
import type { Algorithm, Config, Slots } from './algorithm.ts';
import type { FloatType } from './kernels/epilogue.ts';
import type { AlgorithmChoice, Direction } from './choice/records.ts';

/** A buffer of the problem, under its role: `x`, `w`, `y`, `bias`. */
export interface Operand {
  readonly role: string;
  readonly elements: number;
  readonly dtype: FloatType | 'int32';
  readonly access: 'read' | 'write';
  /** Sums that are made for it, where not each of them is kept. */
  readonly sums?: number;
  /** Sizes by dimension, where the elements are contiguous: verification looks at corners and edges. */
  readonly shape?: readonly number[];
  /** What measuring fills it with, where random numbers in (−1, 1) would mean nothing. */
  readonly example?: () => Float64Array;
}

export interface Problem<D = any, S extends Slots = any> {
  readonly operation: AlgorithmChoice['operation'];
  readonly direction: Direction;
  readonly desc: D;
  /** Equal keys, equal work. */
  readonly key: string;
  /** One line for people. */
  readonly description: string;
  /**
   * Two of one name are two ways of that algorithm: to end in all of a fused group, and to leave its last step unfused.
   */
  readonly algorithms: readonly Algorithm<D, S>[];
  readonly operands: readonly Operand[];
  /**
   * Not what `torch.backends.cudnn.benchmark` is for, since cuDNN has nothing like it: only `mode: 'max-autotune'`
   * measures it.
   */
  readonly beyondCudnn?: true;
  /** Multiplications and additions of the direct method. */
  readonly flops: number;
  /** Those of the reference of one element, where they are more than an element's share of `flops`. */
  readonly elementFlops?: number;
  /** Elements of the written operand at the flat indices `at`, in float64, from the read operands by role. */
  readonly reference: (inputs: Readonly<Record<string, Float64Array>>, at: Uint32Array) => Float64Array;
  readonly describeElement?: (element: number) => ElementStory;
}

/** An element of the output, for people. */
export interface ElementStory {
  /** `'y[0, 3, 5, 7]'`. */
  readonly place: string;
  /** What it is the sum over: `'x[0, 0–2, 4–6, 6–8] × w[3, 0–2, 0–2, 0–2]'`. */
  readonly reads: string;
}

/** A choice: which algorithm runs, how, with how much workspace. */
export interface Plan<D = any, S extends Slots = any> {
  readonly algorithm: Algorithm<D, S>;
  readonly config: Config;
  readonly workspace: readonly number[];
}

/** A problem that is part of another one, and how it is solved. */
export interface Step {
  readonly problem: Problem;
  readonly plan: Plan;
}
