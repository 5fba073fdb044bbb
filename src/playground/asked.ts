/**
 * @file What a comparison is asked to do beyond one forward pass of both sides.
 */
import { computed, signal } from '@preact/signals';
import type { RunSettings } from '../compare/why.ts';
import type { JobRequest } from '../worker/protocol.ts';
import { lastSuccess } from './state.ts';

interface Arithmetic {
  readonly name: string;
  readonly settings: RunSettings;
}

/** In what the remote computes; this side computes what the program says. */
export const arithmetics: Readonly<Record<string, Arithmetic>> = {
  float32: { name: 'float32', settings: {} },
  tf32: { name: "TF32 where it has it, PyTorch's default for convolutions", settings: { allow_tf32: true } },
  bfloat16: { name: 'bfloat16, by autocast', settings: { autocast: 'bfloat16' } },
  float16: { name: 'float16, by autocast', settings: { autocast: 'float16' } },
};

export const arithmetic = signal('float32');

export const gradients = signal(false);

/** Repeat the program's training on both sides, where it trains. */
export const training = signal(true);

/** Steps of training that are repeated. */
export const TRAINING_STEPS = 20;

/** The optimizer of the last run, where its steps can be repeated. */
export const optimizer = computed(() => lastSuccess.value?.optimizer);

/** The job of a comparison as it is asked for now. */
export function jobRequest(): JobRequest {
  return { gradients: gradients.value, settings: arithmetics[arithmetic.value].settings };
}

/** The job of the curves, where they are asked for and the program trains. */
export function trainingRequest(): JobRequest | undefined {
  if (!training.value || optimizer.value === undefined) return undefined;
  return { trainingSteps: TRAINING_STEPS, settings: arithmetics[arithmetic.value].settings };
}
