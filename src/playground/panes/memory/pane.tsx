/**
 * @file Who holds the device's memory while each kernel of a run runs; and the measurements that are kept.
 */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatBytes, formatPercent } from '../../../base/format.ts';
import type { Inspected } from '../../inspection.ts';
import { say } from '../../language.ts';
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
        title={say({ en: 'Memory', zh: '内存' })}
        about={say({
          en: "Who holds the device's memory while each kernel runs: parameters, gradients, activations, workspace.",
          zh: '每个内核运行时谁占用设备内存：参数、梯度、激活值、工作空间。',
        })}
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
        {say({
          en: "The run used no device memory: it computed on the cpu reference, whose values lie in JavaScript's, or nothing.",
          zh: '这次运行没有使用设备内存：它在 CPU 参考实现上计算（值存放在 JavaScript 的内存里），或什么也没算。',
        })}
      </p>
    );
  return (
    <>
      <p class="summary">{summaryOf(run)}</p>
      <Chart run={run} pointed={pointed} />
      <Owners of={pointed.value ?? run.peak} all={run.columns.length} isPeak={!pointed.value} />
      <details class="how">
        <summary>{say({ en: 'How is this counted?', zh: '如何统计？' })}</summary>
        <p>
          {say({
            en: `What is in use is counted by the pool, in its size classes, when a submission is recorded. What intermediates need at each kernel is computed from the memory plan; the rest of their memory is idle then. The device holds ${formatBytes(run.reserved)} in all, in use or kept for reuse.`,
            zh: `已用内存由内存池在记录提交时按其大小等级统计。中间结果在每个内核处的需要按内存规划计算，其余部分此时空闲。设备总共持有 ${formatBytes(run.reserved)}，包括在用和留作复用的。`,
          })}
          {run.leftOut > 0 &&
            say({
              en: ` ${run.leftOut.toLocaleString('en')} later submissions are left out.`,
              zh: `之后的 ${run.leftOut.toLocaleString('en')} 次提交未列出。`,
            })}
        </p>
      </details>
    </>
  );
}

function summaryOf({ peak, columns, planned, unshared }: MemoryRun): string {
  const [first] = bands.toSorted((a, b) => peak.bytes[b] - peak.bytes[a]);
  const [total, share, owner] = [
    formatBytes(peak.total),
    formatPercent(peak.bytes[first] / peak.total),
    looks[first].name,
  ];
  const most = say({
    en: `At most ${total} are in use, at kernel ${peak.number} of ${columns.length}: ${share} is ${owner.en}.`,
    zh: `最多占用 ${total}，在第 ${peak.number} 个内核处（共 ${columns.length} 个）：其中 ${share} 是${owner.zh}。`,
  });
  if (unshared === 0) return most;
  const less = formatPercent(1 - planned / unshared);
  const saved =
    unshared > planned
      ? { en: `, ${less} less than if none shared it`, zh: `，比互不共用少 ${less}` }
      : { en: '', zh: '' };
  return say({
    en: `${most} Intermediates share ${formatBytes(planned)}${saved.en}.`,
    zh: `${most}中间结果共用 ${formatBytes(planned)}${saved.zh}。`,
  });
}

/** The legend, with the figures of a kernel. */
function Owners({ of: { bytes, total, number, kernel }, all, isPeak }: OwnersProps) {
  return (
    <div class="owners">
      <p>
        <strong>
          {isPeak
            ? say({ en: `At the peak, kernel ${number} of ${all}`, zh: `峰值处：第 ${number} 个内核，共 ${all} 个` })
            : say({ en: `Kernel ${number} of ${all}`, zh: `第 ${number} 个内核，共 ${all} 个` })}
        </strong>
        {kernel !== undefined && <span class="kernel-name"> {kernel}</span>}
      </p>
      <dl>
        {bands
          .filter((band) => bytes[band] > 0)
          .map((band) => (
            <div key={band} title={say(looks[band].about)}>
              <dt>
                <span class={`sign ${band}`} style={{ color: looks[band].colour }} aria-hidden="true">
                  {looks[band].letter}
                </span>
                {say(looks[band].name)}
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
