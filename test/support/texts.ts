/**
 * @file The texts in a source file that a visitor may come to read: those that stand in both languages, and those that
 * stand in one. Read by the parser that Vite brings.
 */
import { parseSync } from 'vite';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A text in one language. */
export interface Single {
  readonly line: number;
  readonly text: string;
  /** Between tags, as an attribute that is read, as a branch of what is shown, or in code as a sentence. */
  readonly kind: 'markup' | 'attribute' | 'shown' | 'sentence';
}

/** A text in both languages: `{ en: …, zh: … }`. */
export interface Both {
  readonly line: number;
  readonly en: Side;
  readonly zh: Side;
}

export interface Side {
  readonly text: string;
  /** Names of what is put into the text. */
  readonly names: readonly string[];
}

export interface Texts {
  readonly single: readonly Single[];
  readonly both: readonly Both[];
  /** Lines that ask for a text as the module loads, when no language is chosen yet. */
  readonly early: readonly number[];
}

/** Attributes that are shown or read aloud, and properties of components that become such. */
const spoken =
  /^(title|alt|label|placeholder|about|term|aria-(label|description|valuetext|roledescription)|data-label)$/;

const word = /[A-Za-z]{2,}/;
/** Three words at least: two may be a value, such as `'not supported'`. */
const sentence = /[A-Za-z]{2,}\S*\s+(?:\S*\s+)*?[A-Za-z]{2,}\S*\s+(?:\S*\s+)*?[A-Za-z]{2,}/;

/** Whether a text is shown as it stands, and how. */
type Where = 'attribute' | 'shown' | 'code' | 'quiet';

export function textsIn(file: string, source: string): Texts {
  const single: Single[] = [];
  const both: Both[] = [];
  const early: number[] = [];
  const lineOf = ({ start }: Node): number => source.slice(0, start).split('\n').length;

  function visit(node: Node, where: Where, isInFunction: boolean): void {
    const kind = kindOf(node, where);
    if (kind) single.push({ line: lineOf(node), kind, text: textOf(node)! });
    const pair = node.type === 'ObjectExpression' ? pairOf(node) : undefined;
    if (pair) return void both.push({ line: lineOf(node), en: sideOf(pair.en), zh: sideOf(pair.zh) });
    if (!isInFunction && node.type === 'CallExpression' && (node['callee'] as Node)['name'] === 'say')
      early.push(lineOf(node));
    for (const [field, child] of childrenOf(node))
      if (!isUnread(node, field, child)) visit(child, placeOf(node, field, where), isInFunction || isFunction(node));
  }

  const { program } = parseSync(file, source, { lang: file.endsWith('x') ? 'tsx' : 'ts' });
  visit(program as unknown as Node, 'code', false);
  return { single, both, early };
}

function kindOf(node: Node, where: Where): Single['kind'] | undefined {
  const text = textOf(node);
  if (text === undefined || where === 'quiet') return undefined;
  if (node.type === 'JSXText') return word.test(text) ? 'markup' : undefined;
  if (where === 'code') return sentence.test(text) ? 'sentence' : undefined;
  return word.test(text) ? where : undefined;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

const childrenOf = (node: Node): [field: string, child: Node][] =>
  Object.entries(node).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isNode).map((child): [string, Node] => [field, child]),
  );

/** `'a… of …'` of a template. */
function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type === 'JSXText') return (node['value'] as string).replaceAll(/\s+/g, ' ').trim();
  if (node.type !== 'TemplateLiteral') return undefined;
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
}

const isFunction = ({ type }: Node): boolean => /Function/.test(type) || type === 'MethodDefinition';

const typed = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'];

/** Types, addresses of modules, keys, and what is compared. */
const isUnread = ({ type, ...node }: Node, field: string, child: Node): boolean =>
  (child.type.startsWith('TS') && !typed.includes(child.type)) ||
  (field === 'source' && /^(Import|Export)/.test(type)) ||
  (type === 'Property' && field === 'key') ||
  (type === 'BinaryExpression' && /^[!=]==/.test(String(node['operator'])));

function placeOf(node: Node, field: string, where: Where): Where {
  switch (node.type) {
    case 'JSXAttribute':
      return spoken.test(String((node['name'] as Node)['name'])) ? 'attribute' : 'quiet';
    case 'JSXElement':
    case 'JSXFragment':
      return field === 'children' ? 'shown' : 'code';
    case 'JSXOpeningElement':
      return 'code';
    case 'ConditionalExpression':
      return field === 'test' ? 'code' : where;
    case 'LogicalExpression':
      return field === 'right' || node['operator'] !== '&&' ? where : 'code';
    case 'JSXExpressionContainer':
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return where;
    default:
      return typed.includes(node.type) ? where : 'code';
  }
}

/** The two sides of `{ en: …, zh: … }`. */
function pairOf(node: Node): { readonly en: Node; readonly zh: Node } | undefined {
  const properties = node['properties'] as readonly Node[];
  const of = (name: string): Node | undefined =>
    properties.find(({ key }) => (key as Node | undefined)?.['name'] === name)?.['value'] as Node | undefined;
  const [en, zh] = [of('en'), of('zh')];
  return properties.length === 2 && en && zh ? { en, zh } : undefined;
}

function sideOf(node: Node): Side {
  const texts: string[] = [];
  const names = new Set<string>();
  const walk = (at: Node): void => {
    const text = textOf(at);
    if (text !== undefined) texts.push(text);
    if (at.type === 'Identifier') names.add(String(at['name']));
    for (const [field, child] of childrenOf(at)) {
      if (isUnread(at, field, child) || at.type === 'JSXAttribute') continue;
      if (at.type === 'MemberExpression' && field === 'property' && at['computed'] !== true) continue;
      // A function words what it is given: `counted(n, 'kernel')` puts n into the text.
      if (at.type === 'CallExpression' && field === 'callee' && child.type === 'Identifier') continue;
      walk(child);
    }
  };
  walk(node);
  return { text: texts.join(' '), names: [...names].toSorted() };
}
