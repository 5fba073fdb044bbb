/**
 * @file What a kept measurement must be to count: every field that anybody reads, of its kind. What is read back may
 * have been written by another version, cut off, or edited, and then it is no entry, rather than an error at every
 * start.
 */
import { isPlainText } from '../../base/text.ts';
import type { CacheEntry, RatesEntry, StoredEntry } from './cache.ts';
import { chosenOf } from './verdict.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && isPlainText(value);
const number: Check = Number.isFinite;
const atLeastZero: Check = (value) => number(value) && (value as number) >= 0;
const positive: Check = (value) => number(value) && (value as number) > 0;
const truth: Check = (value) => typeof value === 'boolean';
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const candidate = object({
  candidateId: text,
  algo: text,
  config: text,
  unfused: optional(text),
  own: optional(truth),
  status: oneOf('success', 'not supported', 'disqualified', 'failed', 'not tried'),
  reason: optional(text),
  timeMs: optional(positive),
  behind: optional(
    object({
      slower: number,
      interval: (value) => listOf(number)(value) && (value as number[]).length === 2,
      rounds: number,
      through: optional(text),
    }),
  ),
  spread: optional(number),
  samples: optional(atLeastZero),
  memory: atLeastZero,
  determinism: oneOf('deterministic', 'non-deterministic'),
  mathType: oneOf('FMA', 'HALF', 'HALF_ARITHMETIC'),
  maxError: optional(atLeastZero),
  compileMs: optional(atLeastZero),
  predictedMs: optional(number),
  terms: optional(listOf(object({ name: text, ms: number, detail: text }))),
});

const choice = object({
  operation: oneOf('conv2d', 'matmul', 'pool2d', 'attention', 'reduction', 'softmax', 'scan', 'fused'),
  direction: oneOf('forward', 'backward data', 'backward filter'),
  descriptor: text,
  candidateId: text,
  chosen: text,
  chosenConfig: text,
  source: oneOf('measured', 'cache', 'heuristic', 'forced', 'cpu reference'),
  clock: optional(object({ kind: oneOf('timestamp-query', 'wall'), quantumNs: atLeastZero })),
  adapter: text,
  software: truth,
  candidates: listOf(candidate),
});

const measurement = object({
  key: text,
  choice,
  tuningMs: atLeastZero,
  gainMs: number,
  measured: number,
  used: number,
});

const rates = object({
  fma: object({ f32: positive, f32x4: positive, f16: optional(positive), f16x4: optional(positive) }),
  ...Object.fromEntries(
    [
      'exponential',
      'load',
      'load4',
      'shared',
      'memory',
      'barrier',
      'move',
      'launchNs',
      'workgroupNs',
      'saturation',
      'lanes',
      'quantumNs',
    ].map((name) => [name, positive]),
  ),
});

/** Whether it is a measured choice, and what it chose is among what it measured. */
export function isCacheEntry(value: unknown): value is CacheEntry {
  if (!measurement(value)) return false;
  return chosenOf((value as CacheEntry).choice)?.status === 'success';
}

export const isRatesEntry = (value: unknown): value is RatesEntry => object({ key: text, rates, used: number })(value);

/** Whether a value that was read back is something that was stored. */
export const isStoredEntry = (value: unknown): value is StoredEntry => isCacheEntry(value) || isRatesEntry(value);
