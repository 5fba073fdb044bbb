/**
 * @file The race: for each convolution, matrix product, pooling and attention a card with a lane for each algorithm;
 * above them, what the whole pass is made of.
 */
import { signal } from '@preact/signals';
import { earlierRun } from '../../actions.ts';
import { describeClock } from '../../choices.ts';
import { releaseAll } from '../../forced.ts';
import { firstView, firstViewText, shownChoices } from '../../first-view.ts';
import { directionWords } from '../../directions.ts';
import { say } from '../../language.ts';
import { busy, forced, lastRun, standing } from '../../state.ts';
import { Card } from './card.tsx';
import { Legend } from './legend.tsx';
import { LiveRace } from './live.tsx';
import { Pass } from './pass.tsx';

/** So many cards are drawn at once; a model of many layers has more. */
const atOnce = 20;
const showRest = signal(false);

export function Pane() {
  const choices = shownChoices.value;
  return (
    <section class={firstView.value ? 'panel race recorded' : 'panel race'} aria-labelledby="race-title">
      <h2 class="unseen" id="race-title">
        {say({ en: 'Race', zh: '竞速' })}
      </h2>
      {forced.value.length > 0 && <Forced />}
      {firstViewText.value && <p class="recorded-label">{firstViewText.value}</p>}
      {choices.length > 0 && earlierRun.value && <p class="hint">{earlierRun.value}</p>}
      {standing.value && <LiveRace standing={standing.value} />}
      {choices.length === 0 && !standing.value && <p class="empty">{emptyText()}</p>}
      {choices.length > 0 && (
        <>
          <Pass choices={choices} />
          <Legend choices={choices} />
          {(showRest.value ? choices : choices.slice(0, atOnce)).map((choice, i) => (
            <Card key={i} id={`race-${i}`} choice={choice} />
          ))}
          {choices.length > atOnce && !showRest.value && (
            <button type="button" class="quiet" onClick={() => (showRest.value = true)}>
              {say({
                en: `Show ${choices.length - atOnce} more problems`,
                zh: `显示其余 ${choices.length - atOnce} 个问题`,
              })}
            </button>
          )}
          <details class="how">
            <summary>{say({ en: 'How is this measured?', zh: '如何测量？' })}</summary>
            <p class="about">{describeClock(choices).join(say({ en: ' ', zh: '' }))}</p>
          </details>
        </>
      )}
    </section>
  );
}

function emptyText(): string {
  const result = lastRun.value?.result;
  if (result?.ok && result.device === 'cpu')
    return say({
      en: 'The cpu reference has one algorithm for each operation: plain loops. There is nothing to choose.',
      zh: 'CPU 参考实现中每个运算只有一种算法：普通循环，无从选择。',
    });
  if (result?.ok)
    return say({
      en: 'The program ran no convolution, matrix product, pooling or attention.',
      zh: '程序没有运行卷积、矩阵乘、池化或注意力。',
    });
  return say({
    en: 'For each convolution, matrix product, pooling and attention of the run, the algorithms that could compute it race here: how long each takes, how much memory it needs, how exact it is, and which was chosen. You can force any of them.',
    zh: '运行中的每个卷积、矩阵乘、池化和注意力，能计算它的各种算法都在这里竞速：耗时多少，占多少内存，有多精确，选中了谁。任何一种都可以强制使用。',
  });
}

/** Shown beside a failed run too, so that what was forced can always be undone. */
function Forced() {
  return (
    <p class="forced">
      <span>
        {say({ en: 'Forced algorithms:', zh: '强制使用的算法：' })}{' '}
        {forced.value
          .map(({ operation, direction, descriptor, algo }) =>
            say({
              en: `${algo} for ${operation} ${direction} ${descriptor}`,
              zh: `${algo}（${operation} ${directionWords[direction].zh} ${descriptor}）`,
            }),
          )
          .join('; ')}
        {say({ en: '.', zh: '。' })}
      </span>
      <button type="button" class="quiet" disabled={busy.value} onClick={releaseAll}>
        {say({ en: 'Release all', zh: '全部取消' })}
      </button>
    </p>
  );
}
