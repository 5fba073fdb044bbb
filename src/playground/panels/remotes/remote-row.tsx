/**
 * @file A remote of the list: chosen or not, what it is, and what the doctor says of the way to it.
 */
import { useId } from 'preact/hooks';
import { examinations, examine, forget } from '../../examinations.ts';
import { showGuest } from '../../programs/program.ts';
import type { RecordedRun } from '../../../remote/recorded-run.ts';
import { langOf, say } from '../../language.ts';
import type { PageRemote } from '../../remote-kinds/kind.ts';
import { choosing, chosen, remove, setChosen } from '../../remotes.ts';
import { Stages } from './stages.tsx';

export function RemoteRow({ remote }: { remote: PageRemote }) {
  const id = useId();
  const { key, name, about, record } = remote;
  const examination = examinations.value.get(key);
  const leave = (): void => {
    forget(remote);
    remove(remote);
  };
  return (
    <li>
      <div class="row">
        <input
          id={id}
          type="checkbox"
          checked={chosen.value.some((other) => other.key === key)}
          onChange={(e) => setChosen(remote, e.currentTarget.checked)}
        />
        <label for={id}>
          <strong>{name}</strong>
          <small lang={langOf(about)}>{about}</small>
        </label>
        <div class="row-tools">
          {remote.examine && (
            <button
              type="button"
              class="quiet"
              disabled={examination?.running}
              onClick={() => void examine(remote)}
              aria-label={say({ en: `Check ${name}`, zh: `检查 ${name}` })}
            >
              {say({ en: 'Check', zh: '检查' })}
            </button>
          )}
          {remote.removable && (
            <button
              type="button"
              class="quiet"
              onClick={leave}
              aria-label={say({ en: `Remove ${name}`, zh: `移除 ${name}` })}
            >
              {say({ en: 'Remove', zh: '移除' })}
            </button>
          )}
        </div>
      </div>
      {record && <Provenance name={name} record={record} />}
      {examination && <Stages name={name} examination={examination} />}
    </li>
  );
}

/** Where a record comes from, and the way to run its program here. */
function Provenance({ name, record }: { name: string; record: RecordedRun }) {
  const { recorded, command, note, program_sha256, tensors_sha256, results_sha256, source } = record.provenance;
  const load = (): void => {
    showGuest(say({ en: `The program from ${name}`, zh: `来自 ${name} 的程序` }), source);
    choosing.value = false;
  };
  return (
    <details class="provenance">
      <summary>{say({ en: 'Where it comes from', zh: '来源' })}</summary>
      <dl>
        <dt>{say({ en: 'Recorded', zh: '录制时间' })}</dt>
        <dd>{recorded}</dd>
        <dt>{say({ en: 'By', zh: '命令' })}</dt>
        <dd>
          <code>{command}</code>
        </dd>
        {note && (
          <>
            <dt>{say({ en: 'Note', zh: '备注' })}</dt>
            <dd>{note}</dd>
          </>
        )}
        <dt>{say({ en: 'SHA-256 of the PyTorch program', zh: 'PyTorch 程序的 SHA-256' })}</dt>
        <dd>
          <code>{program_sha256}</code>
        </dd>
        <dt>{say({ en: 'of weights and inputs', zh: '权重和输入的 SHA-256' })}</dt>
        <dd>
          <code>{tensors_sha256}</code>
        </dd>
        <dt>{say({ en: 'of the results', zh: '结果的 SHA-256' })}</dt>
        <dd>
          <code>{results_sha256}</code>
        </dd>
      </dl>
      <button type="button" class="quiet" onClick={load}>
        {say({ en: 'Load its program', zh: '载入它的程序' })}
      </button>
    </details>
  );
}
