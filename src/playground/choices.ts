/**
 * @file What the race shows of choices: which lanes, which bars, and what the clock can tell.
 */
import type { Words } from '../base/words.ts';
import type { AlgorithmChoice, Candidate } from '../dnn/choice/records.ts';
import { isChosen, isPredicted } from '../dnn/choice/verdict.ts';
import { say } from './language.ts';

/**
 * One candidate of each algorithm, and of each that leaves the end of a fused group unfused: the one that ran, else the
 * first, hence best ranked.
 */
export function oneOfEach(choice: AlgorithmChoice): Candidate[] {
  const { candidates } = choice;
  const alike = (a: Candidate, b: Candidate): boolean => a.algo === b.algo && a.unfused === b.unfused;
  const first = candidates.filter((c, i) => candidates.findIndex((other) => alike(c, other)) === i);
  const ran = candidates.find((c) => isChosen(choice, c));
  return first.map((c) => (ran && alike(c, ran) ? ran : c));
}

/**
 * The times that are shown of a choice's candidates: measured ones, or predicted ones where nothing was measured; never
 * both beside each other.
 */
export function shownTimes(candidates: readonly Candidate[]): (number | undefined)[] {
  const measured = candidates.some((c) => c.timeMs !== undefined);
  return candidates.map((c) => (measured ? c.timeMs : c.predictedMs));
}

export const clockWords = (kind: 'timestamp-query' | 'wall'): Words =>
  kind === 'timestamp-query' ? { en: 'timestamp queries', zh: '时间戳查询' } : { en: 'the wall clock', zh: '挂钟' };

/** How the times were taken and on what, in sentences; one a kind of clock and adapter. */
export function describeClock(choices: readonly AlgorithmChoice[]): string[] {
  const sentences = new Set(choices.map((c) => clockSentence(c)));
  if (choices.some((c) => c.software))
    sentences.add(
      say({
        en: 'This is a software adapter: its times say nothing about a GPU.',
        zh: '这是软件适配器，耗时不代表 GPU。',
      }),
    );
  if (choices.some((c) => c.candidates.every(({ timeMs }) => timeMs === undefined) && c.candidates.some(isPredicted)))
    sentences.add(
      say({ en: '≈ marks a time predicted by a model of the adapter.', zh: '≈ 表示由适配器模型预测的耗时。' }),
    );
  if (choices.some(isUnmeasured))
    sentences.add(
      say({
        en: 'Set torch.backends.cudnn.benchmark = true to measure instead.',
        zh: '若要实测，请设 torch.backends.cudnn.benchmark = true。',
      }),
    );
  return [...sentences];
}

function clockSentence({ clock, adapter, source, candidates }: AlgorithmChoice): string {
  if (source === 'cpu reference')
    return say({
      en: 'The cpu reference has one algorithm: plain loops. There is nothing to choose.',
      zh: 'CPU 参考实现只有一种算法：普通循环，无从选择。',
    });
  if (!clock || candidates.every((c) => c.timeMs === undefined))
    return say({ en: `On ${adapter}; nothing was measured.`, zh: `${adapter}；未作实测。` });
  const how = clockWords(clock.kind);
  const step =
    clock.quantumNs >= 1000 ? `${Number((clock.quantumNs / 1000).toPrecision(3))} µs` : `${clock.quantumNs} ns`;
  return say({
    en: `Measured on ${adapter} by ${how.en} in steps of ${step}. The chosen algorithm's time is the mean of the fastest quarter of its samples, ± half their interquartile range. Each other time is that, multiplied by how much slower the algorithm was in the rounds that both ran, which is what decides. Max error is the error against a float64 reference, relative to its rms.`,
    zh: `在 ${adapter} 上用${how.zh}测得，最小刻度 ${step}。所选算法的耗时是其最快四分之一样本的均值，± 为四分位距的一半。其余算法的耗时由它乘以两者在共同轮次中的快慢之比得出，胜负也由此决定。最大误差以 float64 参考为准，相对于其均方根。`,
  });
}

/**
 * Whether a choice would be measured if `benchmark` were on; where measuring was broken off, it is, and the candidates
 * say why.
 */
const isUnmeasured = ({ source, candidates }: AlgorithmChoice): boolean =>
  source === 'heuristic' &&
  candidates.every(
    ({ status, timeMs, reason }) => status === 'not supported' || (timeMs === undefined && reason === undefined),
  );
