/**
 * @file What all instruments share: what stands there before a run was looked into, the way to look into it, and how
 * its figures came about.
 */
import type { ComponentChildren } from 'preact';
import { canInspect, inspectRun } from '../actions.ts';
import type { Inspected } from '../inspection.ts';
import { inspection, inspectionError } from '../inspection.ts';
import { busy, lastRun } from '../state.ts';

interface Props {
  readonly title: string;
  /** What the instrument shows, for a page that has nothing to show yet; a sentence. */
  readonly about: string;
  readonly children: (inspected: Inspected) => ComponentChildren;
}

export function Instruments({ title, about, children }: Props) {
  const inspected = inspection.value;
  return (
    <section class="panel instrument" aria-label={title}>
      <h2 class="unseen">{title}</h2>
      {inspected ? (
        <>
          {children(inspected)}
          <Provenance of={inspected} />
        </>
      ) : (
        <Uninspected about={about} />
      )}
    </section>
  );
}

function Uninspected({ about }: Pick<Props, 'about'>) {
  const error = inspectionError.value;
  return (
    <div class="uninspected">
      <p class="empty">{about}</p>
      {error !== undefined && (
        <p class="notice bad" role="alert">
          {error}
        </p>
      )}
      {canInspect.value ? (
        <>
          <p>
            <button type="button" class="primary" disabled={busy.value} onClick={() => void inspectRun()}>
              Look inside this run
            </button>
          </p>
          <p class="hint">It runs the program once more and times each kernel apart from the others.</p>
        </>
      ) : (
        <p class="empty">{nextStep()}</p>
      )}
    </div>
  );
}

function nextStep(): string {
  if (busy.value) return 'The program runs…';
  const run = lastRun.value;
  if (!run) return 'Press Run.';
  return run.result.ok
    ? 'The program has changed since its last run. Press Run.'
    : 'The last run failed. Mend the program and press Run.';
}

/** How the figures came about, in sentences. */
function Provenance({ of: { profile, from } }: { of: Inspected }) {
  const device = profile?.device;
  return (
    <p class="how-measured">
      {device && (
        <>
          Times are measured on {device.adapter} by{' '}
          {device.clock === 'timestamp-query' ? 'timestamp queries' : 'the wall clock'}
          {from === 'second run'
            ? ', in a second run in which each kernel is timed apart'
            : ', each kernel apart'}.{' '}
          {device.software && 'This is a software adapter: its times say nothing about a GPU. '}
        </>
      )}
      {!profile && 'The program took a profile itself, so its kernels were not timed here. '}
      Bytes and operations are computed.
    </p>
  );
}
