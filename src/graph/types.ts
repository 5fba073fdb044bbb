/**
 * @file The graph: what a program records instead of running.
 *
 * A node is one operation with one output. What it computes never changes; only its value comes and goes (computed,
 * read back, freed). Eager execution, compilation, autograd, the graph view and the remote PyTorch program all read
 * this one structure.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import type { Assertion } from './assertion.ts';
import type { Call, Construction } from './call.ts';

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

export type DeviceType = 'webgpu' | 'cpu';

/** Operation attributes: plain data, so that a graph can be keyed, printed and sent. */
export type Attrs = Readonly<Record<string, unknown>>;

/** A realised value. `host` and `device` may both be present; `device` is owned by whoever executes (see compile/). */
export interface Value {
  host?: HostArray;
  device?: unknown;
  /** The host value has been uploaded before. */
  used?: boolean;
  /** What became of the assertions that it depends on, by whoever executes. */
  outcome?: unknown;
}

/** The call of an `nn.Module` in which a node was recorded. */
export interface Scope {
  /** Where the module hangs, as in `named_modules()`: `'layer1.0.conv1'`; the root is `''`. */
  readonly path: string;
  /** The class's name, `'Conv2d'`. */
  readonly type: string;
  /** How PyTorch constructs it; absent for a module the program defines itself. */
  readonly construction?: Construction;
  /** The precision that autocast cast to when it was called. */
  readonly autocast?: DType;
  /** Tells two calls of one module apart. */
  readonly call: number;
  /** What a module of PyTorch's was given and gave. */
  readonly pythonCall?: Call;
  readonly parent?: Scope;
}

/** Whether torch.compile has code, and where it measures algorithms for that code the mode that says so. */
export type CompileMode = boolean | 'max-autotune';

/**
 * What a node is a part of outside of its module's call: the gradient of another call, or a range that the program
 * names.
 */
export type Part = { readonly backwardOf: Scope } | { readonly range: string };

export interface Node extends TensorType {
  readonly id: number;
  readonly op: Op;
  /** Emptied once the value is there and nothing needs the history any more. */
  inputs: readonly Node[];
  readonly attrs: Attrs;
  readonly device: DeviceType;
  /** Whether gradients flow through it (PyTorch's `requires_grad`). */
  readonly requiresGrad: boolean;
  readonly scope?: Scope;
  /** Told by profiles, and by nothing else. */
  readonly part?: Part;
  /** The call of a function of PyTorch's that it was recorded for, with others. */
  readonly call?: Call;
  /** Recorded inside a compiled module, so that passes may fuse it with its neighbours. */
  readonly compiled: CompileMode;
  /**
   * The formula that it is part of, if any, of a gradient or a function: pointwise operations and reductions of one
   * formula may share a kernel, compiled or not.
   */
  readonly formula?: number;
  /** Operation, attributes and type as one string; equal keys and equal inputs mean equal values. */
  readonly key: string;
  value?: Value;
  /** The program may well ask for it, so a small value is kept when it is computed on the way. */
  visible: boolean;
  /** Another node was recorded from it. */
  read: boolean;
  /** It is a parameter or buffer of a module that has been called. */
  isState?: boolean;
  /**
   * What is computed in the same go wherever this is, as its operands are at hand then: the gradients of one backward
   * pass, and its loss.
   */
  together?: () => readonly Node[];
  /** A backward pass has used its history up, as PyTorch frees saved tensors. */
  freed?: boolean;
  /** Why its value is gone for good: told to whoever still needs it. */
  lost?: string;
}

/** Numbers of one operand of a reference, contiguous, as doubles. */
export interface Operand extends TensorType {
  readonly data: Float64Array;
}

export interface GradientCall<A> {
  readonly node: Node;
  readonly inputs: readonly Node[];
  readonly attrs: A;
  /** The gradient of the node's output. */
  readonly grad: Node;
  /** Whether input i needs one; a rule may skip work for others. */
  readonly needs: (i: number) => boolean;
}

/** Gradients by input, as nodes (so that they differentiate again); `undefined` where none flows. */
export type Gradient<A> = (call: GradientCall<A>) => readonly (Node | undefined)[];

/** Algorithms asked for by name, by the direction of the convolution. Each runs, or the error says why it cannot. */
export interface NamedAlgorithms {
  readonly forward?: string;
  readonly backwardData?: string;
  readonly backwardFilter?: string;
}

