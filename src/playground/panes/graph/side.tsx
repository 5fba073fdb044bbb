/**
 * @file Beside the drawing: what is chosen in words and figures, and the pairs that are not fused, each with its
 * reason.
 */
import type { ComponentChildren } from 'preact';
import { groupBy } from '../../../base/group-by.ts';
import type { UnfusedRecord } from '../../../compile/compilation.ts';
import { counted, formatBytes, formatDuration, formatFlops, formatPercent, formatSizes } from '../../../base/format.ts';
import { showPane } from '../../bench/arrangement.ts';
import { meanMs } from '../../kernel-figures.ts';
import type { KernelFigures } from '../../kernel-figures.ts';
import { isSelected, select } from '../../selection.ts';
import { Lines } from '../lines.tsx';
import { ChangeList } from './change-list.tsx';
import type { DrawnBox } from './state.ts';
import { chooseBox, choosePair, compilation, drawn, stage, toggleOpen, told, shareOf } from './state.ts';

export function Side() {
  const { box, pair } = told.value ?? {};
  return (
    <div class="side" role="group" aria-label="Details of the graph" tabIndex={0}>
      <ChangeList />
      {box && <BoxDetails box={box} />}
      {pair && <PairDetails pair={pair} />}
      {!box && !pair && <p class="empty">Select a node to see its kernels, its lines and what it is not fused with.</p>}
      <Unfused />
    </div>
  );
}

function BoxDetails({ box }: { box: DrawnBox }) {
  const { key, kind, node, names, layers, lines, opens, within, figures } = box;
  const own = new Set(box.parts);
  const isOf = (id: number): boolean => id === node.id || key === `fused ${id}` || own.has(id);
  const pairs = stage.value?.isLast ? compilation.value!.unfused.filter(({ edge }) => edge.some(isOf)) : [];
  const isLeaf = kind !== 'computed' && kind !== 'layer' && kind !== 'view';
  return (
    <section aria-label="Selected node">
      <h3>{isLeaf ? kind : names.join(' + ')}</h3>
      <dl class="details">
        {kind === 'view' && <Fact term="is">a view, which costs no kernel</Fact>}
        {box.change && <Fact term="is">{box.change} by this pass</Fact>}
        {node.isTarget && <Fact term="is">asked for by the program</Fact>}
        {kind !== 'layer' && layers.length > 0 && <Fact term="layer">{layers.join(', ')}</Fact>}
        {kind !== 'layer' && (
          <Fact term="shape">
            <code>{formatSizes(node.shape)}</code> {node.dtype}
          </Fact>
        )}
        {lines.length > 0 && (
          <Fact term={lines.length === 1 ? 'line' : 'lines'}>
            <Lines of={lines} />
          </Fact>
        )}
        {figures?.isWhole && figures.ms !== undefined && (
          <Fact term="time">
            {formatDuration(figures.ms)}
            {figures.isOnce ? ', once for all runs' : `, ${formatPercent(shareOf(figures))} of the graph`}
          </Fact>
        )}
      </dl>
      {(opens || within !== undefined) && (
        <p>
          <button type="button" onClick={() => toggleOpen(opens ? key : within!)}>
            {opens
              ? `Open its ${counted(names.length > 1 ? names.length : box.parts.length, 'operation')}`
              : 'Close the box around it'}
          </button>
        </p>
      )}
      {figures && (
        <>
          <h4>
            {figures.isWhole
              ? counted(figures.kernels.length, 'kernel')
              : figures.kernels.length === 1
                ? 'Part of a kernel'
                : `Part of ${figures.kernels.length} kernels`}
          </h4>
          <ul class="plain">
            {figures.kernels.map((kernel) => (
              <Kernel key={`${kernel.place.schedule} ${kernel.place.kernel}`} of={kernel} own={own} />
            ))}
          </ul>
        </>
      )}
      {pairs.length > 0 && (
        <>
          <h4>Why not fused?</h4>
          <Pairs of={pairs} />
        </>
      )}
    </section>
  );
}

