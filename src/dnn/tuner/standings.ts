/**
 * @file The standings of all races of a search: how far each loser is behind the winner, by the rounds that both ran.
 *
 * The winner of a heat races in the next one, so a loser of an early heat may never have met who won in the end. It is then held
 * against the winner by way of who beat it.
 */
import type { Paired } from '../choice/records.ts';
import { chained, paired } from './paired.ts';

export class Standings {
  private readonly nameOf: (entrant: number) => string;
  /** Samples by round, by entrant, of each race. */
  private readonly races: ReadonlyMap<number, readonly number[]>[] = [];
  /** Who won each race. */
  private readonly champions: number[] = [];

  constructor(nameOf: (entrant: number) => string) {
    this.nameOf = nameOf;
  }

  add(race: ReadonlyMap<number, readonly number[]>, champion: number): void {
    this.races.push(race);
    this.champions.push(champion);
  }

  /** All samples of an entrant. */
  samplesOf(entrant: number): number[] {
    return this.races.flatMap((race) => race.get(entrant) ?? []);
  }

  /** How much slower an entrant is than the winner; `undefined` where no rounds say so. */
  behind(entrant: number, winner: number): Paired | undefined {
    const together = this.together(entrant, winner);
    if (together) return together;
    for (const champion of this.champions.toReversed()) {
      if (champion === winner || champion === entrant) continue;
      const [first, second] = [this.together(entrant, champion), this.together(champion, winner)];
      if (first && second) return chained(first, second, this.nameOf(champion));
    }
    return undefined;
  }

  private together(a: number, b: number): Paired | undefined {
    const common = this.races.map((race) => {
      const [left, right] = [race.get(a) ?? [], race.get(b) ?? []];
      const rounds = Math.min(left.length, right.length);
      return [left.slice(0, rounds), right.slice(0, rounds)] as const;
    });
    return paired(
      common.flatMap(([left]) => left),
      common.flatMap(([, right]) => right),
    );
  }
}
