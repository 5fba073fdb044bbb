/**
 * @file Einstein's summation: `einsum('bij,bjk->bik', a, b)`.
 *
 * Operands are contracted from left to right, two at a time: what only one of them has and nobody needs later is summed
 * first, what both have and nobody needs is the inner dimension of a matrix product, what both have and somebody needs
 * is its batch.
 */
import { promote } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { broadcastShapes, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { diagonal } from '../../graph/ops/strides.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { resultType, toNodes } from './promote.ts';
import { productOf } from './int64.ts';

/** A tensor whose dimensions have names, each name once. */
interface Labelling {
  readonly node: Node;
  readonly names: readonly string[];
}

/**
 * Repeated letters of an operand take its diagonal; letters that the output lacks are summed over; `...` broadcasts.
 */
export const einsum = fn(
  'torch.einsum',
  [p.text('equation'), p.operands('operands')],
  (equation, tensors): Tensor => {
    const [inputs, output] = parse(equation, tensors);
    const nodes = toNodes(tensors, resultType(...tensors));
    let terms = nodes.map((node, i) => diagonals({ node, names: inputs[i] }));
    checkSizes(equation, terms);
    while (terms.length > 1) {
      const [a, b, ...rest] = terms;
      const needed = new Set([...output, ...rest.flatMap((t) => t.names)]);
      terms = [contract(a, b, needed), ...rest];
    }
    return new Tensor(arrange(sumAway(terms[0], new Set(output)), output));
  },
  { pythonCall: true },
);

/**
 * The names of each operand's dimensions and the output's; a dimension under `...` is named by its place from the end.
 */
function parse(equation: string, tensors: readonly Tensor[]): [inputs: string[][], output: string[]] {
  const [left, right, ...more] = equation.replace(/\s/g, '').split('->');
  if (more.length || !/^[a-zA-Z.,]*$/.test(left) || (right !== undefined && !/^[a-zA-Z.]*$/.test(right)))
    fail(`einsum: cannot read '${equation}'; letters name dimensions, as in 'ij,jk->ik'`);
  const parts = left.split(',');
  if (parts.length !== tensors.length)
    fail(`einsum: '${equation}' names ${parts.length} operands, got ${tensors.length}`);
  let widest = 0;
  const names = (text: string, rest: number): string[] => {
    const at = text.indexOf('...');
    if (text.replace('...', '').includes('.'))
      fail(`einsum: cannot read '${text}' in '${equation}'; dots come as '...', once for each operand`);
    if (at < 0) return [...text];
    return [...text.slice(0, at), ...Array.from({ length: rest }, (_, i) => `.${rest - i}`), ...text.slice(at + 3)];
  };
  const inputs = parts.map((text, i) => {
    const letters = text.replace('...', '').length;
    const rest = tensors[i].ndim - letters;
    if (rest < 0 || (rest > 0 && !text.includes('...')))
      fail(`einsum: '${text}' names ${letters} dimensions of operand ${i}, which has shape ${tensors[i].shape}`);
    if (text.includes('...')) widest = Math.max(widest, rest);
    return names(text, rest);
  });
  const output = right === undefined ? implied(left, widest) : names(right, widest);
  const unknown = output.find((name) => !inputs.some((list) => list.includes(name)));
  if (unknown) fail(`einsum: the output's '${unknown}' names no dimension of an operand in '${equation}'`);
  if (new Set(output).size !== output.length) fail(`einsum: the output of '${equation}' names a dimension twice`);
  return [inputs, output];
}

/** Without an arrow: the broadcast dimensions, then the letters that occur once, in alphabetical order. */
function implied(left: string, widest: number): string[] {
  const letters = [...left.replace(/[.,]/g, '')];
  return [
    ...Array.from({ length: widest }, (_, i) => `.${widest - i}`),
    ...letters.filter((c) => letters.indexOf(c) === letters.lastIndexOf(c)).sort(),
  ];
}

/** Replaces dimensions of the same name by their diagonal. */
function diagonals({ node, names }: Labelling): Labelling {
  const first = names.findIndex((name, d) => names.indexOf(name, d + 1) > 0);
  if (first < 0) return { node, names };
  const second = names.indexOf(names[first], first + 1);
  if (node.shape[first] !== node.shape[second])
    fail(`einsum: '${names[first]}' names sizes ${node.shape[first]} and ${node.shape[second]} of one operand`);
  const taken = record(diagonal, [node], { dims: [first, second], offset: 0 });
  return diagonals({ node: taken, names: [...names.filter((_, d) => d !== first && d !== second), names[first]] });
}

function checkSizes(equation: string, terms: readonly Labelling[]): void {
  const sizes = new Map<string, number>();
  for (const { node, names } of terms) {
    names.forEach((name, d) => {
      const [known, size] = [sizes.get(name) ?? 1, node.shape[d]];
      if (known !== 1 && size !== 1 && known !== size)
        fail(`einsum: '${name}' names sizes ${known} and ${size} in '${equation}'`);
      if (size !== 1 || known === 1) sizes.set(name, size);
    });
  }
}

function sumAway({ node, names }: Labelling, needed: ReadonlySet<string>): Labelling {
  const dims = names.flatMap((name, d) => (needed.has(name) ? [] : [d]));
  return { node: e.sum(node, dims), names: names.filter((name) => needed.has(name)) };
}

/** The product of two terms, with the dimensions that somebody needs. */
function contract(a: Labelling, b: Labelling, needed: ReadonlySet<string>): Labelling {
  const left = sumAway(a, new Set([...needed, ...b.names]));
  const right = sumAway(b, new Set([...needed, ...a.names]));
  const both = left.names.filter((name) => right.names.includes(name));
  const batch = both.filter((name) => needed.has(name));
  const inner = both.filter((name) => !needed.has(name));
  const rows = left.names.filter((name) => !both.includes(name));
  const columns = right.names.filter((name) => !both.includes(name));
  const size = (name: string): number =>
    Math.max(...[left, right].map((t) => t.node.shape[t.names.indexOf(name)] ?? 1)) *
    Number(![left, right].some((t) => t.node.shape[t.names.indexOf(name)] === 0));
  const [B, M, N] = [batch, rows, columns].map((names) => names.map(size));
  const K = sizeOf(inner.map(size));
  const matrix = (term: Labelling, order: readonly string[], shape: readonly number[]): Node => {
    const placed = arrange(term, order);
    return e.reshape(e.expand(placed, broadcastShapes('einsum', placed.shape, order.map(size))), shape);
  };
  const dtype = promote(left.node.dtype, right.node.dtype);
  const product = productOf(
    e.cast(matrix(left, [...batch, ...rows, ...inner], [sizeOf(B), sizeOf(M), K]), dtype),
    e.cast(matrix(right, [...batch, ...inner, ...columns], [sizeOf(B), K, sizeOf(N)]), dtype),
  );
  return { node: e.reshape(product, [...B, ...M, ...N]), names: [...batch, ...rows, ...columns] };
}

const arrange = ({ node, names }: Labelling, order: readonly string[]): Node =>
  order.length > 1
    ? e.permute(
        node,
        order.map((name) => names.indexOf(name)),
      )
    : node;
