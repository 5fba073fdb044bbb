/**
 * @file What a pass changed: the graph before it against the graph after it, node by node, as data. Nodes keep their
 * numbers from pass to pass, and a node that a pass made tells which recorded nodes it computes; from these two alone
 * follows what became of what.
 */
import { counted } from '../../../base/format.ts';
import { groupBy } from '../../../base/group-by.ts';
import type { GraphNode } from '../../../compile/compilation.ts';
import { operationsText } from '../../kernel-figures.ts';
import { say } from '../../language.ts';
import { layerTitle } from './drawing.ts';
import { changeWords, kindWords } from './words.ts';

export type Change = 'added' | 'removed' | 'changed';

/** The second sign of each colour. */
export const changeSigns: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '±' };

/** Something that the pass did. */
export interface ChangeEntry {
  /** `'conv2d and relu became one node: conv2d + relu'`. */
  readonly text: string;
  /** Of both graphs; the first is the one to look at. */
  readonly nodes: readonly number[];
}

export interface Difference {
  /** By the number of the node; what is missing is as it was. */
  readonly changes: ReadonlyMap<number, Change>;
  readonly entries: readonly ChangeEntry[];
  /** The graph after the pass and, where they stood, the nodes that are no longer there; inputs before readers. */
  readonly graph: readonly GraphNode[];
}

type Nodes = readonly GraphNode[];

export function differenceOf(before: Nodes, after: Nodes): Difference {
  const [had, has] = [byId(before), byId(after)];
  const removed = before.filter(({ id }) => !has.has(id));
  const added = after.filter(({ id }) => !had.has(id));
  const changes = new Map<number, Change>();
  for (const { id } of removed) changes.set(id, 'removed');
  for (const { id } of added) changes.set(id, 'added');

  const entries: ChangeEntry[] = [];
  const settled = new Set<GraphNode>();
  for (const { from, to } of remade(removed, added)) {
    const result = to.at(-1)!;
    changes.set(result.id, 'changed');
    entries.push({ text: remadeText(from, to), nodes: idsOf([result, ...to, ...from]) });
    for (const node of [...from, ...to]) settled.add(node);
  }
  const became = new Map(
    entries.flatMap(({ nodes: [result, ...others] }) => others.map((id) => [id, result] as const)),
  );
  for (const node of removed.filter((one) => !settled.has(one))) {
    const by = standIn(node, before, has);
    if (by) became.set(node.id, by.id);
    entries.push({ text: removedText(node, by), nodes: idsOf(by ? [node, by] : [node]) });
  }
  for (const node of added.filter((one) => !settled.has(one)))
    entries.push({ text: newText(node, after), nodes: [node.id] });

  for (const group of newGroups(before, after)) {
    for (const { id } of group) changes.set(id, changes.get(id) ?? 'changed');
    entries.push({
      text: say({ en: `${namesOf(group)} share one kernel now`, zh: `${namesOf(group)} 现在共用一个内核` }),
      nodes: idsOf(group),
    });
  }
  for (const node of after) {
    const old = had.get(node.id);
    if (
      !old ||
      sameNumbers(
        old.inputs.map((id) => became.get(id) ?? id),
        node.inputs,
      )
    )
      continue;
    changes.set(node.id, 'changed');
    entries.push({
      text: say({ en: `${titleOf(node)} reads other nodes than before`, zh: `${titleOf(node)} 改读其他节点` }),
      nodes: [node.id],
    });
  }
  return { changes, entries: alike(entries), graph: merged(before, after, has) };
}

/** `'1 node added, 2 nodes removed and 1 node changed.'`; views, weights and constants are counted apart. */
export function summaryOf({ changes, graph }: Difference): string {
  const computing = new Set(graph.flatMap(({ id, kind }) => (kind === 'computed' ? id : [])));
  const counting = [...changes].filter(([id]) => computing.has(id));
  const count = (of: Change): number => counting.filter(([, change]) => change === of).length;
  const parts = (['added', 'removed', 'changed'] as const).flatMap((of) =>
    count(of) > 0
      ? say({ en: `${counted(count(of), 'node')} ${of}`, zh: `${changeWords[of].zh} ${count(of)} 个节点` })
      : [],
  );
  const others = changes.size - counting.length;
  if (others > 0)
    parts.push(
      say({
        en: `${counted(others, 'view or constant', 'views, weights and constants')} besides`,
        zh: `另有 ${others} 个视图、权重或常量`,
      }),
    );
  return parts.length > 0
    ? say({ en: `${listed(parts)}.`, zh: `${parts.join('，')}。` })
    : say({ en: 'This pass left every node as it was.', zh: '这一步没有改变任何节点。' });
}

const byId = (graph: Nodes): ReadonlyMap<number, GraphNode> => new Map(graph.map((node) => [node.id, node]));
const idsOf = (nodes: Nodes): number[] => [...new Set(nodes.map(({ id }) => id))];

interface Remade {
  readonly from: GraphNode[];
  readonly to: GraphNode[];
}

/** Removed and added nodes that compute the same recorded nodes, each set of them that hangs together as one. */
function remade(removed: Nodes, added: Nodes): Remade[] {
  const sets: (Remade & { readonly parts: Set<number> })[] = [];
  const join = (node: GraphNode, side: 'from' | 'to'): void => {
    const joined = { from: [] as GraphNode[], to: [] as GraphNode[], parts: new Set(node.parts) };
    for (let i = sets.length - 1; i >= 0; i--) {
      if (!node.parts.some((part) => sets[i].parts.has(part))) continue;
      const [{ from, to, parts }] = sets.splice(i, 1);
      joined.from.unshift(...from);
      joined.to.unshift(...to);
      for (const part of parts) joined.parts.add(part);
    }
    joined[side].push(node);
    sets.push(joined);
  };
  for (const node of removed) join(node, 'from');
  for (const node of added) join(node, 'to');
  return sets.filter(({ from, to }) => from.length > 0 && to.length > 0);
}

