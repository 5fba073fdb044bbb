/**
 * @file A remote of the list: chosen or not, what it is, and what the doctor says of the way to it.
 */
import { useId } from 'preact/hooks';
import { examinations, examine, forget } from '../../examinations.ts';
import { showGuest } from '../../programs/program.ts';
import type { RecordedRun } from '../../../remote/recorded-run.ts';
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
          <small>{about}</small>
        </label>
        <div class="row-tools">
          {remote.examine && (
            <button
              type="button"
              class="quiet"
              disabled={examination?.running}
              onClick={() => void examine(remote)}
              aria-label={`Check ${name}`}
            >
              Check
            </button>
          )}
          {remote.removable && (
            <button type="button" class="quiet" onClick={leave} aria-label={`Remove ${name}`}>
              Remove
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
    showGuest(`The program from ${name}`, source);
    choosing.value = false;
  };
  return (
    <details class="provenance">
      <summary>Where it comes from</summary>
      <dl>
        <dt>Recorded</dt>
        <dd>{recorded}</dd>
        <dt>By</dt>
        <dd>
          <code>{command}</code>
        </dd>
        {note && (
          <>
            <dt>Note</dt>
            <dd>{note}</dd>
          </>
        )}
        <dt>SHA-256 of the PyTorch program</dt>
        <dd>
          <code>{program_sha256}</code>
        </dd>
        <dt>of weights and inputs</dt>
        <dd>
          <code>{tensors_sha256}</code>
        </dd>
        <dt>of the results</dt>
        <dd>
          <code>{results_sha256}</code>
        </dd>
      </dl>
      <button type="button" class="quiet" onClick={load}>
        Load its program
      </button>
    </details>
  );
}
