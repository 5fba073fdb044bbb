/**
 * @file torch.compiler: what a compiled function has captured, and why it captured again or cannot.
 */
import { counted } from '../../base/format.ts';
import { recordingNow, recordingThrough } from '../../graph/recording.ts';
import { fn, p } from '../signature.ts';
import { Module } from '../nn/module.ts';
import type { CompileOptions } from './compiled-function.ts';
import { CompiledFunction } from './compiled-function.ts';
import { OptimizedModule, innermost } from './optimized-module.ts';

type Target = (...inputs: any[]) => unknown;

/** By what torch.compile gave. */
const compiledFunctions = new WeakMap<object, CompiledFunction>();
/** All that are in use, so that they can be reset. */
let made: WeakRef<CompiledFunction>[] = [];

/** What a program calls in the target's place: a module for a module. */
export function callable(target: Target, options: CompileOptions): Target {
  const compiled = new CompiledFunction(innermost(target), options);
  const call = (...inputs: unknown[]): unknown => compiled.call(inputs);
  const f = target instanceof Module ? new OptimizedModule(target, call) : call;
  compiledFunctions.set(f, compiled);
  made = made.filter((ref) => ref.deref());
  made.push(new WeakRef(compiled));
  return f;
}

/** Why a call was not one graph, or is recorded anew each time. */
export interface BreakReason {
  readonly reason: string;
  /** Of the program. */
  readonly line?: number;
}

/** A guard that broke, so that a call was captured again. */
export interface Recompile {
  /** `'inputs[0].shape[0]'` */
  readonly guard: string;
  readonly before: string;
  readonly now: string;
}

/** What `torch.compiler.explain` tells. */
export class Explanation {
  /** Graphs that calls are played from; 0 where they are recorded anew. */
  readonly graphCount: number;
  readonly graphBreakCount: number;
  /** What cannot be part of a graph: a value that is read, the console. */
  readonly breakReasons: readonly BreakReason[];
  /** Why calls are recorded anew, breaks included; none where they are played. */
  readonly recordedAnew: readonly BreakReason[];
  /** Operations in all graphs. */
  readonly opCount: number;
  /** Their names, graph by graph. */
  readonly opsPerGraph: readonly (readonly string[])[];
  readonly outGuards: readonly string[];
  readonly recompiles: readonly Recompile[];

  constructor(compiled: CompiledFunction) {
    const { captures, findings, recompiles } = compiled;
    const plain = ({ reason, line }: BreakReason): BreakReason => ({ reason, ...(line !== undefined && { line }) });
    this.graphCount = captures.length;
    this.breakReasons = findings.filter(({ breaks }) => breaks).map(plain);
    this.graphBreakCount = this.breakReasons.length;
    this.recordedAnew = findings.map(plain);
    this.opsPerGraph = captures.map(({ template }) => template.operations);
    this.opCount = this.opsPerGraph.reduce((sum, { length }) => sum + length, 0);
    this.outGuards = compiled.guardsTold();
    this.recompiles = recompiles.map(({ what, before, now }) => ({ guard: what, before, now }));
  }

  toString(): string {
    const list = (title: string, lines: readonly string[]): string[] =>
      lines.length ? [`${title}:`, ...lines.map((line) => `  ${line}`)] : [];
    const told = ({ reason, line }: BreakReason): string => `${line === undefined ? '' : `line ${line}: `}${reason}`;
    return [
      `Graph Count: ${this.graphCount}`,
      `Graph Break Count: ${this.graphBreakCount}`,
      `Op Count: ${this.opCount}`,
      ...list('Break Reasons', this.breakReasons.map(told)),
      ...list('Recorded anew by every call, since it', this.recordedAnew.map(told)),
      ...list(
        'Recompiled',
        this.recompiles.map(({ guard, before, now }) => `${guard}: ${before} → ${now}`),
      ),
      ...list(`Out Guards (${counted(this.outGuards.length, 'guard')})`, this.outGuards),
    ].join('\n');
  }
}

/** Calls a function, compiled or not, and tells what was captured: `torch.compiler.explain(model)(x)`. */
const explain = fn('ours.explain', [p.callback('model')], (model) => (...inputs: unknown[]): Explanation => {
  const compiled =
    compiledFunctions.get(model) ?? new CompiledFunction(model as Target, { fullgraph: false, mark: true });
  compiled.call(inputs);
  return new Explanation(compiled);
}) as unknown as <In extends unknown[]>(model: (...inputs: In) => unknown) => (...inputs: In) => Explanation;

export const compiler = {
  explain,
  /** Forgets everything that compiled functions have captured. */
  reset: fn('torch.compiler.reset', [], (): void => {
    for (const ref of made) ref.deref()?.reset();
  }),
  /** Whether this code runs for torch.compile. */
  isCompiling: fn('torch.compiler.is_compiling', [], (): boolean => recordingNow().compiled !== false),
  /** A function that is not compiled, wherever it is called. */
  disable: fn(
    'torch.compiler.disable',
    [p.callback('fn'), p.refused('recursive', true, 'what it calls is not compiled either')],
    (fn) =>
      (...inputs: unknown[]): unknown =>
        recordingThrough('disable', { compiled: false }, () => (fn as Target)(...inputs)),
  ) as unknown as <F extends (...inputs: any[]) => unknown>(fn: F) => F,
};
