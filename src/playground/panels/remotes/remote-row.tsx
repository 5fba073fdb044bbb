/**
 * @file A remote of the list: chosen or not, what it is, and what the doctor says of the way to it.
 */
import { useId } from 'preact/hooks';
import { summarize } from '../../../compare/statistics.ts';
import { hasBridge } from '../../bridge.ts';
import { examinations, examine, forget } from '../../examinations.ts';
import { formatMs } from '../../../base/format.ts';
import { showGuest, text } from '../../programs/program.ts';
import { isOf } from '../../recorded.ts';
import type { CheckedOutcome, PageRemote, RecordedRemote } from '../../remote-kinds.ts';
import { keyOf, nameOf } from '../../remote-kinds.ts';
import { choosing, chosen, remove, setChosen } from '../../remotes.ts';
import { Stages } from './stages.tsx';

export function RemoteRow({ remote }: { remote: PageRemote }) {
  const id = useId();
  const { kind } = remote;
  const reachable = kind === 'offered' || kind === 'named';
  const examination = examinations.value.get(keyOf(remote));
  const name = nameOf(remote);
  const leave = (): void => {
    if (reachable) forget(remote);
    remove(remote);
  };
  return (
    <li>
      <div class="row">
        <input
          id={id}
          type="checkbox"
          checked={chosen.value.some((other) => keyOf(other) === keyOf(remote))}
          onChange={(e) => setChosen(remote, e.currentTarget.checked)}
        />
        <label for={id}>
          <strong>{name}</strong>
          <small>{aboutOf(remote)}</small>
        </label>
        <div class="row-tools">
          {reachable && (
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
          {(kind === 'named' || kind === 'dropped') && (
            <button type="button" class="quiet" onClick={leave} aria-label={`Remove ${name}`}>
              Remove
            </button>
          )}
        </div>
      </div>
      {kind === 'recorded' && <Provenance remote={remote} />}
      {reachable && examination && <Stages name={name} examination={examination} />}
    </li>
  );
}

function aboutOf(remote: PageRemote): string {
  switch (remote.kind) {
    case 'offered':
      return remote.detail;
    case 'named':
      return hasBridge() ? 'through the bridge of npm start' : 'directly from this page';
    case 'dropped':
      return outcomeText(remote.outcome.report);
    case 'recorded':
      return `${outcomeText(remote.run.report)}${isOf(text.value, remote) ? '' : '; not the program in the editor'}`;
  }
}

function outcomeText({ model, versions, times }: CheckedOutcome['report']): string {
  const what = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const time =
    times.warm_ms.length === 0
      ? []
      : [`median ${formatMs(summarize(times.warm_ms).median)} ms of ${times.warm_ms.length} runs`];
  return [model, ...what, ...time].join(', ');
}

/** Where a record comes from, and the way to run its program here. */
function Provenance({ remote }: { remote: RecordedRemote }) {
  const { recorded, command, note, program_sha256, tensors_sha256, results_sha256, source } = remote.run.provenance;
  const load = (): void => {
    showGuest(`The program from ${nameOf(remote)}`, source);
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