/** One operation; one file in `ops/` (elementwise ones: one row of its table). */
export interface Op<A = any> {
  readonly name: string;
  /** Shape and dtype of the output; throws where PyTorch would, in our words. */
  readonly infer: (inputs: readonly TensorType[], attrs: A) => TensorType;
  /** What must hold of what it computes; `undefined` where nothing can be wrong. */
  readonly assertion?: (inputs: readonly TensorType[], attrs: A) => Assertion | undefined;
  /** Plain loops on doubles, accumulating in float64. The caller rounds to the output's dtype. */
  readonly reference?: (inputs: readonly Operand[], attrs: A, output: TensorType) => Float64Array;
  /** Alternatively, the operation in terms of simpler ones. Exactly one of `reference` and `decompose` is given. */
  readonly decompose?: (inputs: readonly Node[], attrs: A) => Node;
  /** `'none'`: no gradient flows, as for comparisons. */
  readonly gradient: Gradient<A> | 'none';
  /** What the elements of its output are sums of; `'none'` where nothing is added up. */
  readonly sums: Sums<A> | 'none';
  /** The call in PyTorch, `F.conv2d(x, w)`; names are `torch`, `F`, `math`. */
  readonly python: (inputs: readonly string[], attrs: A, node: TensorType) => string;
  /** That call takes plain numbers where it takes scalar tensors. */
  readonly takesNumbers?: boolean;
  /** The operation that gives another result of the same work: where both are wanted, one kernel computes them. */
  readonly twin?: string;
  /** Each machine draws numbers of its own for it. */
  readonly random?: boolean;
  /** A pointwise operation: WGSL for scalars of the operands' types. */
  readonly elementwise?: Elementwise<A>;
  /** A view: the same elements under other strides. */
  readonly view?: (input: Layout, attrs: A, output: TensorType) => Layout | undefined;
}

/**
 * Sums of products: how far rounding carries goes with their length, how long the reference machine takes with their
 * number.
 */
export interface Sums<A> {
  /**
   * The first so many operands have the factors of each product; 1 where the elements of one are added up as they are.
   */
  readonly factors: number;
  /** Products in all of the sums together. */
  readonly products: (inputs: readonly TensorType[], attrs: A, output: TensorType) => number;
  /** Products in the longest sum, where that is not the mean. */
  readonly longest?: (inputs: readonly TensorType[], attrs: A, output: TensorType) => number;
  /** The size of a sum of so many random products, from the rms of each factor. */
  readonly size: (rms: readonly number[], length: number) => number;
}

/** What a formula may know besides its operands. */
export interface FormulaContext {
  readonly inputs: readonly DType[];
  readonly output: DType;
  /**
   * A number that travels as the kernel's parameter: a compiler that knew it to be 0 would drop a product with it,
   * though that may be NaN.
   */
  readonly parameter: (value: number, kind?: 'float' | 'int') => string;
}

export interface Elementwise<A> {
  readonly js: (args: readonly number[], attrs: A) => number;
  readonly wgsl: (args: readonly string[], attrs: A, context: FormulaContext) => string;
  /**
   * The condition of the assertion on the operand that it names, as a formula; such an operation asserts something
   * always.
   */
  readonly holds?: (operand: string, attrs: A, context: FormulaContext) => string;
  /** The files that define the functions that the formula calls. */
  readonly uses?: readonly MathLibrary[];
}

/** Files of shaders/lib/ with functions of numbers. */
export type MathLibrary = 'division' | 'error_function' | 'exponential' | 'power' | 'quantization' | 'trigonometric';

/** Where the elements of a view lie in its storage, in elements. */
export interface Layout {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A model as it was called: what the remote job, the comparison and the graph view take. */
export interface TracedModel {
  /** The class's name, `'SimpleCNN'`. */
  readonly name: string;
  /** Leaves that the caller gave, in order. */
  readonly inputs: readonly Node[];
  /** Parameters and buffers by PyTorch's key (`'conv1.weight'`), in `state_dict()` order. */
  readonly state: ReadonlyMap<string, Node>;
  readonly outputs: readonly Node[];
  /** The precision that autocast cast to in all of the call. */
  readonly autocast?: DType;
  /** How the program trains it, where it does. */
  readonly training?: TracedTraining;
}

/** What a training program does with a model's outputs. */
export interface TracedTraining {
  /** The number that it went backward from, computed from the outputs and the targets alone. */
  readonly loss: Node;
  /** Leaves that the loss reads beside the outputs. */
  readonly targets: readonly Node[];
  /** What took the step; absent where the program has taken none, or one that cannot be repeated. */
  readonly optimizer?: TracedOptimizer;
}

export interface TracedOptimizer {
  /** The class's name, which is PyTorch's too: `'SGD'`. */
  readonly name: string;
  /** Its options under the names of torch.optim here: `{ lr: 0.1, weightDecay: 0 }`. */
  readonly options: Readonly<Record<string, OptimizerOption>>;
  /** Keys of parameters that it does not update. */
  readonly frozen: readonly string[];
}

export type OptimizerOption = number | boolean | readonly number[];
