/**
 * @file The measurements that a plan file holds, as a table.
 */
import { formatAge, formatDuration } from '../base/format.ts';
import type { CacheEntry } from '../dnn/choice/cache.ts';
import { chosenOf } from '../dnn/choice/verdict.ts';
import { formatTable } from './table.ts';

/** The most recently used first, as they are given. */
export function formatPlans(entries: readonly CacheEntry[], now: number): string {
  if (entries.length === 0) return 'No measurement is kept. `wudnn tune SHAPE` makes one.\n';
  return formatTable(
    ['problem', 'fastest', 'configuration', 'ms', 'took', 'measured', 'adapter'],
    entries.map(({ choice, tuningMs, measured }) => [
      `${choice.operation} ${choice.direction === 'forward' ? '' : `${choice.direction} `}${choice.descriptor}`,
      choice.chosen,
      choice.chosenConfig,
      chosenOf(choice)?.timeMs?.toPrecision(3) ?? '',
      formatDuration(tuningMs),
      formatAge(measured, now),
      choice.adapter,
    ]),
  );
}
