/**
 * @file Calls: which function or module of PyTorch's a program called where several operations are recorded for it. The
 * remote program writes the call in their place.
 */

/** A tensor among a call's arguments: its node by number, so that a call keeps no history alive. */
export class TensorArgument {
  readonly node: number;
  /** PyTorch wants whole numbers of 64 bits there. */
  readonly long: boolean;

  constructor(node: number, long: boolean) {
    this.node = node;
    this.long = long;
  }
}

/** A name that stands in the call as it is: `torch.float16`. */
export class Word {
  readonly python: string;

  constructor(python: string) {
    this.python = python;
  }
}

/** An option's value, or what stands in place: objects are keyword arguments, by PyTorch's names. */
export type Argument =
  | number
  | boolean
  | string
  | null
  | undefined
  | TensorArgument
  | Word
  | readonly Argument[]
  | { readonly [name: string]: Argument };

/** What is called, and with what. */
export interface Invocation {
  /** `'F.layer_norm'`; `'.flatten'` for a method of the first argument. */
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** How PyTorch constructs a module: `nn.Conv2d(3, 16, 3, padding=1)`. */
export interface Construction extends Invocation {
  /** PyTorch's names of the arguments that have a place, in order. */
  readonly places: readonly string[];
}

export interface Call extends Invocation {
  /** The results' nodes by number, in order; `null` where there was none. */
  results: readonly (number | null)[];
  /** The results come as a tuple, even a single one. */
  isTuple: boolean;
}
