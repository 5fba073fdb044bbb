/**
 * @file Arithmetic or memory: each kernel under the two ceilings of its adapter.
 */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ProfileData } from '../../../compile/profile-data.ts';
import { Instruments } from '../instruments.tsx';
import type { Inspected } from '../../inspection.ts';
import { langOf, say } from '../../language.ts';
import { remoteTraces } from '../../remote-traces.ts';
import type { Pointed } from './dots.tsx';
import { Chart } from './chart.tsx';
import { rooflineOf, summaryOf } from './points.ts';
import { remoteRooflines } from './remote.ts';
import { RemoteLayers } from './remote-layers.tsx';
import { Computing, Moving } from './tables.tsx';

export function Pane() {
  return (
    <Instruments
      title={say({ en: 'Roofline', zh: '屋顶线' })}
      about={say({
        en: 'Each kernel under the ceilings of the adapter: what its arithmetic and its memory allow, as probes measured them. It shows which of the two holds a kernel back, and how much is left.',
        zh: '适配器上限之下的每个内核：由探针测得的计算与访存上限。可以看出内核受哪一个限制，还有多少余地。',
      })}
    >
      {(inspected) => (inspected.profile ? <Roofline of={inspected.profile} inspected={inspected} /> : null)}
    </Instruments>
  );
}

function Roofline({ of: profile, inspected }: { of: ProfileData; inspected: Inspected }) {
  const roofline = useMemo(() => rooflineOf(profile), [profile]);
  const remotes = remoteTraces.value;
  const there = useMemo(() => remotes && remoteRooflines(remotes, inspected), [remotes, inspected]);
  const rooflines = there?.rooflines ?? [];
  /** In the picture or in a table. */
  const pointed: Pointed = useSignal(undefined);
  if (!roofline) return <p class="empty">{whyNone(profile)}</p>;
  return (
    <>
      <p class="summary">{summaryOf(roofline)}</p>
      {roofline.computing.length > 0 && (
        <>
          <Chart roofline={roofline} remotes={rooflines} pointed={pointed} />
          <Computing roofline={roofline} pointed={pointed} />
        </>
      )}
      {roofline.moving.length > 0 && <Moving roofline={roofline} pointed={pointed} />}
      {rooflines.map((one) => (
        <RemoteLayers key={one.trace.remote} roofline={one} pointed={pointed} />
      ))}
      {there?.without.map(({ remote, reason }) => (
        <p key={remote} class="about">
          {say({ en: `${remote} has no points here:`, zh: `${remote} 在此没有点：` })}{' '}
          <span lang={langOf(reason)}>{reason}</span>
        </p>
      ))}
    </>
  );
}

function whyNone({ events, device }: ProfileData): string {
  if (events.length === 0)
    return say({
      en: 'The run computed nothing, so there is no kernel to show.',
      zh: '这次运行什么也没算，因此没有内核可显示。',
    });
  if (!device)
    return say({
      en: 'The cpu reference has no ceilings to compare with: its loops show what is right, not what is fast.',
      zh: 'CPU 参考实现没有可比的上限：它的循环求的是正确，而不是快。',
    });
  return say({ en: 'The ceilings of this adapter could not be measured.', zh: '此适配器的上限无法测得。' });
}
