/**
 * @file The kernels of a run with their times, and the code of the one that is chosen.
 */
import { computed, signal } from '@preact/signals';
import { counted, formatBytes, formatDuration, formatFlops, formatPercent } from '../../../base/format.ts';
import '../../styles/kernel.css';
import { kernelKey } from '../../counterparts.ts';
import { inspection } from '../../inspection.ts';
import type { KernelRow } from '../../kernel-figures.ts';
import { kernelRows, meanMs, operationsText } from '../../kernel-figures.ts';
import { highlight } from '../../highlights.ts';
import { say } from '../../language.ts';
import { select, selection } from '../../selection.ts';
import { Columns } from '../columns.tsx';
import { Instruments } from '../instruments.tsx';
import { Lines } from '../lines.tsx';
import { Source } from './source.tsx';

export function Pane() {
  return (
    <Instruments
      title={say({ en: 'Kernel', zh: '内核' })}
      about={say({
        en: 'The kernels that the program ran, with their measured times and the WGSL that the driver compiled.',
        zh: '程序运行过的内核、实测耗时，以及驱动编译的 WGSL。',
      })}
    >
      {() => <Kernels />}
    </Instruments>
  );
}

const rows = computed(() => (inspection.value ? kernelRows(inspection.value) : []));

/** The row that was chosen here last; kernels of one name may have several. */
const chosenKey = signal<string | undefined>(undefined);

const isLit = ({ places }: KernelRow): boolean => places.some((place) => highlight.value.kernels.has(kernelKey(place)));

/** What was chosen here where that is lit, else what is lit, else the slowest. */
const chosen = computed<KernelRow | undefined>(() => {
  const candidates = rows.value.some(isLit) ? rows.value.filter(isLit) : rows.value;
  return candidates.find(({ key }) => key === chosenKey.value) ?? candidates[0];
});

function choose({ key, record }: KernelRow): void {
  const isSame = selection.value?.kind === 'kernel' && selection.value.name === record.name;
  if (!isSame || chosenKey.value === key) select('kernel', record.name);
  chosenKey.value = key;
}

/** So many rows are drawn at once. */
const atOnce = 40;
const showsAll = signal(false);

function Kernels() {
  const all = rows.value;
  const now = chosen.value;
  if (!now)
    return (
      <p class="empty">
        {say({
          en: 'The program ran no kernel: it computed on the cpu reference, or nothing.',
          zh: '程序没有运行内核：它在 CPU 参考实现上计算，或什么也没算。',
        })}
      </p>
    );
  const shown = showsAll.value ? all : all.filter((row, i) => i < atOnce || row === now);
  const slowest = Math.max(...all.map(({ totalMs }) => totalMs));
  return (
    <div class="kernels">
      <p>{sentenceOf(all)}</p>
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: 'Kernels, scrolls sideways', zh: '内核，可横向滚动' })}
      >
        <table aria-label={say({ en: 'Kernels of the run', zh: '这次运行的内核' })}>
          <Columns
            of={[
              say({ en: 'Kernel', zh: '内核' }),
              say({ en: 'Computes', zh: '计算' }),
              { number: say({ en: 'Time', zh: '耗时' }) },
              { number: say({ en: 'Share', zh: '占比' }) },
              { number: say({ en: 'Bytes', zh: '字节' }) },
              { number: say({ en: 'Workgroups', zh: '工作组' }) },
              say({ en: 'Lines', zh: '代码行' }),
            ]}
          />
          <tbody>
            {shown.map((row) => (
              <Row key={row.key} row={row} isChosen={row === now} slowest={slowest} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < all.length && (
        <button type="button" class="quiet" onClick={() => (showsAll.value = true)}>
          {say({
            en: `Show ${all.length - shown.length} more kernels`,
            zh: `显示其余 ${all.length - shown.length} 个内核`,
          })}
        </button>
      )}
      <Source run={inspection.value!} row={now} />
    </div>
  );
}

function sentenceOf(all: readonly KernelRow[]): string {
  const [first] = all;
  const total = all.reduce((sum, { totalMs }) => sum + totalMs, 0);
  const runs = all.reduce((sum, row) => sum + row.runs, 0);
  if (total === 0)
    return say({
      en: `The run had ${counted(all.length, 'kernel')}; none was timed.`,
      zh: `这次运行有 ${all.length} 个内核，都未计时。`,
    });
  const whole = {
    en: `${counted(runs, 'kernel launch', 'kernel launches')} took ${formatDuration(total)}`,
    zh: `${runs} 次内核启动共用 ${formatDuration(total)}`,
  };
  const { name } = first.record;
  return all.length === 1
    ? say({ en: `${whole.en}, all in ${name}.`, zh: `${whole.zh}，全在 ${name}。` })
    : say({
        en: `${whole.en}; ${formatPercent(first.share)} of it was ${name}.`,
        zh: `${whole.zh}，其中 ${formatPercent(first.share)} 是 ${name}。`,
      });
}

/** A path may go on in the next line behind each of its folders. */
const breakable = (name: string) =>
  name.split(/(?<=[/_])/).map((part, i) => (i === 0 ? part : [<wbr key={i} />, part]));

function Row({ row, isChosen, slowest }: { row: KernelRow; isChosen: boolean; slowest: number }) {
  const { record, runs, totalMs, share, lines } = row;
  const ms = meanMs(row);
  return (
    <tr class={isLit(row) ? 'lit' : undefined} aria-current={isChosen}>
      <th scope="row">
        <button type="button" class="plain" aria-pressed={isChosen} onClick={() => choose(row)}>
          {breakable(record.name)}
        </button>
        {record.once && <small>{say({ en: 'once for all runs', zh: '各次运行共一次' })}</small>}
      </th>
      <td class="wordy">{operationsText(record.operations.map(({ name }) => name))}</td>
      <td class="number time">
        {ms === undefined ? '–' : formatDuration(ms)}
        {runs > 1 && <small>{say({ en: `mean of ${runs} runs`, zh: `${runs} 次的均值` })}</small>}
        <span class="bar" style={{ inlineSize: `${slowest > 0 ? (100 * totalMs) / slowest : 0}%` }} />
      </td>
      <td class="number">{ms === undefined ? '–' : formatPercent(share)}</td>
      <td class="number">
        {formatBytes(record.bytesRead + record.bytesWritten)}
        {record.flops > 0 && <small>{formatFlops(record.flops)}</small>}
      </td>
      <td class="number">{record.workgroups.join(' × ')}</td>
      <td>
        <Lines of={lines} />
      </td>
    </tr>
  );
}
