/**
 * @file The stages of a graph: as it was recorded, and after each pass that changed it.
 */
import type { Words } from '../../../base/words.ts';
import type { Compilation, Costs, GraphNode } from '../../../compile/compilation.ts';
import { say } from '../../language.ts';

export interface Stage {
  /** `'recorded'`, or the pass. */
  readonly key: string;
  readonly title: string;
  readonly about: string;
  readonly graph: readonly GraphNode[];
  /** What it would cost as it is. */
  readonly costs?: Costs & { readonly kernels: number };
  /** Pairs that are not fused are those of the last graph. */
  readonly isLast: boolean;
}

/** Each pass tells what it is about, in English. */
const passWords: Readonly<Record<string, { readonly title: Words; readonly about: string }>> = {
  decompose: {
    title: { en: 'Decomposed', zh: '分解' },
    about: '没有内核的运算变成更简单的运算，或在 float32 中做同样的运算',
  },
  commonSubexpressions: { title: { en: 'Common subexpressions', zh: '公共子表达式' }, about: '算两遍的只算一遍' },
  batchNorm: {
    title: { en: 'Batch norms folded', zh: '合并批归一化' },
    about: '使用滑动统计量的批归一化并入其前的卷积核',
  },
  epilogues: { title: { en: 'Epilogues', zh: '尾部融合' }, about: '卷积和矩阵乘以偏置、残差、激活和池化收尾' },
  mergeProducts: { title: { en: 'Products merged', zh: '合并矩阵乘' }, about: '同一操作数与多个权重的矩阵乘合为一个' },
  recompute: { title: { en: 'Computed again', zh: '重算' }, about: '内存紧张时，为较晚的读者重算便宜的值' },
  pointwise: { title: { en: 'Pointwise fused', zh: '逐元素融合' }, about: '逐元素运算共用内核' },
  reductions: { title: { en: 'Reductions fused', zh: '归约融合' }, about: '归约彼此共用内核，也与逐元素运算共用' },
};

export function stagesOf({ recorded, passes }: Compilation): readonly Stage[] {
  const stages: Omit<Stage, 'isLast'>[] = [
    {
      key: 'recorded',
      title: say({ en: 'Recorded', zh: '记录' }),
      about: say({
        en: 'what the program recorded, in operations that have kernels',
        zh: '程序所记录的内容，以有内核的运算表示',
      }),
      graph: recorded,
      costs: passes[0] && isSame(passes[0].graph, recorded) ? passes[0] : undefined,
    },
  ];
  for (const pass of passes) {
    if (isSame(pass.graph, stages.at(-1)!.graph)) continue;
    const { name, about, graph } = pass;
    const words = passWords[name];
    stages.push({
      key: name,
      title: words ? say(words.title) : name,
      about: words ? say({ en: about, zh: words.about }) : about,
      graph,
      costs: pass,
    });
  }
  return stages.map((stage, i) => ({ ...stage, isLast: i === stages.length - 1 }));
}

const isSame = (a: readonly GraphNode[], b: readonly GraphNode[]): boolean =>
  a.length === b.length && a.every((node, i) => signature(node) === signature(b[i]));

const signature = ({ id, name, inputs, group }: GraphNode): string => JSON.stringify([id, name, inputs, group]);
