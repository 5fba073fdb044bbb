/**
 * @file From a group of the graph to the descriptor of a fused reduction, and the buffers that it works on.
 */
import { sameShape } from '../../base/shape.ts';
import type { Slot } from '../../gpu/kernel.ts';
import type { Layout, Node } from '../../graph/types.ts';
import type { ChainInput } from '../elementwise.ts';
import { broadcastLayout } from '../layout.ts';
import type { PointwiseGroup, Rows } from '../passes/pointwise.ts';
import type { FusedDescriptor, FusedInput, FusedStep } from './descriptor.ts';

/** What a group asks of whoever plans it. */
export interface GroupContext {
  readonly inputsOf: (node: Node) => readonly Node[];
  readonly input: (node: Node) => ChainInput;
  readonly result: (node: Node) => Slot;
}

export interface FusedGroup {
  readonly desc: FusedDescriptor;
  /** Buffers by role. */
  readonly slots: Readonly<Record<string, Slot>>;
}

export function fusedGroup(
  { nodes, outputs, rows }: PointwiseGroup & { readonly rows: Rows },
  context: GroupContext,
): FusedGroup {
  const inputs: FusedInput[] = [];
  const sources: Slot[] = [];
  const known = new Map<string, number>();
  const input = (node: Node, layout: Layout | undefined, found: ChainInput): number => {
    const key = `${node.id} ${layout ? layout.strides.join() : 'constant'}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, inputs.length);
    if ('constant' in found) return inputs.push(found) - 1;
    const at = sources.indexOf(found.slot);
    const source = at >= 0 ? at : sources.push(found.slot) - 1;
    const wide = rows.dims.some((d) => layout!.strides[d] !== 0 && rows.shape[d] > 1);
    return inputs.push({ source, layout: layout!, wide, dtype: found.dtype }) - 1;
  };
  const argsOf = nodes.map((node) =>
    context.inputsOf(node).map((arg) => {
      if (nodes.includes(arg)) return { step: nodes.indexOf(arg) };
      const found = context.input(arg);
      return { input: input(arg, 'constant' in found ? undefined : besideRows(found.layout, node, rows), found) };
    }),
  );
  const steps = nodes.map((node, s): FusedStep => ({
    op: node.op,
    attrs: node.attrs,
    key: node.key,
    args: argsOf[s].map((arg) => ('step' in arg ? inputs.length + arg.step! : arg.input!)),
    dtype: node.dtype,
    wide: sameShape(node.shape, rows.shape),
    written: outputs.includes(node),
  }));
  const slots = [
    ...sources.map((slot, at) => [`x${at}`, slot] as const),
    ...nodes.flatMap((node, s) => (outputs.includes(node) ? [[`y${s}`, context.result(node)] as const] : [])),
  ];
  return { desc: { shape: rows.shape, dims: rows.dims, inputs, steps }, slots: Object.fromEntries(slots) };
}

/** The layout of what a node of the group reads, for each element of the rows. */
function besideRows(layout: Layout, { op, shape }: Node, { shape: whole, dims, narrow }: Rows): Layout {
  const isPointwise = op.elementwise !== undefined;
  if (!isPointwise || sameShape(shape, whole)) return broadcastLayout(layout, whole);
  const { strides, offset } = broadcastLayout(layout, narrow!);
  const kept = strides.length === whole.length ? strides.filter((_, d) => !dims.includes(d)) : [...strides];
  return { shape: whole, strides: whole.map((_, d) => (dims.includes(d) ? 0 : kept.shift()!)), offset };
}
