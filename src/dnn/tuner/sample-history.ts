/**
 * @file The samples of all batches of a search: how far each candidate is behind the winner, by the rounds that both
 * ran.
 *
 * The incumbent of a batch is timed in the next one too, so a slower candidate of an early batch may have no round in
 * common with the winner. It is then compared with the winner by way of the incumbent that was faster.
 */
import type { PairedComparison } from '../choice/records.ts';
import { chained, comparePaired } from './paired.ts';

export class SampleHistory {
  private readonly nameOf: (candidate: number) => string;
  /** Samples by round, by candidate, of each batch. */
  private readonly batches: ReadonlyMap<number, readonly number[]>[] = [];
  /** The fastest after each batch. */
  private readonly incumbents: number[] = [];

  constructor(nameOf: (candidate: number) => string) {
    this.nameOf = nameOf;
  }

  add(batch: ReadonlyMap<number, readonly number[]>, incumbent: number): void {
    this.batches.push(batch);
    this.incumbents.push(incumbent);
  }

  /** All samples of a candidate. */
  samplesOf(candidate: number): number[] {
    return this.batches.flatMap((batch) => batch.get(candidate) ?? []);
  }

  /** How much slower a candidate is than the winner; `undefined` where no rounds say so. */
  behind(candidate: number, winner: number): PairedComparison | undefined {
    const direct = this.inCommon(candidate, winner);
    if (direct) return direct;
    for (const incumbent of this.incumbents.toReversed()) {
      if (incumbent === winner || incumbent === candidate) continue;
      const [first, second] = [this.inCommon(candidate, incumbent), this.inCommon(incumbent, winner)];
      if (first && second) return chained(first, second, this.nameOf(incumbent));
    }
    return undefined;
  }

  private inCommon(a: number, b: number): PairedComparison | undefined {
    const common = this.batches.map((batch) => {
      const [left, right] = [batch.get(a) ?? [], batch.get(b) ?? []];
      const rounds = Math.min(left.length, right.length);
      return [left.slice(0, rounds), right.slice(0, rounds)] as const;
    });
    return comparePaired(
      common.flatMap(([left]) => left),
      common.flatMap(([, right]) => right),
    );
  }
}
