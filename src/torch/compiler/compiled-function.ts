/**
 * @file A compiled function: what it has captured, under which guards, and why it captured again or cannot capture.
 *
 * A call whose guards hold is played from its template. One whose guards do not is captured anew, up to a limit. What
 * cannot be captured is recorded anew by every call, which is always right.
 */
import { fail } from '../../base/errors.ts';
import { counted } from '../../base/format.ts';
import type { OnModule } from '../../graph/capture.ts';
import { capture } from '../../graph/capture.ts';
import { recordingNow, recordingThrough, recordingWith } from '../../graph/recording.ts';
import type { Recording } from '../../graph/recording.ts';
import type { CompileMode, Node } from '../../graph/types.ts';
import { Module } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { isOnHost } from '../ops/bounds.ts';
import { defaultGenerator } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { lastTraced, tensorsIn } from '../trace.ts';
import { ModuleGuard, ModuleGuards } from './modules.ts';
import type { Finding } from './purity.ts';
import { Purity } from './purity.ts';
import { lineOf } from './sources.ts';
import { NoTemplate, Template } from './template.ts';
import type { BrokenGuard, Form } from './values.ts';
import { TensorGuard, Tensors, differenceOf, firstOf, hasForm } from './values.ts';

export interface CompileOptions {
  /** A break in the graph is an error. */
  readonly fullgraph: boolean;
  /** What its nodes are marked with. */
  readonly mark: Exclude<CompileMode, false>;
}

type Target = (...inputs: any[]) => unknown;

/** So many captures a function has before its calls are recorded anew, as Dynamo's limit. */
export const mostCaptures = 8;

/** Switches of the surroundings that decide what is recorded. */
const switches = ['gradMode', 'algorithms', 'attention', 'autocast'] as const satisfies readonly (keyof Recording)[];
type Switches = Pick<Recording, (typeof switches)[number]>;
const switchesNow = (): Switches => {
  const { gradMode, algorithms, attention, autocast } = recordingNow();
  return { gradMode, algorithms, attention, autocast };
};

/** One captured call and its guards. */
export interface Capture {
  readonly template: Template;
  readonly form: Form;
  readonly guards: readonly TensorGuard[];
  /** Which tensors had one node. */
  readonly sames: readonly number[];
  readonly switches: Switches;
  readonly module: ModuleGuards | undefined;
  /** Checks looked for numbers on the host in vain. */
  readonly asksHost: boolean;
}

export class CompiledFunction {
  readonly target: Target;
  readonly captures: Capture[] = [];
  /** The guards that broke, in the order of the captures that followed. */
  readonly recompiles: BrokenGuard[] = [];
  /** Why the last call could not be captured. */
  findings: readonly Finding[] = [];
  private readonly options: CompileOptions;
  /** The target as it was last, where it is a module, and modules that calls have met. */
  private module: ModuleGuards | undefined;
  /** Read from the text of a function that is no module. */
  private purity: Purity | undefined;
  /** Calls in a row that could not be captured. */
  private failures = 0;

  constructor(target: Target, options: CompileOptions) {
    this.target = target;
    this.options = options;
  }

  /** Forgets captures, and why there were several. */
  reset(): void {
    this.captures.length = 0;
    this.recompiles.length = 0;
    this.findings = [];
    this.module = undefined;
    this.purity = undefined;
    this.failures = 0;
  }

  call(inputs: readonly unknown[]): unknown {
    const { scope, call, compiled } = recordingNow();
    // Within another module's call, or another compiled function's, it is a part of that.
    if (scope !== undefined || call !== undefined || compiled) return this.record(inputs);
    const found = this.find(inputs);
    if (found) return found.capture.template.play(found.tensors);
    return this.isHopeless() ? this.record(inputs) : this.capture(inputs);
  }

  /** As without captures: everything is recorded. */
  private record(inputs: readonly unknown[]): unknown {
    const result = recordingThrough('compile', { compiled: recordingNow().compiled || this.options.mark }, () =>
      this.target(...inputs),
    );
    for (const tensor of tensorsIn(result)) tensor.node.visible = true;
    return result;
  }

  /** Whether a capture would fail again: until the module changes, as from training to evaluation. */
  private isHopeless(): boolean {
    if (this.failures < mostCaptures) return false;
    if (this.module && !this.module.holds()) this.failures = 0;
    return this.failures > 0;
  }

  /** The capture whose guards hold, and the tensors that it is to be played for. */
  private find(
    inputs: readonly unknown[],
  ): { readonly capture: Capture; readonly tensors: readonly Tensor[] } | undefined {
    let [module, isSame]: [ModuleGuards | undefined, boolean] = [undefined, true];
    let fields: Tensor[] = [];
    for (const capture of this.captures) {
      if (capture.module && capture.module !== module) {
        [module, fields] = [capture.module, []];
        isSame = module.holds(fields);
      }
      const tensors: Tensor[] = [];
      if (!isSame || !hasForm(capture.form, inputs, tensors)) continue;
      for (const tensor of fields) tensors.push(tensor);
      if (capture.guards.every((guard, i) => guard.holds(tensors[i])) && surroundingsHold(capture, tensors))
        return { capture, tensors };
    }
    return undefined;
  }

