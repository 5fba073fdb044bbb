/**
 * @file What the regret is measured over: for each tuned operation its problems, at most `count` of them and none above
 * `flops` operations.
 */
import type { Problem } from '../../src/dnn/problem.ts';
import { attentions } from './attentions.ts';
import { convolutions } from './convolutions.ts';
import { poolings } from './poolings.ts';
import { products } from './products.ts';

type Suite = (count: number, flops: number) => Problem[];

export const suites: Readonly<Record<'conv' | 'matmul' | 'pool' | 'attention', Suite>> = {
  conv: convolutions,
  matmul: listed(products),
  pool: listed(poolings),
  attention: listed(attentions),
};

function listed(problems: () => Problem[]): Suite {
  return (count, flops) =>
    problems()
      .filter((problem) => problem.flops <= flops)
      .slice(0, count);
}
