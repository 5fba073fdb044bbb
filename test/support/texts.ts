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
  readonly kind: 'markup' | 'attribute' | 'shown' | 'sentence' | 'loose';
}

/** A text in both languages: each with what is put into it, as it stands in the source. */
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

/** Attributes that are shown or read aloud. */
const spoken =
  /^(title|alt|label|placeholder|about|badge|aria-(label|description|valuetext|roledescription)|data-label)$/;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function childrenOf(node: Node): [string, Node][] {
  return Object.entries(node).flatMap(([field, value]) =>
    Array.isArray(value)
      ? value.filter(isNode).map((child): [string, Node] => [field, child])
      : isNode(value)
        ? [[field, value] as [string, Node]]
        : [],
  );
}

/** `'a… of …'` of a template. */
function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type === 'JSXText') return (node['value'] as string).replaceAll(/\s+/g, ' ').trim();
  if (node.type === 'TemplateLiteral')
    return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
  return undefined;
}

const sentence = /[A-Za-z]{2,}[^\s]*\s+(\S+\s+)*[A-Za-z]{2,}/;
const word = /[A-Za-z]{2,}/;

export function textsIn(
  file: string,
  source: string,
): { readonly single: readonly Single[]; readonly both: readonly Both[] } {
  const single: Single[] = [];
  const both: Both[] = [];
  const lineOf = (at: number): number => source.slice(0, at).split('\n').length;
  const note = (node: Node, kind: Single['kind'], text: string): void => {
    single.push({ line: lineOf(node.start), kind, text });
  };

  /** `where`: whether a literal is shown as it stands. */
  function visit(node: Node, where: 'code' | 'shown' | 'attribute' | 'quiet'): void {
    const text = textOf(node);
    if (text !== undefined) {
      if (node.type === 'JSXText') {
        if (word.test(text)) note(node, 'markup', text);
      } else if (where === 'attribute' && word.test(text)) note(node, 'attribute', text);
      else if (where === 'shown' && word.test(text)) note(node, 'shown', text);
      else if (where === 'code' && sentence.test(text)) note(node, 'sentence', text);
    }
    if (node.type === 'ObjectExpression') {
      const pair = pairOf(node);
      if (pair) {
        both.push({ line: lineOf(node.start), en: sideOf(pair.en), zh: sideOf(pair.zh) });
        return;
      }
    }
    for (const [field, child] of childrenOf(node)) {
      if (isType(child) || isSource(node, field)) continue;
      visit(child, placeOf(node, field, child, where));
    }
  }

  visit(parseSync(file, source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }).program as unknown as Node, 'code');
  return { single, both };
}

const kept = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion']);
const isType = ({ type }: Node): boolean => type.startsWith('TS') && !kept.has(type);
const isSource = ({ type }: Node, field: string): boolean => field === 'source' && /^(Import|Export)/.test(type);

type Where = 'code' | 'shown' | 'attribute' | 'quiet';

function placeOf(node: Node, field: string, child: Node, where: Where): Where {
  switch (node.type) {
    case 'JSXAttribute': {
      const { name } = node['name'] as { name: unknown };
      if (field !== 'value') return 'quiet';
      return typeof name === 'string' && spoken.test(name) ? 'attribute' : child.type === 'Literal' ? 'quiet' : 'quiet';
    }
    case 'JSXElement':
    case 'JSXFragment':
      return field === 'children' ? 'shown' : 'code';
    case 'JSXExpressionContainer':
    case 'TemplateLiteral':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return where;
    case 'ConditionalExpression':
      return field === 'test' ? 'code' : where;
    case 'LogicalExpression':
      return field === 'right'
        ? where
        : where === 'shown' || where === 'attribute'
          ? node['operator'] === '&&'
            ? 'code'
            : where
          : where;
    case 'BinaryExpression':
      return node['operator'] === '+' ? where : 'code';
    default:
      return 'code';
  }
}

/** The two sides of `{ en: …, zh: … }`. */
function pairOf(node: Node): { readonly en: Node; readonly zh: Node } | undefined {
  const properties = node['properties'] as readonly Node[];
  const of = (name: string): Node | undefined =>
    properties.find(({ key }) => (key as { name?: string } | undefined)?.name === name)?.['value'] as Node | undefined;
  const [en, zh] = [of('en'), of('zh')];
  return properties.length === 2 && en && zh ? { en, zh } : undefined;
}

function sideOf(node: Node): Side {
  const texts: string[] = [];
  const names = new Set<string>();
  const walk = (at: Node, called = false): void => {
    const text = textOf(at);
    if (text !== undefined) texts.push(text);
    if (at.type === 'Identifier' && !called) names.add(at['name'] as string);
    for (const [field, child] of childrenOf(at)) {
      if (isType(child) || (at.type === 'JSXAttribute' && field === 'name')) continue;
      if (at.type === 'MemberExpression' && field === 'property' && at['computed'] !== true) continue;
      walk(child, at.type === 'CallExpression' && field === 'callee' && child.type === 'Identifier');
    }
  };
  walk(node);
  return { text: texts.join(' '), names: [...names].toSorted() };
}
