/**
 * @file What a lowering works with: slots of its node's operands and result, and where to put launches.
 */
import type { DType } from '../../base/dtype.ts';
import type { Launch, Slot } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../../dnn/algorithm.ts';
import type { NamedAlgorithm } from '../../dnn/choice/choose.ts';
import type { Plan, Problem } from '../../dnn/problem.ts';
import type { Layout, Node } from '../../graph/types.ts';

export interface LowerContext {
  readonly device: DeviceTraits;
  /** A contiguous slot of a node's value; copies where the value is a view that is not. */
  readonly contiguous: (node: Node) => Slot;
  /** A node's storage and the layout of its elements in it; copies nothing. */
  readonly view: (node: Node) => { readonly slot: Slot; readonly layout: Layout };
  /** Whether a node is a view of a weight that stays, so that what is made of it is made once. */
  readonly isSteady: (node: Node) => boolean;
  /** The slot that the node's own value goes to. */
  readonly result: (node: Node) => Slot;
  /** The node's twin (`Op.twin`), where it is wanted too: whoever lowers the node computes both. */
  readonly twin: (node: Node) => Node | undefined;
  readonly temporary: (bytes: number) => Slot;
  /**
   * Where, and under which number, kernels with lib/assert.wgsl tell that the node's result is wrong; `undefined` where
   * it cannot be.
   */
  readonly assertion: (node: Node) => { readonly slot: Slot; readonly number: number } | undefined;
  readonly emit: (...launches: readonly Launch[]) => void;
  /** Which algorithm solves the problem: the one named, else the chooser's. */
  readonly choose: (problem: Problem, node: Node, named?: NamedAlgorithm) => Plan;
}

/** Emits the launches that compute a node. */
export type Lowering = (node: Node, context: LowerContext) => void;

/** Aliases of a kernel whose operands have one element type. */
export const elementSpec = (dtype: DType): { enable: string[]; alias: { Elem: string } } => {
  const half = dtype === 'float16';
  return { enable: half ? ['f16'] : [], alias: { Elem: half ? 'f16' : dtype === 'float32' ? 'f32' : 'i32' } };
};
