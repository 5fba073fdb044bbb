/**
 * @file What all instruments share: what stands there before a run was looked into, the way to look into it, and how
 * its figures came about.
 */
import type { ComponentChildren } from 'preact';
import { canInspect, inspectRun } from '../actions.ts';
import { clockWords } from '../choices.ts';
import type { Inspected } from '../inspection.ts';
import { inspection, inspectionError } from '../inspection.ts';
import { say } from '../language.ts';
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
              {say({ en: 'Look inside this run', zh: '查看这次运行的内部' })}
            </button>
          </p>
          <p class="hint">
            {say({
              en: 'It runs the program once more and times each kernel apart from the others.',
              zh: '程序会再运行一次，并对每个内核单独计时。',
            })}
          </p>
        </>
      ) : (
        <p class="empty">{nextStep()}</p>
      )}
    </div>
  );
}

function nextStep(): string {
  if (busy.value) return say({ en: 'The program runs…', zh: '程序正在运行…' });
  const run = lastRun.value;
  if (!run) return say({ en: 'Press Run.', zh: '请点击“运行”。' });
  return run.result.ok
    ? say({
        en: 'The program has changed since its last run. Press Run.',
        zh: '程序在上次运行之后改过了，请点击“运行”。',
      })
    : say({
        en: 'The last run failed. Mend the program and press Run.',
        zh: '上次运行失败。请修正程序，再点击“运行”。',
      });
}

/** How the figures came about, in sentences. */
function Provenance({ of: { profile, from } }: { of: Inspected }) {
  const device = profile?.device;
  return (
    <p class="how-measured">
      {device && (
        <>
          {say({
            en: `Times are measured on ${device.adapter} by ${clockWords(device.clock).en}, ${from === 'second run' ? 'in a second run in which each kernel is timed apart' : 'each kernel apart'}.`,
            zh: `耗时在 ${device.adapter} 上用${clockWords(device.clock).zh}测得，${from === 'second run' ? '取自第二次运行，各内核单独计时' : '各内核单独计时'}。`,
          })}{' '}
          {device.software &&
            say({
              en: 'This is a software adapter: its times say nothing about a GPU. ',
              zh: '这是软件适配器，耗时不代表 GPU。',
            })}
        </>
      )}
      {!profile &&
        say({
          en: 'The program took a profile itself, so its kernels were not timed here. ',
          zh: '程序自己做了性能分析，因此这里没有为内核计时。',
        })}
      {say({ en: 'Bytes and operations are computed.', zh: '字节数和运算量是计算得出的。' })}
    </p>
  );
}
