/**
 * @file The linked text of kernels, asked of the engine once each.
 */
import { signal } from '@preact/signals';
import { messageOf } from '../../../base/errors.ts';
import type { KernelPlace, KernelText } from '../../../compile/compilation.ts';
import { engine } from '../../actions.ts';
import { kernelKey } from '../../counterparts.ts';
import type { Inspected } from '../../inspection.ts';

type Answer = KernelText | { readonly error: string };

/** By run and place. */
const answers = new WeakMap<Inspected, Map<string, Answer>>();
const arrived = signal(0);

/** `undefined` while the engine is asked. */
export function linkedText(run: Inspected, place: KernelPlace): Answer | undefined {
  void arrived.value;
  const known = answers.get(run) ?? new Map<string, Answer>();
  answers.set(run, known);
  return known.get(kernelKey(place));
}

export async function askForText(run: Inspected, place: KernelPlace): Promise<void> {
  if (linkedText(run, place)) return;
  let answer: Answer;
  try {
    answer = await engine.kernelText(place);
  } catch (error) {
    answer = { error: messageOf(error) };
  }
  answers.get(run)?.set(kernelKey(place), answer);
  arrived.value++;
}
