/**
 * @file The map in a sentence.
 */
import type { CrossoverMap } from '../../../crossover/map.ts';
import { legendOf } from '../../../crossover/map.ts';
import { say } from '../../language.ts';

/** `'By the model, WINOGRAD wins 30 of 48 cells, DIRECT 12, FFT 6.'`, and on what. */
export function sentenceOf(map: CrossoverMap, filled: number): string {
  const { cells, adapter, software, source } = map;
  const on = software
    ? {
        en: `On ${adapter}, a software adapter: its times say nothing about a GPU.`,
        zh: `${adapter}（软件适配器，其耗时不代表 GPU）。`,
      }
    : { en: `On ${adapter}.`, zh: `${adapter}。` };
  if (filled === 0)
    return source === 'measured'
      ? say({ en: `Nothing is measured yet. ${on.en}`, zh: `尚未实测。${on.zh}` })
      : say({ en: `The model is asked who wins in each cell. ${on.en}`, zh: `正在询问模型每一格由谁胜出。${on.zh}` });
  const [first, ...others] = legendOf(cells);
  const by =
    source === 'measured' ? { en: 'Measured', zh: '实测' } : { en: 'By the model, not measured', zh: '按模型，未实测' };
  if (!first)
    return say({
      en: `${by.en}: nothing can run in any cell so far. ${on.en}`,
      zh: `${by.zh}：目前没有一格能运行。${on.zh}`,
    });
  const rest = {
    en: others.map(({ algo, count }) => `, ${algo} ${count}`).join(''),
    zh: others.map(({ algo, count }) => `，${algo} ${count} 格`).join(''),
  };
  return say({
    en: `${by.en}: ${first.algo} wins ${first.count} of ${filled} cells${rest.en}. ${on.en}`,
    zh: `${by.zh}：${filled} 格中 ${first.algo} 赢 ${first.count} 格${rest.zh}。${on.zh}`,
  });
}
