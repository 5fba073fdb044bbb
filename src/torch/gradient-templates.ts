/**
 * @file Backward passes as templates. What gradients' formulas record follows from the nodes that gradients flow
 * through and those that they read: their operations, attributes, types and devices. So a pass over nodes like those of
 * an earlier one makes the same nodes again, without inferring, checking and keying each anew.
 *
 * A form has no nodes, so it keeps no values alive. It becomes a template when it is met a second time, and whatever
 * else a pass depends on (hooks, values that were overwritten or freed, gradients to differentiate again) is looked at
 * by whoever calls: such passes are recorded.
 */
import type { HostArray } from '../base/dtype.ts';
import type { Capture } from '../graph/capture.ts';
import { capture } from '../graph/capture.ts';
import { isLeafNode } from '../graph/ops/identity.ts';
import type { NodeKind } from '../graph/record.ts';
import { dataOp, kindOf, lastNodeId, recordAgain } from '../graph/record.ts';
import { recordingNow } from '../graph/recording.ts';
import type { Node, Part } from '../graph/types.ts';

/** A node that gradients come to first, and its gradient. */
export interface Seed {
  readonly node: Node;
  readonly grad: Node;
}

/** What a pass over some nodes has recorded. */
export interface Recorded {
  /** Gradients by node. */
  readonly grads: Map<Node, Node>;
  /** Nodes that a formula refers to, with the node whose gradient it is. */
  readonly saved: readonly (readonly [saved: Node, by: Node])[];
  /** The nodes by whose gradients formulas go, by their number. */
  readonly formulas: ReadonlyMap<number, Node>;
}

/** What a form knows of a node. */
type Likeness = Pick<Node, 'op' | 'key' | 'device' | 'compiled'>;

interface Form {
  readonly surroundings: string;
  /** Nodes of the walk, then what they read beside, then the seeds' gradients, as they are met. */
  readonly likes: readonly Likeness[];
  readonly length: number;
  /** By number: inputs of each node of the walk, each list ended by −1, then the seeds. */
  readonly links: Int32Array;
  template?: Template;
}

interface Step {
  readonly kind: NodeKind;
  /** A number of the form's, or beyond them one of the template's steps. */
  readonly inputs: Int32Array;
  /** The node of the walk whose formula it is part of; −1 for none. */
  readonly of: number;
  readonly host: HostArray | undefined;
}

interface Template {
  readonly steps: readonly Step[];
  /** By node of the walk; −1 for none. */
  readonly grads: Int32Array;
  /** Pairs of what a formula refers to and the node of the walk whose formula it is. */
  readonly saved: Int32Array;
}

/** A training loop has one or two. */
const formsKept = 8;

/** The last ones first. */
let forms: Form[] = [];

/**
 * The gradients of a walk, readers before what they read: made again as for an earlier walk of the same form, where
 * `mayRepeat` agrees with what formulas refer to, else recorded by `walk`.
 */
export function gradientsOf(
  order: readonly Node[],
  seeds: readonly Seed[],
  walk: () => Recorded,
  mayRepeat: (saved: Node, by: Node) => boolean,
): Map<Node, Node> {
  const { scope, call, part } = recordingNow();
  if (scope !== undefined || call !== undefined || part !== undefined) return walk().grads;
  const surroundings = surroundingsNow();
  for (const [at, form] of forms.entries()) {
    const known = form.surroundings === surroundings ? nodesLike(form, order, seeds) : undefined;
    if (!known) continue;
    if (at > 0) forms = [form, ...forms.filter((other) => other !== form)];
    if (!form.template) return captured(form, order, known, walk);
    const { saved } = form.template;
    for (let i = 0; i < saved.length; i += 2) if (!mayRepeat(known[saved[i]], order[saved[i + 1]])) return walk().grads;
    return played(form.template, order, known);
  }
  forms = [formOf(order, seeds, surroundings), ...forms].slice(0, formsKept);
  return walk().grads;
}

function surroundingsNow(): string {
  const { compiled, algorithms, attention } = recordingNow();
  return `${compiled} ${JSON.stringify(algorithms)} ${attention}`;
}

/** Numbers nodes as they are met; a form's links follow. */
class Numbers {
  readonly known: Node[];
  private readonly numbers = new Map<Node, number>();

  constructor(order: readonly Node[]) {
    this.known = [...order];
    for (let i = 0; i < order.length; i++) this.numbers.set(order[i], i);
  }

  of(node: Node): number {
    const known = this.numbers.get(node);
    if (known !== undefined) return known;
    const number = this.known.push(node) - 1;
    this.numbers.set(node, number);
    return number;
  }

  find(node: Node): number | undefined {
    return this.numbers.get(node);
  }
}

