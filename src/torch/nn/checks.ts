/**
 * @file What several layers check of their arguments.
 */
import { fail } from '../../base/errors.ts';

/** Throws unless each value is a whole number of at least 1. */
export function atLeastOne(what: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!Number.isInteger(value) || value < 1) fail(`${what}: ${name} is ${value}, not a whole number of at least 1`);
}
