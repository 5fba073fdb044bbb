/**
 * @file What a fused reduction computes for a row, in the order in which it can be computed.
 *
 * Reductions become folds: a variance is the sum of squared distances from a mean, a softmax a largest, a sum of
 * exponentials and a quotient. A value's level counts the folds that lie before it, one after the other: a kernel walks
 * over its row once for each level that has a fold or a wide result, computes what the walk needs from its inputs anew,
 * and keeps only what is narrow.
 */
import { fail } from '../../base/errors.ts';
import type { DType } from '../../base/dtype.ts';
import type { VarianceAttrs } from '../../graph/ops/reduce.ts';
import { amax, amin, mean, prod, sum, variance } from '../../graph/ops/reduce.ts';
import { logSoftmax, softmax } from '../../graph/ops/softmax.ts';
import type { Op } from '../../graph/types.ts';
import type { Fields, Variable } from '../formula.ts';
import { formulaOf, narrowed } from '../formula.ts';
import { packsNone } from '../packed.ts';
import type { FusedDescriptor, FusedStep } from './descriptor.ts';
import { isPointwise } from './descriptor.ts';

/** How elements are brought together. */
export type Fold = 'sum' | 'product' | 'largest' | 'smallest';

interface Common {
  readonly wide: boolean;
  readonly level: number;
  readonly dtype: DType;
}

export type Value = Common &
  (
    | { readonly kind: 'input'; readonly input: number }
    | {
        readonly kind: 'formula';
        readonly args: readonly number[];
        readonly text: FormulaText;
        readonly exponential: boolean;
      }
    | { readonly kind: 'fold'; readonly fold: Fold; readonly args: readonly [number] }
    /** The row's first element of a wide value. */
    | { readonly kind: 'first'; readonly args: readonly [number] }
  );

type FormulaText = (operands: readonly Variable[], fields: Fields) => string;

export interface Values {
  readonly all: readonly Value[];
  /** The value of each step. */
  readonly ofStep: readonly number[];
}

/** The number of a row's elements, as a kernel has it. */
const count = 'f32(p.length)';

/** What forms are made of: each adds a value and says its number. */
interface Builder {
  readonly simple: (args: readonly number[], text: (...names: string[]) => string, exponential?: boolean) => number;
  readonly fold: (how: Fold, arg: number) => number;
  readonly first: (arg: number) => number;
}

type Form = (x: number, builder: Builder, step: FusedStep) => number;

/** The exponentials of a row over their sum, or the logarithm of that. */
const softmaxForm =
  (isLogarithm: boolean): Form =>
  (x, { simple, fold }) => {
    const distance = simple([x, fold('largest', x)], (v, top) => `${v} - ${top}`);
    const power = simple([distance], (v) => `torch_exp(${v})`, true);
    const total = fold('sum', power);
    return isLogarithm
      ? simple([distance, total], (v, sum) => `${v} - torch_log(${sum})`)
      : simple([power, total], (v, sum) => `${v} / ${sum}`);
  };

/** What operations along rows are made of. */
const forms: ReadonlyMap<Op, Form> = new Map<Op, Form>([
  [sum, (x, { fold }) => fold('sum', x)],
  [prod, (x, { fold }) => fold('product', x)],
  [amax, (x, { fold }) => fold('largest', x)],
  [amin, (x, { fold }) => fold('smallest', x)],
  [mean, (x, { simple, fold }) => simple([fold('sum', x)], (total) => `${total} / ${count}`)],
  [
    variance,
    (x, { simple, fold, first }, { attrs }) => {
      const { correction } = attrs as VarianceAttrs;
      // Distances from one of the elements are small where the numbers are large and alike: their sum stays finite.
      const from = first(x);
      const total = fold(
        'sum',
        simple([x, from], (v, one) => `${v} - ${one}`),
      );
      const middle = simple([from, total], (one, distances) => `${one} + ${distances} / ${count}`);
      const distance = simple([x, middle], (v, center) => `${v} - ${center}`);
      const spread = fold(
        'sum',
        simple([distance], (v) => `${v} * ${v}`),
      );
      return simple([spread], (squares) => `${squares} / max(${count} - ${correction}f, 0.0)`);
    },
  ],
  [softmax, softmaxForm(false)],
  [logSoftmax, softmaxForm(true)],
]);

