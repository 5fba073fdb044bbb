/**
 * @file What a comparison is asked to do beyond one forward pass of both sides.
 */
import { computed, signal } from '@preact/signals';
import { arithmetics } from '../compare/arithmetics.ts';
import type { ComparisonRequest } from '../compare/with-remotes.ts';
import { lastSuccess } from './state.ts';

/** In what the remote computes. */
export const arithmetic = signal('float32');

export const gradients = signal(false);

/** Repeat the program's training on both sides, where it trains. */
export const training = signal(true);

/** Steps of training that are repeated. */
export const trainingSteps = 20;

/** The optimizer of the last run, where its steps can be repeated. */
export const optimizer = computed(() => lastSuccess.value?.optimizer);

/** The jobs of a comparison as they are asked for now; that of the curves only where the program trains. */
export function asked(): ComparisonRequest {
  const { settings } = arithmetics[arithmetic.value];
  const trains = training.value && optimizer.value !== undefined;
  return { job: { gradients: gradients.value, settings }, ...(trains && { training: { trainingSteps, settings } }) };
}
