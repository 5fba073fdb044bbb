/**
 * @file The plan cache as a table: what was measured, how often that was used again, how old it is, and whose it is.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { counted, formatAge, formatDuration } from '../../../base/format.ts';
import type { KeptPlan } from '../../engine/client.ts';
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
    <section class="panel plan-cache" aria-label="Plan cache">
      <h2>Plan cache</h2>
      <p class="about">{sentenceOf(plans)}</p>
      <p class="row-of-buttons">
        <button type="button" class="quiet" disabled={plans.length === 0} onClick={() => void savePlans()}>
          Export
        </button>
        <button type="button" class="quiet" disabled={busy.value} onClick={() => chooser.current!.click()}>
          Import…
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
          Clear
        </button>
      </p>
      {planNotice.value && (
        <p class={planNotice.value.bad ? 'notice bad' : 'notice'} role={planNotice.value.bad ? 'alert' : 'status'}>
          {planNotice.value.text}
        </p>
      )}
      {plans.length > 0 && (
        <div class="scroller" role="group" tabIndex={0} aria-label="Plan cache, scrolls sideways">
          <table aria-label="Kept measurements">
            <Columns of={['Problem', 'Fastest', { number: 'Hits' }, { number: 'Took' }, 'Measured', 'Of', 'Adapter']} />
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
          Show {plans.length - shown.length} more
        </button>
      )}
    </section>
  );
}

function sentenceOf(plans: readonly KeptPlan[]): string {
  if (plans.length === 0)
    return 'Nothing is kept yet. A run that measures algorithms keeps what it found for the next.';
  const hits = plans.reduce((sum, plan) => sum + plan.hits, 0);
  const saved = plans.reduce((sum, plan) => sum + plan.hits * plan.entry.tuningMs, 0);
  const used =
    hits > 0 ? `, used again ${counted(hits, 'time')}, which saved ${formatDuration(saved)} of measuring` : '';
  return `${counted(plans.length, 'measurement')} kept${used}.`;
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
          {direction !== 'forward' && `, ${direction}`}
        </small>
      </th>
      <td>
        <span class="sign" style={{ color: colour }} aria-hidden="true">
          {letter}
        </span>
        {chosen}
        {chosenConfig && <small>{chosenConfig}</small>}
      </td>
      <td class="number">{hits.toLocaleString('en')}</td>
      <td class="number">{formatDuration(entry.tuningMs)}</td>
      <td>{formatAge(entry.measured, Date.now())}</td>
      <td>{ownerText(program)}</td>
      <td class="wordy">{adapter}</td>
    </tr>
  );
}
