/**
 * @file Which modules are wuDNN's own: what their calls record depends on their inputs and fields alone, so
 * torch.compile need not read them.
 */
import { Module } from './module.ts';

const forwards = new WeakSet<object>();
const prototypes = new WeakSet<object>([Module.prototype]);

/** Makes classes known, with the methods that they have now. */
export function knowModules(classes: object): void {
  for (const made of Object.values(classes) as unknown[]) {
    if (typeof made !== 'function' || !(made.prototype instanceof Module)) continue;
    forwards.add((made.prototype as Module).forward);
    prototypes.add(made.prototype);
  }
}

export const isKnownForward = (forward: object): boolean => forwards.has(forward);

/** Whether a value is a class of wuDNN's own modules. */
export const isKnownClass = (value: unknown): boolean =>
  typeof value === 'function' &&
  (value === Module || (value.prototype instanceof Module && prototypes.has(value.prototype)));

/** The prototypes of an object's classes as far as the program defines them, the innermost first. */
export function programPrototypes(value: object): object[] {
  const found: object[] = [];
  let at = Object.getPrototypeOf(value) as object | null;
  while (at && !prototypes.has(at)) {
    found.push(at);
    at = Object.getPrototypeOf(at) as object | null;
  }
  return found;
}
