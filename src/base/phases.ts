/**
 * @file What the engine was busy with, and when: noted while somebody wants to know.
 */

export type PhaseName = 'planning' | 'choosing algorithms' | 'compiling' | 'reading back';

/** On the host's clock, in milliseconds. Phases may lie within each other. */
export interface Phase {
  readonly name: PhaseName;
  readonly start: number;
  readonly end: number;
}

/** More phases than a person looks at are not kept. */
const mostPhases = 5000;

let noted: Phase[] | undefined;

/** From here on phases are noted. */
export function notePhases(): void {
  noted = [];
}

/** What was noted; nothing is noted from here on. */
export function takePhases(): readonly Phase[] {
  const taken = noted ?? [];
  noted = undefined;
  return taken;
}

/** Does some work, and notes it as the phase. */
export async function during<T>(name: PhaseName, work: () => Promise<T>): Promise<T> {
  if (!noted || noted.length >= mostPhases) return work();
  const list = noted;
  const start = performance.now();
  try {
    return await work();
  } finally {
    list.push({ name, start, end: performance.now() });
  }
}
