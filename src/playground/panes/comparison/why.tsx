/**
 * @file Why the sides differ: what was tried without, and how much of the error went with it.
 */
import type { Words } from '../../../base/words.ts';
import type { RemoteComparison } from '../../../compare/types.ts';
import type { Share, Trial } from '../../../compare/why.ts';
import { triable } from '../../../compare/with-remotes.ts';
import { busy, explanationError } from '../../state.ts';
import { explain } from '../../compare.ts';
import { formatError } from '../../../base/format.ts';
import { langOf, say } from '../../language.ts';
import { Columns } from '../columns.tsx';

const classes: Record<Share, string> = {
  'the cause': 'verdict bad',
  'a part of it': 'verdict caution',
  'not it': 'verdict',
};

const shares: Record<Share, Words> = {
  'the cause': { en: 'the cause', zh: '就是原因' },
  'a part of it': { en: 'a part of it', zh: '部分原因' },
  'not it': { en: 'not it', zh: '不是原因' },
};

export function Why({ side }: { side: RemoteComparison }) {
  const {
    trials,
    result: { suspects },
  } = side;
  if (suspects.length === 0) return null;
  if (trials)
    return (
      <div class="why">
        <Trials trials={trials} remote={side.remote} />
      </div>
    );
  const tried = triable(side);
  const causes = (of: typeof suspects): string => of.map(({ cause }) => cause).join('; ');
  const failed = explanationError.value?.of === side ? explanationError.value.message : undefined;
  return (
    <div class="why">
      <p>
        {tried.length > 0 && (
          <button type="button" disabled={busy.value} onClick={() => void explain(side)}>
            {say({ en: 'Why?', zh: '为什么？' })}
          </button>
        )}
        <span class="hint">
          {tried.length > 0
            ? say({
                en: `Runs again without each setting that is known to change numbers: ${causes(tried)}.`,
                zh: `逐一去掉已知会改变数值的设置，再运行一次：${causes(tried)}。`,
              })
            : say({
                en: `Known to change numbers: ${causes(suspects)}. These results come from a finished run, so nothing can be tried without it.`,
                zh: `已知会改变数值的有：${causes(suspects)}。这些结果来自已结束的运行，无法去掉某一项重试。`,
              })}
        </span>
      </p>
      {failed && (
        <p class="notice bad" role="alert" lang={langOf(failed)}>
          {failed}
        </p>
      )}
    </div>
  );
}

function Trials({ trials, remote }: { trials: readonly Trial[]; remote: string }) {
  return (
    <div
      class="scroller"
      role="group"
      tabIndex={0}
      aria-label={say({ en: `Causes with ${remote}, scroll sideways`, zh: `与 ${remote} 差异的原因，可横向滚动` })}
    >
      <table aria-label={say({ en: `Causes with ${remote}`, zh: `与 ${remote} 差异的原因` })}>
        <Columns
          of={[
            say({ en: 'Suspect', zh: '嫌疑' }),
            say({ en: 'Finding', zh: '结论' }),
            say({ en: 'In', zh: '张量' }),
            { number: say({ en: 'Error with it on', zh: '启用时误差' }) },
            { number: say({ en: 'With it off', zh: '停用时误差' }) },
          ]}
        />
        <tbody>
          {trials.map(({ side, cause, tensor, before, after, share }) => (
            <tr key={cause}>
              <th scope="row" class="wordy">
                <span lang={langOf(cause)}>{cause}</span>
                <small>{side === 'local' ? say({ en: 'here', zh: '本机' }) : say({ en: 'remote', zh: '远端' })}</small>
              </th>
              <td>
                <span class={classes[share]}>{say(shares[share])}</span>
              </td>
              <td>
                <code>{tensor}</code>
              </td>
              <td class="number">{formatError(before)}</td>
              <td class="number">{formatError(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
