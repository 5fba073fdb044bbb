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
import { select, selection } from '../../selection.ts';
import { Columns } from '../columns.tsx';
import { Instruments } from '../instruments.tsx';
import { Lines } from '../lines.tsx';
import { Source } from './source.tsx';

export function Pane() {
  return (
    <Instruments
      title="Kernel"
      about="The kernels that the program ran, with their measured times and the WGSL that the driver compiled."
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
  if (!now) return <p class="empty">The program ran no kernel: it computed on the cpu reference, or nothing.</p>;
  const shown = showsAll.value ? all : all.filter((row, i) => i < atOnce || row === now);
  const slowest = Math.max(...all.map(({ totalMs }) => totalMs));
  return (
    <div class="kernels">
      <p>{sentenceOf(all)}</p>
      <div class="scroller" role="group" tabIndex={0} aria-label="Kernels, scrolls sideways">
        <table aria-label="Kernels of the run">
          <Columns
            of={[
              'Kernel',
              'Computes',
              { number: 'Time' },
              { number: 'Share' },
              { number: 'Bytes' },
              { number: 'Workgroups' },
              'Lines',
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
          Show {all.length - shown.length} more kernels
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
  if (total === 0) return `The run had ${counted(all.length, 'kernel')}; none was timed.`;
  const whole = `${counted(runs, 'kernel launch', 'kernel launches')} took ${formatDuration(total)}`;
  return all.length === 1
    ? `${whole}, all in ${first.record.name}.`
    : `${whole}; ${formatPercent(first.share)} of it was ${first.record.name}.`;
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
        {record.once && <small>once for all runs</small>}
      </th>
      <td class="wordy">{operationsText(record.operations.map(({ name }) => name))}</td>
      <td class="number time">
        {ms === undefined ? '–' : formatDuration(ms)}
        {runs > 1 && <small>mean of {runs} runs</small>}
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