  private capture(inputs: readonly unknown[]): unknown {
    const broken = this.broken(inputs);
    if (this.captures.length >= mostCaptures) {
      this.give([{ reason: limitTold(broken), breaks: false }], mostCaptures);
      return this.record(inputs);
    }
    const given = new Tensors();
    const form = given.formOf(inputs);
    this.give(this.read(form, given), mostCaptures);
    if (this.findings.length > 0 || typeof form === 'string') return this.record(inputs);
    return this.captured(inputs, form, given, broken);
  }

  /** Notes what stands in the way, and how many failures that counts as. */
  private give(findings: readonly Finding[], failures: number): void {
    this.findings = findings;
    this.failures = findings.length > 0 ? this.failures + failures : 0;
    if (this.options.fullgraph) refuseBreaks(findings);
  }

  /** What the texts of the function and of its modules say. */
  private read(form: Form | string, given: Tensors): readonly Finding[] {
    if (typeof form === 'string') return [{ reason: `was given an argument that ${form}`, breaks: false }];
    if (given.modules.length > 0) return [{ reason: 'was given a module; compile the module', breaks: false }];
    if (this.target instanceof Module) {
      const guards = [this.module, ...this.captures.map(({ module }) => module)];
      const known = guards.find((guard) => guard?.holds() && !guard.mayGrow);
      this.module = known ?? new ModuleGuards([], new ModuleGuard(this.target));
      return this.module.findings;
    }
    if (!this.purity?.holds()) {
      this.purity = new Purity([]);
      this.purity.read(this.target, false);
    }
    const { modules } = this.purity;
    this.module = modules.size > 0 ? new ModuleGuards(modules) : undefined;
    return this.purity.findings;
  }

  private captured(inputs: readonly unknown[], form: Form, given: Tensors, broken: BrokenGuard | undefined): unknown {
    const { module } = this;
    const noted = new Map<Tensor, TensorGuard>();
    const note = (found: readonly Tensor[]): void => {
      for (const tensor of found) if (!noted.has(tensor)) noted.set(tensor, new TensorGuard(tensor));
    };
    note([...given.all, ...(module?.tensors ?? [])]);
    const outermost: Module[] = [];
    let model: Module | undefined;
    const meet: OnModule = (called, place) => {
      if (place !== 'within') outermost.push(called as Module);
      if (place === 'model') model = called as Module;
      module?.enter(called as Module);
      note(module?.tensors ?? []);
    };
    const switches = switchesNow();
    const { drawn, pendingNormal } = defaultGenerator;
    const before = lastTraced();
    const { result, captured } = capture(
      () => recordingWith({ compiled: this.options.mark }, () => this.target(...inputs)),
      meet,
    );
    for (const tensor of tensorsIn(result)) tensor.node.visible = true;
    const random = drawn !== defaultGenerator.drawn || pendingNormal !== defaultGenerator.pendingNormal;
    const findings: Finding[] = [
      ...(module?.mayGrow ? module.findings : []),
      ...captured.obstacles.map(({ reason, place, breaks }) => ({ reason, line: lineOf(place), breaks })),
      ...(random ? [{ reason: 'draws random numbers, which every call draws anew', breaks: false }] : []),
      ...(this.hasChanged(form, inputs)
        ? [{ reason: 'changes an argument, or a field of the module', breaks: false }]
        : []),
      ...(result instanceof Promise ? [{ reason: 'gives a promise', breaks: true }] : []),
    ];
    const tensors = [...given.all, ...(module?.tensors ?? [])];
    const guards = tensors.map((tensor) => noted.get(tensor)!);
    const guarded = {
      result,
      form,
      tensors,
      guards,
      sames: samesOf(tensors),
      switches,
      given,
      before,
      module,
      outermost,
      model,
    };
    this.give(findings.length > 0 ? findings : this.keep(captured, guarded), 1);
    if (this.findings.length === 0 && broken) this.recompiles.push(broken);
    return result;
  }

  /** Whether the call has left its arguments and fields as it found them. */
  private hasChanged(form: Form, inputs: readonly unknown[]): boolean {
    return !hasForm(form, inputs, []) || (this.module !== undefined && !this.module.holds());
  }

