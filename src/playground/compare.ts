/**
 * @file Compare with remote: the last run's model goes to each chosen remote, and the results are held together.
 */
import { batch } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { Words } from '../base/words.ts';
import type { RemoteComparison } from '../compare/types.ts';
import type { Outcomes } from '../compare/with-remotes.ts';
import { compareWithEach, explainSide } from '../compare/with-remotes.ts';
import { endOf, engine, engineRemembers, occupy, runProgram, showProgress } from './actions.ts';
import { asked } from './comparison-request.ts';
import { showPane } from './bench/arrangement.ts';
import { askForRemotes, choosing, chosen } from './remotes.ts';
import { comparison, comparisonErrors, explanationError, lastRun } from './state.ts';

/** Compares with the chosen remotes; without one, asks the visitor for it. */
export async function compare(): Promise<void> {
  await occupy('comparing', async (stopped) => {
    if (chosen.value.length === 0) {
      showProgress({ en: 'looking for remotes', zh: '正在查找远端' });
      await askForRemotes();
    }
    const remotes = chosen.value;
    if (remotes.length === 0) {
      choosing.value = !stopped.aborted;
      return { en: 'Choose a remote to compare with.', zh: '请选择要对比的远端。' };
    }
    if (!engineRemembers()) {
      const result = await runProgram();
      if (!result.ok) return endOf(result);
    }
    showPane('comparison');
    const at = Date.now();
    comparisonErrors.value = { texts: [], at };
    const request = asked();
    const outcomes = await compareWithEach(engine, remotes, request, { signal: stopped, onProgress: showProgress });
    if (stopped.aborted) return { en: 'Stopped.', zh: '已停止。' };
    const { sides, job, errors } = outcomes;
    batch(() => {
      if (job && sides.length > 0) comparison.value = { sides, job, request: request.job, text: lastRun.value!.text };
      explanationError.value = undefined;
      comparisonErrors.value = { texts: errors, at };
    });
    return endOfComparison(outcomes, remotes.length);
  });
}

function endOfComparison({ sides, errors }: Outcomes, asked: number): Words {
  if (sides.length === 0)
    return { en: 'The comparison failed. The results of your run are kept.', zh: '对比失败，本机运行的结果仍然保留。' };
  const names = sides.map(({ remote }) => remote).join(', ');
  const { en, zh } = { en: `Compared with ${names}.`, zh: `已与 ${names} 对比。` };
  const failed = asked - sides.length;
  if (failed > 0)
    return { en: `${en} ${failed} of ${asked} remotes failed.`, zh: `${zh}${asked} 个远端中有 ${failed} 个失败。` };
  return errors.length === 0 ? { en, zh } : { en: `${en} The training failed.`, zh: `${zh}训练失败。` };
}

/** Finds out what makes the two sides of a comparison differ, by running the one or the other without it. */
export async function explain(side: RemoteComparison): Promise<void> {
  await occupy('comparing', async (stopped) => {
    const compared = comparison.value;
    const remote = chosen.value.find(({ name }) => name === side.remote);
    if (!remote)
      return {
        en: `${side.remote} is no longer chosen. Choose it, compare again, then ask why.`,
        zh: `${side.remote} 已不在所选之列。请选中它，重新对比，再问为什么。`,
      };
    if (!compared || !engineRemembers() || compared.text !== lastRun.value?.text)
      return {
        en: 'The engine no longer has that run. Compare again, then ask why.',
        zh: '引擎已没有那次运行。请重新对比，再问为什么。',
      };
    try {
      const trials = await explainSide(engine, side, remote, compared.request, {
        signal: stopped,
        onProgress: showProgress,
      });
      comparison.value = { ...compared, sides: compared.sides.map((one) => (one === side ? { ...one, trials } : one)) };
      const count = trials.length;
      return { en: `Tried ${count === 1 ? 'one switch' : `${count} switches`}.`, zh: `已试过 ${count} 个开关。` };
    } catch (error) {
      if (!stopped.aborted) explanationError.value = { of: side, message: messageOf(error) };
      return { en: 'The cause could not be determined.', zh: '无法确定原因。' };
    }
  });
}
