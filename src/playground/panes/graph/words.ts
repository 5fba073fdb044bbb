/**
 * @file What the graph calls nodes, and what a pass did to them.
 */
import type { Words } from '../../../base/words.ts';
import type { GraphNode } from '../../../compile/compilation.ts';
import type { Change } from './changes.ts';

export const kindWords: Readonly<Record<GraphNode['kind'] | 'layer', Words>> = {
  weight: { en: 'weight', zh: '权重' },
  input: { en: 'input', zh: '输入' },
  constant: { en: 'constant', zh: '常量' },
  view: { en: 'view', zh: '视图' },
  computed: { en: 'computed', zh: '计算' },
  layer: { en: 'layer', zh: '层' },
};

export const changeWords: Readonly<Record<Change, Words>> = {
  added: { en: 'added', zh: '新增' },
  removed: { en: 'removed', zh: '移除' },
  changed: { en: 'changed', zh: '改变' },
};
