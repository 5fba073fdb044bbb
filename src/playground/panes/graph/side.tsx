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
import { langOf, say } from '../../language.ts';
import { isSelected, select } from '../../selection.ts';
import { Lines } from '../lines.tsx';
import { ChangeList } from './change-list.tsx';
import type { DrawnBox } from './state.ts';
import { chooseBox, choosePair, compilation, drawn, stage, toggleOpen, told, shareOf } from './state.ts';
import { changeWords, kindWords } from './words.ts';

export function Side() {
  const { box, pair } = told.value ?? {};
  return (
    <div class="side" role="group" aria-label={say({ en: 'Details of the graph', zh: '图的详情' })} tabIndex={0}>
      <ChangeList />
      {box && <BoxDetails box={box} />}
      {pair && <PairDetails pair={pair} />}
      {!box && !pair && (
        <p class="empty">
          {say({
            en: 'Select a node to see its kernels, its lines and what it is not fused with.',
            zh: '选中一个节点，查看它的内核、代码行，以及它未与什么融合。',
          })}
        </p>
      )}
      <Unfused />
    </div>
  );
}

function BoxDetails({ box }: { box: DrawnBox }) {
  const { key, kind, node, names, layers, lines, opens, within, figures } = box;
  const own = new Set(box.parts);
  const isOf = (id: number): boolean => id === node.id || key === `fused ${id}` || own.has(id);
  const pairs = stage.value?.isLast ? compilation.value!.unfused.filter(({ edge }) => edge.some(isOf)) : [];
  const inside = names.length > 1 ? names.length : box.parts.length;
  const is = say({ en: 'is', zh: '说明' });
  const isLeaf = kind !== 'computed' && kind !== 'layer' && kind !== 'view';
  return (
    <section aria-label={say({ en: 'Selected node', zh: '选中的节点' })}>
      <h3>{isLeaf ? say(kindWords[kind]) : names.join(' + ')}</h3>
      <dl class="details">
        {kind === 'view' && (
          <Fact term={is}>{say({ en: 'a view, which costs no kernel', zh: '视图，不需要内核' })}</Fact>
        )}
        {box.change && (
          <Fact term={is}>{say({ en: `${box.change} by this pass`, zh: `这一步${changeWords[box.change].zh}` })}</Fact>
        )}
        {node.isTarget && <Fact term={is}>{say({ en: 'asked for by the program', zh: '程序要求得到它' })}</Fact>}
        {kind !== 'layer' && layers.length > 0 && (
          <Fact term={say({ en: 'layer', zh: '层' })}>{layers.join(', ')}</Fact>
        )}
        {kind !== 'layer' && (
          <Fact term={say({ en: 'shape', zh: '形状' })}>
            <code>{formatSizes(node.shape)}</code> {node.dtype}
          </Fact>
        )}
        {lines.length > 0 && (
          <Fact term={lines.length === 1 ? say({ en: 'line', zh: '代码行' }) : say({ en: 'lines', zh: '代码行' })}>
            <Lines of={lines} />
          </Fact>
        )}
        {figures?.isWhole && figures.ms !== undefined && (
          <Fact term={say({ en: 'time', zh: '耗时' })}>
            {formatDuration(figures.ms)}
            {figures.isOnce
              ? say({ en: ', once for all runs', zh: '（各次运行共一次）' })
              : say({
                  en: `, ${formatPercent(shareOf(figures))} of the graph`,
                  zh: `，占全图的 ${formatPercent(shareOf(figures))}`,
                })}
          </Fact>
        )}
      </dl>
      {(opens || within !== undefined) && (
        <p>
          <button type="button" onClick={() => toggleOpen(opens ? key : within!)}>
            {opens
              ? say({ en: `Open its ${counted(inside, 'operation')}`, zh: `展开其中 ${inside} 个运算` })
              : say({ en: 'Close the box around it', zh: '收起它外面的框' })}
          </button>
        </p>
      )}
      {figures && (
        <>
          <h4>
            {figures.isWhole
              ? say({ en: counted(figures.kernels.length, 'kernel'), zh: `${figures.kernels.length} 个内核` })
              : figures.kernels.length === 1
                ? say({ en: 'Part of a kernel', zh: '一个内核的一部分' })
                : say({
                    en: `Part of ${figures.kernels.length} kernels`,
                    zh: `${figures.kernels.length} 个内核的一部分`,
                  })}
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
          <h4>{say({ en: 'Why not fused?', zh: '为什么没有融合？' })}</h4>
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
    say({ en: `${record.workgroups.join(' × ')} workgroups`, zh: `${record.workgroups.join(' × ')} 个工作组` }),
    record.once && say({ en: 'once for all runs', zh: '各次运行共一次' }),
  ];
  return (
    <li>
      <button
        type="button"
        class="link"
        title={say({ en: 'Show its code', zh: '查看代码' })}
        onClick={() => {
          if (!isSelected('kernel', record.name)) select('kernel', record.name);
          showPane('kernel');
        }}
      >
        {record.name}
      </button>
      <br />
      {facts.filter(Boolean).join(' · ')}
      {others.length > 0 &&
        say({
          en: `; it also computes ${[...new Set(others)].join(', ')}`,
          zh: `；它还计算 ${[...new Set(others)].join(', ')}`,
        })}
    </li>
  );
}

function PairDetails({ pair }: { pair: UnfusedRecord }) {
  const { producer, consumer, reason } = pair;
  return (
    <section aria-label={say({ en: 'Selected pair', zh: '选中的一对' })}>
      <h3>
        {producer.name} ≠ {consumer.name}
      </h3>
      <p>
        {say({ en: 'These are two kernels, because', zh: '这是两个内核，原因：' })}{' '}
        <span lang={langOf(reason)}>{reason}.</span>
      </p>
      <dl class="details">
        {Object.entries({ from: producer, to: consumer }).map(([term, { name, shape, lines }]) => (
          <Fact key={term} term={say(term === 'from' ? { en: 'from', zh: '从' } : { en: 'to', zh: '到' })}>
            {name} <code>{formatSizes(shape)}</code>
            {lines.length > 0 &&
              (lines.length === 1 ? say({ en: ', line ', zh: '，行 ' }) : say({ en: ', lines ', zh: '，行 ' }))}
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
      <summary>{say({ en: `Not fused (${pairs.length})`, zh: `未融合（${pairs.length}）` })}</summary>
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
            {pairs.length > 1 && say({ en: ` ${pairs.length} times`, zh: `，共 ${pairs.length} 次` })}
            <br />
            <span lang={langOf(pair.reason)}>{pair.reason}</span>
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
          {box.label.about} {box.label.figures}{' '}
          {box.change && say({ en: `(${box.change} by this pass)`, zh: `（这一步${changeWords[box.change].zh}）` })}
        </li>
      ))}
      {boxes.length > mostRows && (
        <li class="empty">
          {say({
            en: `${boxes.length - mostRows} more, each faster than these`,
            zh: `另有 ${boxes.length - mostRows} 个，都比这些快`,
          })}
        </li>
      )}
    </ol>
  );
}

const mostRows = 300;