  private keep(
    { nodes, asksHost }: { readonly nodes: readonly Node[]; readonly asksHost: boolean },
    {
      result,
      tensors,
      given,
      before,
      outermost,
      model,
      ...guards
    }: Omit<Capture, 'template' | 'asksHost'> & {
      readonly result: unknown;
      readonly tensors: readonly Tensor[];
      readonly given: Tensors;
      readonly before: ReturnType<typeof lastTraced>;
      readonly outermost: readonly Module[];
      readonly model: Module | undefined;
    },
  ): readonly Finding[] {
    const traced = lastTraced();
    try {
      const template = new Template({
        nodes,
        inputs: tensors,
        result,
        traced: traced === before ? undefined : traced,
        state: model?.stateDict() ?? new Map(),
        stateTensors: [...new Set(outermost)].flatMap((module) => [...module.parameters(), ...module.buffers()]),
        shown: this.module?.tensors.filter((tensor) => !(tensor instanceof Parameter)) ?? [],
        containers: new Set([...given.containers, ...(this.module?.containers ?? [])]),
      });
      this.captures.push({ template, asksHost, ...guards });
      return [];
    } catch (error) {
      if (!(error instanceof NoTemplate)) throw error;
      return [{ reason: error.message, breaks: false }];
    }
  }

  /** The guard of the latest capture that does not hold. */
  private broken(inputs: readonly unknown[]): BrokenGuard | undefined {
    const latest = this.captures.at(-1);
    if (!latest) return undefined;
    const inModule = latest.module?.broken();
    if (inModule) return inModule;
    const tensors: Tensor[] = [];
    const form = differenceOf(latest.form, inputs, 'inputs', tensors);
    if (form) return form;
    tensors.push(...(latest.module?.tensors ?? []));
    const names = this.namesOf(latest);
    const tensor = firstOf(latest.guards, (guard, i) => guard.broken(tensors[i], names[i]));
    if (tensor) return tensor;
    const now = switchesNow();
    const name = switches.find((name) => told(now[name]) !== told(latest.switches[name]));
    if (name) return { what: switchNames[name], before: told(latest.switches[name]), now: told(now[name]) };
    return { what: 'which inputs are one tensor', before: 'some', now: 'others' };
  }

  /** How the tensors of a capture are reached. */
  private namesOf({ form, module }: Capture): string[] {
    const named: string[] = [];
    const visit = (at: Form, path: string): void => {
      if (at.kind === 'tensor') named.push(path);
      if (at.kind === 'list') at.items.forEach((item, i) => visit(item, `${path}[${i}]`));
      if (at.kind === 'object') for (const [name, item] of at.entries) visit(item, `${path}.${name}`);
    };
    visit(form, 'inputs');
    return [...named, ...(module?.paths ?? [])];
  }

  /** The guards of all captures, for people. */
  guardsTold(): string[] {
    return this.captures.flatMap((capture) => {
      const names = this.namesOf(capture);
      const tensors = capture.guards.map((guard, i) => guard.told(names[i]));
      const { module } = capture;
      const modules = module ? [`the fields and training modes of ${counted(module.count, 'module')}`] : [];
      return [
        ...tensors,
        ...modules,
        ...switches.map((name) => `${switchNames[name]}: ${told(capture.switches[name])}`),
      ];
    });
  }
}

function refuseBreaks(findings: readonly Finding[]): void {
  const found = findings.find(({ breaks }) => breaks);
  if (found)
    fail(
      `torch.compile: fullgraph: the function ${found.reason}${found.line === undefined ? '' : ` (line ${found.line})`}, so a call is not one graph; move that out of it, or leave fullgraph out`,
    );
}

const switchNames: Readonly<Record<(typeof switches)[number], string>> = {
  gradMode: 'whether gradients are recorded',
  algorithms: 'the named algorithms of convolutions',
  attention: 'the backend of attention',
  autocast: 'the precision that autocast casts to',
};

const told = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : value === undefined ? 'none' : String(value);

const limitTold = (broken: BrokenGuard | undefined): string =>
  `was captured ${mostCaptures} times, and is recorded anew by every call now${broken ? `; the last guard to break was ${broken.what}, ${broken.before} → ${broken.now}` : ''}`;

function surroundingsHold({ switches: before, sames, asksHost }: Capture, tensors: readonly Tensor[]): boolean {
  const now = recordingNow();
  if (now.gradMode !== before.gradMode || now.attention !== before.attention) return false;
  for (const name of ['algorithms', 'autocast'] as const)
    if (now[name] !== before[name] && told(now[name]) !== told(before[name])) return false;
  if (asksHost && tensors.some(({ node }) => isOnHost(node))) return false;
  const same = samesOf(tensors);
  return same.length === sames.length && same.every((index, i) => index === sames[i]);
}

/** Of tensors whose nodes other tensors had before them: their places and those of the first, in a row. */
function samesOf(tensors: readonly Tensor[]): number[] {
  const first = new Map<Node, number>();
  const sames: number[] = [];
  for (let i = 0; i < tensors.length; i++) {
    const { node } = tensors[i];
    const known = first.get(node);
    if (known === undefined) first.set(node, i);
    else sames.push(i, known);
  }
  return sames;
}