function remadeText(from: Nodes, to: Nodes): string {
  const computed = to.filter(({ kind }) => kind === 'computed');
  const result = computed.at(-1) ?? to.at(-1)!;
  const others = computed.length - 1;
  if (from.length === 1 && others > 0)
    return say({
      en: `${titleOf(from[0])} became ${computed.length} nodes: ${namesOf(computed)}`,
      zh: `${titleOf(from[0])} 变成 ${computed.length} 个节点：${namesOf(computed)}`,
    });
  const more =
    others > 0
      ? { en: `, with ${counted(others, 'new node')} beside it`, zh: `，另有 ${others} 个新节点` }
      : { en: '', zh: '' };
  const became = from.length === 1 ? { en: 'became', zh: '变成' } : { en: 'became one node:', zh: '合成一个节点：' };
  return say({
    en: `${namesOf(from)} ${became.en} ${titleOf(result)}${more.en}`,
    zh: `${namesOf(from)} ${became.zh} ${titleOf(result)}${more.zh}`,
  });
}

/**
 * The node that what read a removed one reads instead, where all of them agree; nothing where no reader is left to ask.
 */
function standIn(node: GraphNode, before: Nodes, has: ReadonlyMap<number, GraphNode>): GraphNode | undefined {
  const instead = new Set<number>();
  for (const reader of before) {
    const now = has.get(reader.id);
    if (!now || !reader.inputs.includes(node.id)) continue;
    const fresh = now.inputs.filter((id) => !reader.inputs.includes(id));
    if (fresh.length !== 1) return undefined;
    instead.add(fresh[0]);
  }
  return instead.size === 1 ? has.get([...instead][0]) : undefined;
}

const removedText = (node: GraphNode, by: GraphNode | undefined): string =>
  by
    ? say({
        en: `${titleOf(node)} is gone: what read it reads ${titleOf(by)} instead`,
        zh: `${titleOf(node)} 没有了：原先读它的改读 ${titleOf(by)}`,
      })
    : say({ en: `${titleOf(node)} is gone`, zh: `${titleOf(node)} 没有了` });

function newText(node: GraphNode, after: Nodes): string {
  const title = titleOf(node);
  return node.parts.length > 0 && after.some((other) => other.id !== node.id && sameNumbers(other.parts, node.parts))
    ? say({ en: `${title} is new: it computes the same once more`, zh: `${title} 是新的：它把同样的内容再算一次` })
    : say({ en: `${title} is new`, zh: `${title} 是新的` });
}

/** Nodes that share a kernel after the pass and did not before. */
function newGroups(before: Nodes, after: Nodes): Nodes[] {
  const groups = (graph: Nodes): Nodes[] =>
    [...groupBy(graph, ({ group }) => group)].flatMap(([group, nodes]) => (group === undefined ? [] : [nodes]));
  const keyOf = (nodes: Nodes): string => idsOf(nodes).join();
  const known = new Set(groups(before).map(keyOf));
  return groups(after).filter((nodes) => !known.has(keyOf(nodes)));
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  const [one, other] = [new Set(a), new Set(b)];
  return one.size === other.size && [...one].every((number) => other.has(number));
}

/** Entries that read alike are one: a network has the same block many times. */
const alike = (entries: readonly ChangeEntry[]): ChangeEntry[] =>
  [...groupBy(entries, ({ text }) => text)].map(([text, same]) => ({
    text: same.length > 1 ? say({ en: `${text}, ${same.length} times`, zh: `${text}，共 ${same.length} 次` }) : text,
    nodes: same.flatMap(({ nodes }) => nodes),
  }));

/** Removed nodes come right after what stood before them; they are in no group, since they are in no kernel. */
function merged(before: Nodes, after: Nodes, has: ReadonlyMap<number, GraphNode>): GraphNode[] {
  const waiting = new Map<number | undefined, GraphNode[]>();
  let last: number | undefined;
  for (const { group, ...node } of before) {
    if (has.has(node.id)) last = node.id;
    else waiting.set(last, [...(waiting.get(last) ?? []), { ...node, isTarget: false }]);
  }
  return [...(waiting.get(undefined) ?? []), ...after.flatMap((node) => [node, ...(waiting.get(node.id) ?? [])])];
}

const titleOf = ({ name, kind, layer }: GraphNode): string => {
  const title =
    kind === 'computed' || kind === 'view'
      ? operationsText(name.split('+'))
      : say({ en: `a ${kind}`, zh: kindWords[kind].zh });
  if (layer === undefined) return title;
  return say({ en: `${title} in ${layerTitle(layer)}`, zh: `${layerTitle(layer)} 的 ${title}` });
};

/** Those that compute something; each name with how often it is there. */
function namesOf(nodes: Nodes): string {
  const computed = nodes.filter(({ kind }) => kind === 'computed');
  const names = groupBy(computed.length > 0 ? computed : nodes, titleOf);
  const told = [...names].map(([name, same]) => (same.length > 1 ? `${same.length} × ${name}` : name));
  if (told.length <= most) return listed(told);
  const [first, more] = [told.slice(0, most - 1), told.length - most + 1];
  return say({ en: `${first.join(', ')} and ${more} more`, zh: `${first.join('、')} 等 ${first.length + more} 项` });
}

const most = 6;

const listed = (parts: readonly string[]): string =>
  parts.length < 2
    ? parts.join('')
    : say({
        en: `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`,
        zh: `${parts.slice(0, -1).join('、')} 和 ${parts.at(-1)}`,
      });
