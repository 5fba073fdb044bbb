/**
 * @file A grid of numbers: shaded by size, with what the step reads outlined and what it writes filled.
 */
import type { Words } from '../../../base/words.ts';
import { formatNumber } from '../../../base/format.ts';
import type { Grid, Step } from '../../../steps/walkthrough.ts';
import { langOf, say } from '../../language.ts';
import { setNumber } from './state.ts';

/** Wider ones show shades alone, and each number when it is pointed at. */
const roomy = 12;

const keepings: Readonly<Record<Grid['keeping'], Words>> = {
  memory: { en: 'memory', zh: '内存' },
  workgroup: { en: 'workgroup memory', zh: '工作组内存' },
  registers: { en: 'registers', zh: '寄存器' },
};

interface Props {
  readonly grid: Grid;
  readonly values: readonly (number | undefined)[];
  readonly step: Step | undefined;
  /** Where its numbers lie in an operand that can be typed over. */
  readonly operand?: { readonly name: 'x' | 'w'; readonly from: number };
}

export function Numbers({ grid, values, step, operand }: Props) {
  const { id, title, rows, columns, isIndex } = grid;
  const reads = placesIn(step?.reads, id);
  const writes = placesIn(step?.writes, id);
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0) || 1;
  const isDense = columns > roomy;
  return (
    <figure class={`grid ${grid.keeping}`}>
      <figcaption>
        <span lang={langOf(title)}>{title}</span>{' '}
        <span>
          {rows}×{columns}, {say(keepings[grid.keeping])}
        </span>
      </figcaption>
      <div class="scroll">
        <table class={isDense ? 'numbers dense' : 'numbers'} aria-label={title}>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={row}>
                {Array.from({ length: columns }, (__, column) => {
                  const i = row * columns + column;
                  const value = values[i];
                  return (
                    <td
                      key={column}
                      class={classOf(value, reads.has(i), writes.has(i))}
                      style={isIndex ? undefined : { '--size': Math.abs(value ?? 0) / largest }}
                      title={value === undefined ? undefined : `[${row}, ${column}] = ${formatNumber(value)}`}
                    >
                      {operand && value !== undefined ? (
                        <input
                          type="number"
                          value={value}
                          aria-label={say({
                            en: `${title}, row ${row}, column ${column}`,
                            zh: `${title}，第 ${row} 行第 ${column} 列`,
                          })}
                          onChange={({ currentTarget }) =>
                            setNumber(operand.name, operand.from + i, currentTarget.valueAsNumber)
                          }
                        />
                      ) : (
                        value !== undefined && !isDense && short(value)
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

const placesIn = (places: Step['reads'] | Step['writes'] | undefined, id: string): ReadonlySet<number> =>
  new Set((places ?? []).flatMap(([grid, index]) => (grid === id ? index : [])));

const classOf = (value: number | undefined, isRead: boolean, isWritten: boolean): string =>
  [value === undefined ? 'open' : value < 0 ? 'negative' : 'positive', isRead && 'read', isWritten && 'written']
    .filter(Boolean)
    .join(' ');

/** Three digits, which fit a cell. */
const short = (value: number): string =>
  Number.isInteger(value) ? String(value) : formatNumber(Number(value.toPrecision(3))).replace(/^(-?)0\./, '$1.');
