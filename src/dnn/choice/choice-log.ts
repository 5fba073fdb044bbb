/**
 * @file The log of choices: every choice since it was last taken, in the order in which they were first made, and what
 * of them a program should know when a result is not finite.
 */
import type { Plan, Problem } from '../problem.ts';
import type { AlgorithmChoice } from './records.ts';
import { spreadRemark } from './verdict.ts';

/** Everything of a choice but the layers that asked for it. */
export type Choice = Omit<AlgorithmChoice, 'layer'>;

export class ChoiceLog {
  private log = new Map<string, { choice: Choice; layers: Set<string> }>();
  /** What runs by an algorithm that spreads a NaN or an infinity: `'conv1 by FFT'`. */
  private readonly spreaders = new Set<string>();

  note(key: string, choice: Choice, layer?: string): void {
    let entry = this.log.get(key);
    if (!entry) this.log.set(key, (entry = { choice, layers: new Set() }));
    if (layer !== undefined) entry.layers.add(layer);
  }

  /** Puts another choice in the place of one that was noted. */
  replace(key: string, choice: Choice): void {
    const entry = this.log.get(key);
    if (entry) entry.choice = choice;
  }

  noteSpread({ algorithm }: Plan, { operation }: Problem, layer?: string): void {
    if (algorithm.spreads) this.spreaders.add(`${layer ?? operation} by ${algorithm.name}`);
  }

  /** A problem that several layers share is one choice that names them all. */
  take(): AlgorithmChoice[] {
    const taken = [...this.log.values()].map(({ choice, layers }) =>
      layers.size ? { ...choice, layer: [...layers].join(', ') } : choice,
    );
    this.log = new Map();
    return taken;
  }

  get spreadRemark(): string | undefined {
    return this.spreaders.size > 0 ? spreadRemark([...this.spreaders]) : undefined;
  }
}
