/**
 * @file What the connection doctor found, stage by stage: a mark, a plain message, and the command that mends it.
 */
import { useSignal } from '@preact/signals';
import { counted } from '../../../base/format.ts';
import type { Words } from '../../../base/words.ts';
import type { StageResult } from '../../../bridge/protocol.ts';
import type { Examination } from '../../examinations.ts';
import { langOf, say } from '../../language.ts';

const marks: Record<StageResult['state'], string> = { ok: '✓', warning: '!', failed: '✗', 'not reached': '·' };

const states: Record<StageResult['state'], Words> = {
  ok: { en: 'ok', zh: '正常' },
  warning: { en: 'warning', zh: '警告' },
  failed: { en: 'failed', zh: '失败' },
  'not reached': { en: 'not reached', zh: '未到达' },
};

export function Stages({ name, examination }: { name: string; examination: Examination }) {
  const { stages, running, caveat, error } = examination;
  const unreached = stages.filter(({ state }) => state === 'not reached');
  return (
    <div class="examination" aria-busy={running}>
      <ol aria-label={say({ en: `Connection to ${name}`, zh: `到 ${name} 的连接` })} aria-live="polite">
        {stages
          .filter((stage) => !unreached.includes(stage))
          .map((stage) => (
            <Stage key={stage.name} stage={stage} />
          ))}
        {running && (
          <li data-state="running">
            <span class="mark" aria-hidden="true">
              …
            </span>
            <span class="name">{say({ en: 'checking', zh: '正在检查' })}</span>
          </li>
        )}
      </ol>
      {error && (
        <p class="notice bad" lang={langOf(error)}>
          {error}
        </p>
      )}
      {!running && !error && (
        <p class="hint">
          {verdictOf(stages)}
          {unreached.length > 0 &&
            say({
              en: ` Not reached: ${unreached.map((stage) => stage.name).join(', ')}.`,
              zh: `未到达：${unreached.map((stage) => stage.name).join(', ')}。`,
            })}
        </p>
      )}
      {caveat && <p class="hint">{say(caveat)}</p>}
    </div>
  );
}

function Stage({ stage: { name, state, message, remedy } }: { stage: StageResult }) {
  return (
    <li data-state={state}>
      <span class="mark" role="img" aria-label={say(states[state])}>
        {marks[state]}
      </span>
      <span class="name" lang={langOf(name)}>
        {name}
      </span>
      <span class="message" lang={langOf(message)}>
        {message}
      </span>
      {remedy !== undefined && <Remedy text={remedy} />}
    </li>
  );
}

function Remedy({ text }: { text: string }) {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
  };
  return (
    <span class="remedy">
      <code>{text}</code>
      <button
        type="button"
        class="quiet"
        onClick={() => void copy()}
        aria-label={say({ en: `Copy ${text}`, zh: `复制 ${text}` })}
      >
        {copied.value ? say({ en: 'Copied', zh: '已复制' }) : say({ en: 'Copy', zh: '复制' })}
      </button>
    </span>
  );
}

function verdictOf(stages: readonly StageResult[]): string {
  const failed = stages.find(({ state }) => state === 'failed');
  if (failed) return say({ en: `Stopped at “${failed.name}”.`, zh: `停在“${failed.name}”。` });
  const warnings = stages.filter(({ state }) => state === 'warning').length;
  return warnings === 0
    ? say({ en: 'Everything works.', zh: '一切正常。' })
    : say({ en: `It works, with ${counted(warnings, 'warning')}.`, zh: `可用，但有 ${warnings} 个警告。` });
}