/** Calls `link` with each number that a walk leads to, in order, until it says no. */
function eachLink(
  numbers: Numbers,
  order: readonly Node[],
  seeds: readonly Seed[],
  link: (number: number) => boolean,
): boolean {
  for (const node of order) {
    if (!isLeafNode(node)) for (const input of node.inputs) if (!link(numbers.of(input))) return false;
    if (!link(-1)) return false;
  }
  return seeds.every(({ node, grad }) => link(numbers.of(node)) && link(numbers.of(grad)));
}

function formOf(order: readonly Node[], seeds: readonly Seed[], surroundings: string): Form {
  const numbers = new Numbers(order);
  const links: number[] = [];
  eachLink(numbers, order, seeds, (number) => links.push(number) > 0);
  const likes = numbers.known.map(({ op, key, device, compiled }) => ({ op, key, device, compiled }));
  return { surroundings, likes, length: order.length, links: Int32Array.from(links) };
}

/** The nodes by the form's numbers, where the walk is of that form. */
function nodesLike({ likes, length, links }: Form, order: readonly Node[], seeds: readonly Seed[]): Node[] | undefined {
  if (order.length !== length) return undefined;
  const isLike = (node: Node, like: Likeness | undefined): boolean =>
    like !== undefined &&
    node.op === like.op &&
    node.key === like.key &&
    node.device === like.device &&
    node.compiled === like.compiled;
  if (!order.every((node, i) => isLike(node, likes[i]))) return undefined;
  const numbers = new Numbers(order);
  let at = 0;
  if (!eachLink(numbers, order, seeds, (number) => links[at++] === number) || at !== links.length) return undefined;
  const { known } = numbers;
  if (known.length !== likes.length) return undefined;
  for (let i = length; i < known.length; i++) if (!isLike(known[i], likes[i])) return undefined;
  return known;
}

function captured(form: Form, order: readonly Node[], known: readonly Node[], walk: () => Recorded): Map<Node, Node> {
  const { result, captured: found } = capture(walk);
  form.template = templateOf(found, result, order, known);
  return result.grads;
}

/** `undefined` where something stands in the way, so that the form is recorded each time. */
function templateOf(
  { nodes, obstacles, asksHost }: Capture,
  { grads, saved, formulas }: Recorded,
  order: readonly Node[],
  known: readonly Node[],
): Template | undefined {
  if (obstacles.length > 0 || asksHost) return undefined;
  const numbers = new Map<Node, number>();
  for (const node of [...known, ...nodes]) if (!numbers.has(node)) numbers.set(node, numbers.size);
  if (numbers.size !== known.length + nodes.length) return undefined;
  const numbersOf = (all: readonly Node[]): Int32Array => Int32Array.from(all, (node) => numbers.get(node) ?? -1);
  const steps = nodes.map((node): Step => {
    const by = node.formula === undefined ? undefined : formulas.get(node.formula);
    return {
      kind: kindOf(node),
      inputs: numbersOf(node.inputs),
      of: by ? numbers.get(by)! : -1,
      host: node.value?.host,
    };
  });
  const isWhole = steps.every(({ kind, inputs, host }) => !inputs.includes(-1) && (kind.op !== dataOp || host));
  if (!isWhole) return undefined;
  return {
    steps,
    grads: Int32Array.from(order, (node) => numberIn(numbers, grads.get(node))),
    saved: numbersOf(saved.flat()),
  };
}

const numberIn = (numbers: ReadonlyMap<Node, number>, node: Node | undefined): number =>
  node === undefined ? -1 : numbers.get(node)!;

function played({ steps, grads }: Template, order: readonly Node[], known: readonly Node[]): Map<Node, Node> {
  const all = [...known];
  let [of, formula, part]: [number, number | undefined, Part | undefined] = [-1, undefined, undefined];
  for (const step of steps) {
    if (step.of !== of) {
      of = step.of;
      [formula, part] = of < 0 ? [undefined, undefined] : [lastNodeId(), partOfGradient(order[of])];
    }
    const inputs = new Array<Node>(step.inputs.length);
    for (let i = 0; i < inputs.length; i++) inputs[i] = all[step.inputs[i]];
    const node = recordAgain(step.kind, inputs, { scope: undefined, call: undefined, part }, formula);
    if (step.host) node.value = { host: step.host };
    all.push(node);
  }
  const found = new Map<Node, Node>();
  for (let i = 0; i < grads.length; i++) if (grads[i] >= 0) found.set(order[i], all[grads[i]]);
  return found;
}

/** What the gradient of a node is told to be a part of. */
export const partOfGradient = ({ scope, part }: Node): Part | undefined => (scope ? { backwardOf: scope } : part);
