/**
 * @file What the constants of a printed program may be: what the fixed parts read.
 */
import type { Schema } from '../schema.ts';
import { anyOf, list, map, number, object, oneOf, orNull, text, truth } from '../schema.ts';

const names = list(text(10_000), 100_000);
const count = { type: 'integer', minimum: 0, maximum: 1_000_000 } as const;

const settings = object({
  dtype: oneOf('float32', 'float16', 'bfloat16', 'float64'),
  autocast: orNull(oneOf('float16', 'bfloat16')),
  allow_tf32: truth,
  channels_last: truth,
  compile: truth,
  benchmark: truth,
  deterministic: truth,
  training_mode: truth,
  warmup: count,
  repeats: count,
});

const training = object({
  steps: count,
  optimizer: oneOf('SGD', 'Adam', 'AdamW', 'RMSprop', 'Adadelta', 'Adagrad'),
  options: map(anyOf(number, truth, list(number, 10)), 50),
  frozen: names,
  processes: { type: 'integer', minimum: 1, maximum: 64 },
});

/** A map is asked for as a whole, and no longer than a visitor waits. */
const cells = object({
  seconds: { type: 'integer', minimum: 1, maximum: 3600 },
  cells: list(
    object({ sizes: list({ type: 'integer', minimum: 0, maximum: 4096 }, 9), dtype: oneOf('float32', 'float16') }),
    400,
  ),
});

export const constantSchemas: Readonly<Record<string, Schema>> = {
  INPUTS: names,
  OUTPUTS: names,
  ACTIVATIONS: names,
  GRADIENTS: names,
  TARGETS: names,
  SETTINGS: settings,
  CELLS: cells,
  TRAINING: training,
};
