/**
 * @file GEMM writes each pixel R·S times: its workspace is the matrix of columns, to the byte.
 */
import { formatBytes } from '../../base/format.ts';
import { choiceFor, leastMemory, sizesOf, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** What the predictions offer. */
const ratios = [1, 3, 9, 27];

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const choice = choiceFor(evidence, 'conv');
  const { N, C, H, W, R, S, P, Q } = sizesOf(choice);
  const explicit = leastMemory(choice, 'GEMM');
  const implicit = leastMemory(choice, 'IMPLICIT_GEMM');
  if (explicit === undefined || implicit === undefined)
    return cannot({
      en: 'GEMM or IMPLICIT_GEMM is not among the candidates of this run.',
      zh: '本次运行的候选中没有 GEMM 或 IMPLICIT_GEMM。',
    });
  const [input, columns] = [4 * N * C * H * W, 4 * N * C * R * S * P * Q];
  const formula = `4·${[N, C, R, S, P, Q].join('·')} = ${columns.toLocaleString('en')} B`;
  if (explicit !== columns || implicit !== 0)
    return fails('computed', {
      en: `By the formula the matrix has ${formula}, but GEMM asks for ${explicit.toLocaleString('en')} B, and IMPLICIT_GEMM for ${formatBytes(implicit)}.`,
      zh: `按公式矩阵应为 ${formula}，但 GEMM 要求 ${explicit.toLocaleString('en')} B，IMPLICIT_GEMM 要求 ${formatBytes(implicit)}。`,
    });
  const ratio = columns / input;
  const prediction = ratios.findIndex((offered) => Math.abs(ratio / offered - 1) < 0.2);
  return holds(
    'computed',
    {
      en: `The input takes ${formatBytes(input)}. im2col makes a matrix of ${C * R * S} rows and ${N * P * Q} columns of it, 4·N·C·R·S·P·Q bytes: ${formula}, ${formatBytes(columns)}, ${times(ratio)} the input. IMPLICIT_GEMM computes the same product with a workspace of 0 B.`,
      zh: `输入占 ${formatBytes(input)}。im2col 把它展开成 ${C * R * S} 行、${N * P * Q} 列的矩阵，共 4·N·C·R·S·P·Q 字节：${formula}，即 ${formatBytes(columns)}，是输入的 ${times(ratio)}。IMPLICIT_GEMM 计算同样的乘积，工作空间为 0 B。`,
    },
    prediction === -1 ? undefined : prediction,
  );
}

export const lesson: Lesson = { panes: ['race', 'step'], walk: 'GEMM', check };
