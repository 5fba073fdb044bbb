/**
 * @file Arithmetic or memory: each kernel under the two ceilings of its adapter.
 */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ProfileData } from '../../../compile/profile-data.ts';
import { Instruments } from '../instruments.tsx';
import { Chart } from './chart.tsx';
import type { Point } from './points.ts';
import { rooflineOf, summaryOf } from './points.ts';
import { Computing, Moving } from './tables.tsx';

export function Pane() {
  return (
    <Instruments
      title="Roofline"
      about="Each kernel under the two ceilings of the adapter: what its arithmetic and its memory allow, as probes measured them. It shows which of the two holds a kernel back, and how much is left."
    >
      {({ profile }) => (profile ? <Roofline of={profile} /> : null)}
    </Instruments>
  );
}

function Roofline({ of: profile }: { of: ProfileData }) {
  const roofline = useMemo(() => rooflineOf(profile), [profile]);
  /** What pointer or keys are on, in the picture or in a table. */
  const pointed = useSignal<Point | undefined>(undefined);
  if (!roofline) return <p class="empty">{whyNone(profile)}</p>;
  return (
    <>
      <p class="summary">{summaryOf(roofline)}</p>
      {roofline.computing.length > 0 && (
        <>
          <Chart roofline={roofline} pointed={pointed} />
          <Computing roofline={roofline} pointed={pointed} />
        </>
      )}
      {roofline.moving.length > 0 && <Moving roofline={roofline} pointed={pointed} />}
    </>
  );
}

function whyNone({ events, device }: ProfileData): string {
  if (events.length === 0) return 'The run computed nothing, so there is no kernel to show.';
  if (!device)
    return 'The cpu reference has no ceilings to compare with: its loops show what is right, not what is fast.';
  return 'The ceilings of this adapter could not be measured.';
}
