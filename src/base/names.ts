/**
 * @file Which name was meant: the nearest of those that there are.
 */

/** How two names are written in Python and here is no difference. */
export const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/**
 * The known name that is at most a third of the longer one's letters away, the nearest first, of two one as long as
 * `name`; `undefined` where none is.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = plain(name);
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const there = plain(candidate);
    const most = Math.floor(Math.max(wanted.length, there.length) / 3);
    const distance = edits(wanted, there, Math.min(most, least) + 1);
    if (distance > most) continue;
    if (
      distance < least ||
      (distance === least && best !== undefined && candidate.length === name.length && best.length !== name.length)
    )
      [best, least] = [candidate, distance];
  }
  return best;
}

/**
 * Letters to change, add, leave out or exchange with their neighbour (Damerau, CACM 7(3), 1964), counted up to `limit`.
 */
function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2] + 1 : Infinity;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same, swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
