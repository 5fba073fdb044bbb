/**
 * @file What the constants of a printed program may be: what the fixed parts read.
 */
import type { Schema } from '../schema.ts';

const text = (...values: string[]): Schema => ({ type: 'string', maxLength: 20, enum: values });
const truth: Schema = { type: 'boolean' };
const number: Schema = { type: 'number' };
const names: Schema = { type: 'array', items: { type: 'string', maxLength: 10_000 }, maxItems: 100_000 };
const count: Schema = { type: 'integer', minimum: 0, maximum: 1_000_000 };

const settings: Readonly<Record<string, Schema>> = {
  dtype: text('float32', 'float16', 'bfloat16', 'float64'),
  autocast: { anyOf: [text('float16', 'bfloat16'), { type: 'null' }] },
  allow_tf32: truth,
  channels_last: truth,
  compile: truth,
  benchmark: truth,
  deterministic: truth,
  training_mode: truth,
  warmup: count,
  repeats: count,
};

const training: Readonly<Record<string, Schema>> = {
  steps: count,
  optimizer: text('SGD', 'Adam', 'AdamW', 'RMSprop', 'Adadelta', 'Adagrad'),
  options: {
    type: 'object',
    additionalProperties: { anyOf: [number, truth, { type: 'array', items: number, maxItems: 10 }] },
    maxProperties: 50,
  },
  frozen: names,
  processes: { type: 'integer', minimum: 1, maximum: 64 },
};

const exactly = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

export const constantSchemas: Readonly<Record<string, Schema>> = {
  INPUTS: names,
  OUTPUTS: names,
  ACTIVATIONS: names,
  GRADIENTS: names,
  TARGETS: names,
  SETTINGS: exactly(settings),
  TRAINING: exactly(training),
};
