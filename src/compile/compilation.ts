/**
 * @file The record of a compilation, as plain data: what each pass made of the graph, the kernels of the schedule, and
 * the pairs of operations that are not fused. All figures are computed: bytes are those of the buffers that a kernel
 * binds, each once for reading and once for writing; operations are those of the direct method.
 */
import type { CompilationMessage } from '../base/compilation-message.ts';
import type { DType } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import type { Direction, PairedComparison, WrongOutput } from '../dnn/choice/records.ts';

/** One operation, or several that a pass made one. */
export interface CompiledOperation {
  /** `'relu'`; `'conv2d+add+relu'`. */
  readonly name: string;
  readonly shape: Shape;
  /** Lines of the program that recorded it, from 1, where known. */
  readonly lines: readonly number[];
}

export interface Costs {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly flops: number;
}

/**
 * The graph after a pass, and what it would cost as it is. The first is what was recorded, in operations that have
 * kernels.
 */
export interface PassRecord extends Costs {
  readonly name: string;
  readonly about: string;
  readonly nodes: number;
  readonly kernels: number;
  /** Empty where there are too many nodes to look at. */
  readonly graph: readonly GraphNode[];
}

/** A node of a graph, as it is drawn. */
export interface GraphNode {
  /** The same after each pass. */
  readonly id: number;
  /** A view costs no kernel: whoever reads it reads what lies behind it. */
  readonly kind: 'weight' | 'input' | 'constant' | 'view' | 'computed';
  /** `'relu'`; `'conv2d+add+relu'`. */
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Nodes that it reads, each once. */
  readonly inputs: readonly number[];
  /** The recorded nodes that it computes, numbered as in kernels. */
  readonly parts: readonly number[];
  readonly lines: readonly number[];
  /** Of what it computes, by the direct method. */
  readonly flops: number;
  /** The module's call that recorded it: `'SimpleCNN.features.0 (Conv2d)'`. */
  readonly layer?: string;
  /** Equal for those that share a kernel without being one node. */
  readonly group?: number;
  /** The program asked for its value. */
  readonly isTarget: boolean;
}

/** A kernel in a list of compilations. */
export interface KernelPlace {
  readonly schedule: number;
  readonly kernel: number;
}

export interface KernelRecord extends Costs {
  readonly name: string;
  readonly operations: readonly CompiledOperation[];
  /** It runs once for as long as the weights stay that it reads. */
  readonly once: boolean;
  /** The recorded nodes that it helps to compute, by number. */
  readonly nodes: readonly number[];
  /** Storage buffers that it binds. */
  readonly buffers: number;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** Paths below shaders/. */
  readonly files: readonly string[];
  /** WGSL that was made for it. */
  readonly generated?: string;
}

export interface UnfusedRecord {
  readonly producer: CompiledOperation;
  readonly consumer: CompiledOperation;
  /** Both in the last graph, by number. */
  readonly edge: readonly [producer: number, consumer: number];
  readonly reason: string;
}

/** What a value costs that is computed again instead of kept. */
export interface AgainRecord {
  readonly operation: CompiledOperation;
  /** So often beyond the first. */
  readonly times: number;
  /** Of all these times. */
  readonly flops: number;
}

/** What a schedule takes beside the values that it reads, in bytes. */
export interface MemoryRecord {
  /** Of all intermediates, if each had memory of its own. */
  readonly intermediates: number;
  /** Of the memory that they share. */
  readonly shared: number;
  readonly results: number;
  /** Where memory was short: what there was for intermediates, what they would share, and what is computed again. */
  readonly thrift?: { readonly room: number; readonly before: number; readonly again: readonly AgainRecord[] };
}

export interface Compilation {
  /** The graph as the program recorded it. */
  readonly recorded: readonly GraphNode[];
  readonly passes: readonly PassRecord[];
  readonly kernels: readonly KernelRecord[];
  readonly unfused: readonly UnfusedRecord[];
  readonly memory: MemoryRecord;
}

/** A kernel as the driver gets it: its spec block, its files, what was generated. */
export interface KernelText {
  readonly label: string;
  readonly code: string;
  /** Which lines came from where. */
  readonly segments: readonly {
    /** `shaders/pool/1_direct.wgsl`, or `spec block of …`. */
    readonly file: string;
    /** From 1. */
    readonly start: number;
    readonly lines: number;
  }[];
  /** How a program brings it as a convolution of its own, or why it cannot; absent where it is no convolution's. */
  readonly candidate?: CandidateForm | { readonly refusal: string };
}

/** What `dnn.customConvolution` is told of a kernel of ours, beside its text. */
export interface CandidateForm {
  readonly direction: Direction;
  /** The problem that its grid and constants are for. */
  readonly only: string;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** Invocations of a workgroup. */
  readonly group: number;
  /** Files that it is linked with in any case, paths below shaders/. */
  readonly given: readonly string[];
}

/** What the compiler says of a kernel's text. */
export interface KernelCheck {
  /** It has no errors. */
  readonly ok: boolean;
  readonly messages: readonly CompilationMessage[];
}

/** A kernel's times in the rounds that it ran, in milliseconds. */
export interface TrialTimes {
  readonly medianMs: number;
  /** Interquartile range over the median. */
  readonly spread: number;
  /** One execution, by round. */
  readonly samplesMs: readonly number[];
}

/** An edited kernel that ran in the place of the one that it was made of, on the same buffers. */
export interface KernelTrial extends KernelCheck {
  /** It compiled, ended, and wrote what it should: what else there is to know is in `reason`. */
  readonly ok: boolean;
  /** Why it is not ok, in a sentence; absent where it is, or where `messages` say it. */
  readonly reason?: string;
  readonly firstDifference?: WrongOutput;
  /** What its output was compared with. */
  readonly comparedWith?: 'float64 reference' | 'shipped kernel';
  /** Largest |error| over the rms of what it was compared with, and what is allowed. */
  readonly maxError?: number;
  readonly tolerance?: number;
  /** Both kernels, in the same rounds. */
  readonly shipped?: TrialTimes;
  readonly edited?: TrialTimes;
  /** How much slower the edited one is; less than 0 where it is faster. */
  readonly behind?: PairedComparison;
  readonly clock?: { readonly kind: 'timestamp-query' | 'wall'; readonly quantumNs: number };
}
