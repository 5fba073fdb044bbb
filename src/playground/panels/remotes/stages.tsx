/**
 * @file What the connection doctor found, stage by stage: a mark, a plain message, and the command that mends it.
 */
import { useSignal } from '@preact/signals';
import { counted } from '../../../base/format.ts';
import type { StageResult } from '../../../bridge/protocol.ts';
import type { Examination } from '../../examinations.ts';

const marks: Record<StageResult['state'], string> = { ok: '✓', warning: '!', failed: '✗', 'not reached': '·' };

export function Stages({ name, examination }: { name: string; examination: Examination }) {
  const { stages, running, caveat, error } = examination;
  const unreached = stages.filter(({ state }) => state === 'not reached');
  return (
    <div class="examination" aria-busy={running}>
      <ol aria-label={`Connection to ${name}`} aria-live="polite">
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
            <span class="name">checking</span>
          </li>
        )}
      </ol>
      {error && <p class="notice bad">{error}</p>}
      {!running && !error && (
        <p class="hint">
          {verdictOf(stages)}
          {unreached.length > 0 && ` Not reached: ${unreached.map((stage) => stage.name).join(', ')}.`}
        </p>
      )}
      {caveat && <p class="hint">{caveat}</p>}
    </div>
  );
}

function Stage({ stage: { name, state, message, remedy } }: { stage: StageResult }) {
  return (
    <li data-state={state}>
      <span class="mark" role="img" aria-label={state}>
        {marks[state]}
      </span>
      <span class="name">{name}</span>
      <span class="message">{message}</span>
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
      <button type="button" class="quiet" onClick={() => void copy()} aria-label={`Copy ${text}`}>
        {copied.value ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}

function verdictOf(stages: readonly StageResult[]): string {
  const failed = stages.find(({ state }) => state === 'failed');
  if (failed) return `Stopped at “${failed.name}”.`;
  const warnings = stages.filter(({ state }) => state === 'warning').length;
  return warnings === 0 ? 'Everything works.' : `It works, with ${counted(warnings, 'warning')}.`;
}
