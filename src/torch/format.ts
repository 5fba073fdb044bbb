/**
 * @file How a tensor prints: PyTorch's text where its value is on the host, else what is known without computing.
 *
 * Printing is synchronous, and the value may be on the device. Who prints for the program gets a mark in its place, to
 * be replaced when the value has been read. Behind the elements stands what PyTorch names there, in its words: the
 * device if it is not the cpu, the dtype if it is none of float32, int64 and bool, and whether gradients flow.
 * `grad_fn=<add>` has the name of the operation here, since PyTorch's node may be another.
 */
import type { HostArray } from '../base/dtype.ts';
import { isLeafNode } from '../graph/ops/identity.ts';
import type { Node } from '../graph/types.ts';
import { formatElements, lineWidth } from './format-elements.ts';

/** A text, and the marks in it that stand for values which are not on the host. */
export interface Print {
  readonly text: string;
  readonly marks: ReadonlyMap<string, Node>;
}

let marks: Map<string, Node> | undefined;
let count = 0;

/** What `render` makes of values; it may print tensors that are not computed. */
export function print(render: () => string): Print {
  const found = (marks = new Map());
  try {
    return { text: render(), marks: found };
  } finally {
    marks = undefined;
  }
}

const prefix = 'tensor(';

/** `host` is the value, where it is known. */
export function formatTensor(t: Node, host: HostArray | undefined = t.value?.host): string {
  if (!host && marks) {
    const mark = `\uE000${++count}\uE000`; // of the private use area, so that no text has it by chance
    marks.set(mark, t);
    return mark;
  }
  const elements = host ? formatElements(t.shape, t.dtype, host, prefix.length) : '<not computed>';
  return withTraits(prefix + elements, traitsOf(t, host));
}

function traitsOf(t: Node, host: HostArray | undefined): string[] {
  const traits: string[] = [];
  if (t.device !== 'cpu') traits.push(`device='${t.device}:0'`);
  const tellsShape = host && (host.length > 0 || t.shape.length === 1);
  if (!tellsShape) traits.push(`size=(${t.shape.join(', ')}${t.shape.length === 1 ? ',' : ''})`);
  const tellsDType = t.dtype === 'float32' || ((t.dtype === 'bool' || t.dtype === 'int64') && host && host.length > 0);
  if (!tellsDType) traits.push(`dtype=torch.${t.dtype}`);
  if (t.requiresGrad) traits.push(isLeafNode(t) ? 'requires_grad=True' : `grad_fn=<${t.op.name}>`);
  return traits;
}

/** Each on the last line while it has room, else on one of its own. */
function withTraits(text: string, traits: readonly string[]): string {
  let out = text;
  let column = text.length - text.lastIndexOf('\n') + 1; // PyTorch counts so: two more than there are
  for (const trait of traits) {
    const isNewLine = column + trait.length + 2 > lineWidth;
    out += isNewLine ? `,\n${' '.repeat(prefix.length)}${trait}` : `, ${trait}`;
    column = isNewLine ? prefix.length + trait.length : column + trait.length + 2;
  }
  return `${out})`;
}