function Kernel({ of: { record, ...times }, own }: { of: KernelFigures; own: ReadonlySet<number> }) {
  const ms = meanMs(times);
  const others = record.operations.filter((_, i) => !own.has(record.nodes[i])).map(({ name }) => name);
  const facts = [
    ms !== undefined && formatDuration(ms),
    formatBytes(record.bytesRead + record.bytesWritten),
    record.flops > 0 && formatFlops(record.flops),
    `${record.workgroups.join(' × ')} workgroups`,
    record.once && 'once for all runs',
  ];
  return (
    <li>
      <button
        type="button"
        class="link"
        title="Show its code"
        onClick={() => {
          if (!isSelected('kernel', record.name)) select('kernel', record.name);
          showPane('kernel');
        }}
      >
        {record.name}
      </button>
      <br />
      {facts.filter(Boolean).join(' · ')}
      {others.length > 0 && `; it also computes ${[...new Set(others)].join(', ')}`}
    </li>
  );
}

function PairDetails({ pair }: { pair: UnfusedRecord }) {
  const { producer, consumer, reason } = pair;
  return (
    <section aria-label="Selected pair">
      <h3>
        {producer.name} ≠ {consumer.name}
      </h3>
      <p>These are two kernels, because {reason}.</p>
      <dl class="details">
        {Object.entries({ from: producer, to: consumer }).map(([term, { name, shape, lines }]) => (
          <Fact key={term} term={term}>
            {name} <code>{formatSizes(shape)}</code>
            {lines.length > 0 && (lines.length === 1 ? ', line ' : ', lines ')}
            <Lines of={lines} />
          </Fact>
        ))}
      </dl>
    </section>
  );
}

/** All pairs of the schedule, those with the same reason together. */
function Unfused() {
  const pairs = compilation.value?.unfused ?? [];
  if (pairs.length === 0) return null;
  return (
    <details class="unfused" open={told.value === undefined}>
      <summary>Not fused ({pairs.length})</summary>
      <Pairs of={pairs} />
    </details>
  );
}

/** Alike ones stand once, since a training has them in each of its steps. */
function Pairs({ of }: { of: readonly UnfusedRecord[] }) {
  const all = compilation.value!.unfused;
  const alike = groupBy(of, ({ producer, consumer, reason }) => `${producer.name} ≠ ${consumer.name}: ${reason}`);
  return (
    <ul class="plain">
      {[...alike].map(([key, pairs]) => {
        const [pair] = pairs;
        return (
          <li key={key}>
            <button
              type="button"
              class="link"
              aria-pressed={pairs.some((one) => told.value?.pair === one)}
              onClick={() => choosePair(all.indexOf(pair))}
            >
              {pair.producer.name} ≠ {pair.consumer.name}
            </button>
            {pairs.length > 1 && ` ${pairs.length} times`}
            <br />
            {pair.reason}
          </li>
        );
      })}
    </ul>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** In place of a drawing that would be too large: its boxes as rows, the slowest first. */
export function List() {
  const boxes = (drawn.value?.boxes ?? [])
    .filter(({ kind }) => kind === 'computed' || kind === 'layer')
    .toSorted((a, b) => (b.figures?.ms ?? 0) - (a.figures?.ms ?? 0));
  return (
    <ol class="boxes">
      {boxes.slice(0, mostRows).map((box) => (
        <li key={box.key}>
          <button type="button" class="link" aria-pressed={told.value?.box === box} onClick={() => chooseBox(box)}>
            {box.label.title}
          </button>{' '}
          {box.label.about} {box.label.figures} {box.change && `(${box.change} by this pass)`}
        </li>
      ))}
      {boxes.length > mostRows && <li class="empty">{boxes.length - mostRows} more, each faster than these</li>}
    </ol>
  );
}

const mostRows = 300;