export function valuesOf(d: FusedDescriptor): Values {
  const all: Value[] = [];
  const add = (value: Value): number => all.push(value) - 1;
  const level = (args: readonly number[]): number => args.reduce((most, arg) => Math.max(most, all[arg].level), 0);
  const formula = (args: readonly number[], dtype: DType, text: FormulaText, exponential = false): number =>
    add({
      kind: 'formula',
      args,
      dtype,
      text,
      exponential,
      wide: args.some((arg) => all[arg].wide),
      level: level(args),
    });
  const simple = (args: readonly number[], text: (...names: string[]) => string, exponential = false): number =>
    formula(args, 'float32', (operands) => text(...operands.map(({ name }) => name)), exponential);
  const fold = (how: Fold, arg: number): number =>
    add({ kind: 'fold', fold: how, args: [arg], wide: false, level: all[arg].level + 1, dtype: 'float32' });
  const first = (x: number): number =>
    add({ kind: 'first', args: [x], wide: false, level: all[x].level, dtype: 'float32' });
  /** As the step's type stores it. */
  const stored = (arg: number, dtype: DType): number =>
    dtype === 'float32' ? arg : formula([arg], dtype, ([{ name }]) => narrowed(name, dtype, 'float32', packsNone));

  d.inputs.forEach((input, i) =>
    add({ kind: 'input', input: i, dtype: input.dtype, level: 0, wide: 'source' in input && input.wide }),
  );
  const ofStep: number[] = [];
  const make = (step: FusedStep): number => {
    const args = step.args.map((arg) => (arg < d.inputs.length ? arg : ofStep[arg - d.inputs.length]));
    const [x] = args;
    if (isPointwise(step)) {
      const isExponential = step.op.elementwise!.uses?.some((name) => name !== 'division') ?? false;
      return formula(
        args,
        step.dtype,
        (operands, fields) => formulaOf(step, operands, fields, packsNone).text,
        isExponential,
      );
    }
    const form = forms.get(step.op) ?? fail(`${step.op.name}: has no fold; leave the pass reductions out`);
    return form(x, { simple, fold, first }, step);
  };
  for (const step of d.steps) {
    const made = make(step);
    ofStep.push(isPointwise(step) ? made : stored(made, step.dtype));
  }
  return { all, ofStep };
}

/** What is computed in the walk over a row: the folds that it makes and the wide steps that it writes. */
export interface RowWalk {
  readonly level: number;
  readonly folds: readonly number[];
  readonly written: readonly number[];
  /** The wide values that these need, inputs before readers. */
  readonly needs: readonly number[];
}

export function walksOf(d: FusedDescriptor, values: Values): RowWalk[] {
  const { all, ofStep } = values;
  const levels = Math.max(...all.map(({ level }) => level)) + 1;
  return Array.from({ length: levels }, (_, level): RowWalk => {
    const folds = all.flatMap((value, i) => (value.kind === 'fold' && value.level === level + 1 ? [i] : []));
    const written = d.steps.flatMap(({ written: isWritten }, s) =>
      isWritten && all[ofStep[s]].wide && all[ofStep[s]].level === level ? [s] : [],
    );
    const sinks = [...folds.flatMap((i) => argsOf(all[i])), ...written.map((s) => ofStep[s])];
    return { level, folds, written, needs: closure(values, sinks) };
  }).filter(({ folds, written }) => folds.length + written.length > 0);
}

export const argsOf = (value: Value): readonly number[] => ('args' in value ? value.args : []);

/** The wide values that some are made of, and they themselves. */
export function closure({ all }: Values, sinks: readonly number[]): number[] {
  const found = new Set<number>();
  const visit = (i: number): void => {
    if (found.has(i) || !all[i].wide) return;
    argsOf(all[i]).forEach(visit);
    found.add(i);
  };
  sinks.forEach(visit);
  return [...found].sort((a, b) => a - b);
}
