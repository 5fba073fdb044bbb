/**
 * @file Points of a roofline in numbers: one row a point, which lights its point and is lit by it.
 */
import type { ComponentChildren } from 'preact';
import { formatDuration, formatPercent } from '../../../base/format.ts';
import { say } from '../../language.ts';
import type { Selection } from '../../selection.ts';
import { isSelected, select } from '../../selection.ts';
import type { Term } from '../../glossary/glossary.ts';
import { Columns } from '../columns.tsx';
import type { Pointed } from './dots.tsx';

interface TableProps {
  readonly title: string;
  /** Of the name, and those of numbers. */
  readonly columns: readonly [string, ...string[]];
  readonly children: ComponentChildren;
}

/** Columns whose names want an explanation. */
const terms: Readonly<Record<string, Term>> = { 'Ops/byte': 'intensity', 'Of ceiling': 'ceiling' };

export function PointTable({ title, columns: [first, ...others], children }: TableProps) {
  return (
    <div
      class="scroller"
      role="group"
      tabIndex={0}
      aria-label={say({ en: `${title}, scrolls sideways`, zh: `${title}，可横向滚动` })}
    >
      <table class="roofline-table" aria-label={title}>
        <Columns of={[first, ...others.map((number) => ({ number, term: terms[number] }))]} />
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly point: NonNullable<Pointed['value']>;
  readonly pointed: Pointed;
  readonly isLit: boolean;
  /** What a press on it selects. */
  readonly selects: Selection;
  readonly label: ComponentChildren;
  readonly about: ComponentChildren;
  /** Its other figures, behind its time and its share. */
  readonly children: ComponentChildren;
}

export function PointRow({ point, pointed, isLit, selects: { kind, name }, label, about, children }: RowProps) {
  const state = [isLit && 'lit', pointed.value === point && 'pointed'].filter(Boolean).join(' ');
  const on = (): void => void (pointed.value = point);
  const off = (): void => void (pointed.value = undefined);
  return (
    <tr class={state} onPointerEnter={on} onPointerLeave={off} onFocusIn={on} onFocusOut={off}>
      <th scope="row">
        <button
          type="button"
          class="link kernel-name"
          aria-pressed={isSelected(kind, name)}
          onClick={() => select(kind, name)}
        >
          {label}
        </button>
        <small>{about}</small>
      </th>
      <td class="number">{formatDuration(point.ms)}</td>
      <td class="number">{formatPercent(point.share)}</td>
      {children}
    </tr>
  );
}
