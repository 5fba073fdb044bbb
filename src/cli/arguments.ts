/**
 * @file What commands and benches read from their arguments beyond `parseArgs`; errors name the option and what it
 * takes.
 */
import { fail } from '../base/errors.ts';

/** The one argument of a command that takes one: `what` is `'program'`, `'shape'`. */
export function onlyArgument(what: string, positionals: readonly string[]): string {
  return positionals.length === 1
    ? positionals[0]
    : fail(`expected one ${what}, got ${positionals.length}; see --help`);
}

export function oneOf<const T extends string>(option: string, text: string, known: readonly T[]): T {
  return known.find((name) => name === text) ?? fail(`there is no ${option} ${text}; there are ${known.join(', ')}`);
}

export function wholeNumber(option: string, text: string, least = 1): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  return fail(`${option} ${text} is not a whole number of at least ${least}`);
}
