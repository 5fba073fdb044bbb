/**
 * @file The plan cache as a table: what was measured, how often that was used again, how old it is, and whose it is.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { counted, formatAge, formatDuration } from '../../../base/format.ts';
import type { KeptPlan } from '../../engine/client.ts';
import { directionWords } from '../../directions.ts';
import { langOf, language, say } from '../../language.ts';
import { clearPlans, keptPlans, planNotice, savePlans, takePlans, watchPlans } from '../../plan-cache.ts';
import { busy } from '../../state.ts';
import { Columns } from '../columns.tsx';
import { signOf } from '../palette.ts';
import { ownerText } from './plan-words.ts';

/** So many rows are drawn at once. */
const atOnce = 30;

export function PlanCache() {
  useEffect(watchPlans, []);
  const showsAll = useSignal(false);
  const chooser = useRef<HTMLInputElement>(null);
  const plans = keptPlans.value ?? [];
  const shown = showsAll.value ? plans : plans.slice(0, atOnce);
  return (
    <section class="panel plan-cache" aria-label={say({ en: 'Plan cache', zh: '计划缓存' })}>
      <h2>{say({ en: 'Plan cache', zh: '计划缓存' })}</h2>
      <p class="about">{sentenceOf(plans)}</p>
      <p class="row-of-buttons">
        <button type="button" class="quiet" disabled={plans.length === 0} onClick={() => void savePlans()}>
          {say({ en: 'Export', zh: '导出' })}
        </button>
        <button type="button" class="quiet" disabled={busy.value} onClick={() => chooser.current!.click()}>
          {say({ en: 'Import…', zh: '导入…' })}
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          accept=".json,application/json"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void takePlans(file);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          class="quiet"
          disabled={plans.length === 0 || busy.value}
          onClick={() => void clearPlans()}
        >
          {say({ en: 'Clear', zh: '清空' })}
        </button>
      </p>
      {planNotice.value && (
        <p class={planNotice.value.bad ? 'notice bad' : 'notice'} role={planNotice.value.bad ? 'alert' : 'status'}>
          <span lang={langOf(planNotice.value.text)}>{planNotice.value.text}</span>
        </p>
      )}
      {plans.length > 0 && (
        <div
          class="scroller"
          role="group"
          tabIndex={0}
          aria-label={say({ en: 'Plan cache, scrolls sideways', zh: '计划缓存，可横向滚动' })}
        >
          <table aria-label={say({ en: 'Kept measurements', zh: '保留的测量结果' })}>
            <Columns
              of={[
                say({ en: 'Problem', zh: '问题' }),
                say({ en: 'Fastest', zh: '最快' }),
                { number: say({ en: 'Hits', zh: '命中' }) },
                { number: say({ en: 'Took', zh: '用时' }) },
                say({ en: 'Measured', zh: '测于' }),
                say({ en: 'Of', zh: '来自' }),
                say({ en: 'Adapter', zh: '适配器' }),
              ]}
            />
            <tbody>
              {shown.map((plan) => (
                <Row key={`${plan.program} ${plan.entry.key}`} plan={plan} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < plans.length && (
        <button type="button" class="quiet" onClick={() => (showsAll.value = true)}>
          {say({ en: `Show ${plans.length - shown.length} more`, zh: `显示其余 ${plans.length - shown.length} 项` })}
        </button>
      )}
    </section>
  );
}

function sentenceOf(plans: readonly KeptPlan[]): string {
  if (plans.length === 0)
    return say({
      en: 'Nothing is kept yet. A run that measures algorithms keeps what it found for the next.',
      zh: '尚未保留任何结果。实测算法的运行会把结果留给下一次。',
    });
  const hits = plans.reduce((sum, plan) => sum + plan.hits, 0);
  const saved = plans.reduce((sum, plan) => sum + plan.hits * plan.entry.tuningMs, 0);
  const time = formatDuration(saved);
  const used =
    hits > 0
      ? {
          en: `, used again ${counted(hits, 'time')}, which saved ${time} of measuring`,
          zh: `，复用 ${hits} 次，省下 ${time} 的测量`,
        }
      : { en: '', zh: '' };
  return say({
    en: `${counted(plans.length, 'measurement')} kept${used.en}.`,
    zh: `保留了 ${plans.length} 项测量${used.zh}。`,
  });
}

function Row({ plan: { program, entry, hits } }: { plan: KeptPlan }) {
  const { operation, direction, descriptor, chosen, chosenConfig, adapter } = entry.choice;
  const { colour, letter } = signOf(chosen);
  return (
    <tr>
      <th scope="row">
        {descriptor}
        <small>
          {operation}
          {direction !== 'forward' && `, ${say(directionWords[direction])}`}
        </small>
      </th>
      <td>
        <span class="sign" style={{ color: colour }} aria-hidden="true">
          {letter}
        </span>
        {chosen}
        {chosenConfig && <small lang={langOf(chosenConfig)}>{chosenConfig}</small>}
      </td>
      <td class="number">{hits.toLocaleString('en')}</td>
      <td class="number">{formatDuration(entry.tuningMs)}</td>
      <td>{formatAge(entry.measured, Date.now(), language.value)}</td>
      <td>{ownerText(program)}</td>
      <td class="wordy">{adapter}</td>
    </tr>
  );
}
