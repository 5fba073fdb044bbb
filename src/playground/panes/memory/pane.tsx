/**
 * @file Who holds the device's memory while each kernel of a run runs; and the measurements that are kept.
 */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatBytes, formatPercent } from '../../../base/format.ts';
import type { Inspected } from '../../inspection.ts';
import { Instruments } from '../instruments.tsx';
import '../../styles/memory.css';
import { Chart } from './chart.tsx';
import type { Column, MemoryRun } from './columns.ts';
import { bands, memoryRun } from './columns.ts';
import { looks } from './owners.ts';
import { PlanCache } from './plans.tsx';

export function Pane() {
  return (
    <div class="memory">
      <Instruments
        title="Memory"
        about="Who holds the device's memory while each kernel runs: parameters, gradients, activations, workspace."
      >
        {(inspected) => <Memory of={inspected} />}
      </Instruments>
      <PlanCache />
    </div>
  );
}

function Memory({ of: inspected }: { of: Inspected }) {
  const run = useMemo(() => memoryRun(inspected), [inspected]);
  const pointed = useSignal<Column | undefined>(undefined);
  if (!run)
    return (
      <p class="empty">
        The run used no device memory: it computed on the cpu reference, whose values lie in JavaScript's, or nothing.
      </p>
    );
  return (
    <>
      <p class="summary">{summaryOf(run)}</p>
      <Chart run={run} pointed={pointed} />
      <Owners of={pointed.value ?? run.peak} all={run.columns.length} isPeak={!pointed.value} />
      <details class="how">
        <summary>How is this counted?</summary>
        <p>
          What is in use is counted by the pool, in its size classes, when a submission is recorded. What intermediates
          need at each kernel is computed from the memory plan; the rest of their memory is idle then. The device holds{' '}
          {formatBytes(run.reserved)} in all, in use or kept for reuse.
          {run.leftOut > 0 && ` ${run.leftOut.toLocaleString('en')} later submissions are left out.`}
        </p>
      </details>
    </>
  );
}

function summaryOf({ peak, columns, planned, unshared }: MemoryRun): string {
  const [first] = bands.toSorted((a, b) => peak.bytes[b] - peak.bytes[a]);
  const most = `At most ${formatBytes(peak.total)} are in use, at kernel ${peak.number} of ${columns.length}: ${formatPercent(peak.bytes[first] / peak.total)} is ${looks[first].name}.`;
  if (unshared === 0) return most;
  const saved = unshared > planned ? `, ${formatPercent(1 - planned / unshared)} less than if none shared it` : '';
  return `${most} Intermediates share ${formatBytes(planned)}${saved}.`;
}

/** The legend, with the figures of a kernel. */
function Owners({ of: { bytes, total, number, kernel }, all, isPeak }: OwnersProps) {
  return (
    <div class="owners">
      <p>
        <strong>
          {isPeak ? 'At the peak, kernel' : 'Kernel'} {number} of {all}
        </strong>
        {kernel !== undefined && <span class="kernel-name"> {kernel}</span>}
      </p>
      <dl>
        {bands
          .filter((band) => bytes[band] > 0)
          .map((band) => (
            <div key={band} title={looks[band].about}>
              <dt>
                <span class={`sign ${band}`} style={{ color: looks[band].colour }} aria-hidden="true">
                  {looks[band].letter}
                </span>
                {looks[band].name}
              </dt>
              <dd>
                {formatBytes(bytes[band])} <small>{formatPercent(bytes[band] / total)}</small>
              </dd>
            </div>
          ))}
      </dl>
    </div>
  );
}

interface OwnersProps {
  readonly of: Column;
  readonly all: number;
  readonly isPeak: boolean;
}
