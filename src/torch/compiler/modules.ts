/**
 * @file Guards on a module: its fields and those of the modules below it, which may decide what a call records.
 * Parameters and buffers count by which tensors they are: their values may change.
 */
import type { Module } from '../nn/module.ts';
import { hookChangesSoFar, isHooked } from '../nn/module.ts';
import type { Tensor } from '../tensor.ts';
import { nameOf } from '../trace.ts';
import { isKnownForward, programPrototypes } from '../nn/library-modules.ts';
import type { Finding } from './purity.ts';
import { Purity } from './purity.ts';
import type { BrokenGuard, Form } from './values.ts';
import { Tensors, differenceOf, firstOf, hasForm } from './values.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Field {
  readonly name: string;
  readonly form: Form;
}

/** A module as it was when a call was captured. */
interface ModuleSnapshot {
  readonly module: Module;
  /** How the compiled function's error or explanation reaches it: `'model.conv1'`. */
  readonly path: string;
  readonly forward: unknown;
  readonly fields: readonly Field[];
}

/** A module and those below it, as they were when a call was captured. */
export class ModuleGuard {
  /** Parameters, buffers and other tensors in fields. */
  readonly tensors: readonly Tensor[];
  readonly paths: readonly string[];
  /** Lists and objects in fields. */
  readonly containers: readonly object[];
  /** What speaks against playing a call again. */
  readonly findings: readonly Finding[];
  private readonly known: readonly ModuleSnapshot[];
  /** Names of constants by which the program's code calls other modules. */
  readonly others: ReadonlySet<string>;
  private readonly purity: Purity;
  private readonly wasHooked: boolean;
  private hookChanges = hookChangesSoFar();

  constructor(root: Module, path = 'model') {
    const known = new Map<Module, ModuleSnapshot>();
    const tensors: Tensor[] = [];
    const paths: string[] = [];
    const containers: object[] = [];
    const findings: Finding[] = [];
    const enter = (module: Module, path: string): void => {
      if (known.has(module)) return;
      if (isHooked(module)) findings.push({ reason: `${path} has hooks, which every call runs anew`, breaks: true });
      const fields: Field[] = [];
      known.set(module, { module, path, forward: module.forward, fields });
      for (const [name, value] of Object.entries(module) as [string, unknown][]) {
        const found = new Tensors();
        const form = found.formOf(value);
        if (typeof form === 'string') findings.push({ reason: `${path}.${name} ${form}`, breaks: false });
        fields.push({ name, form: typeof form === 'string' ? { kind: 'any' } : form });
        tensors.push(...found.all);
        containers.push(...found.containers);
        paths.push(...found.all.map(() => `${path}.${name}`));
        for (const child of found.modules) enter(child, `${path}.${name}`);
      }
    };
    enter(root, path);
    this.known = [...known.values()];
    this.wasHooked = this.isHooked;
    this.tensors = tensors;
    this.paths = paths;
    this.containers = containers;
    const prototypes = new Set(this.known.flatMap(({ module }) => programPrototypes(module)));
    this.purity = new Purity([...prototypes]);
    for (const { forward } of this.known)
      if (typeof forward === 'function' && !isKnownForward(forward)) this.purity.read(forward as () => unknown, true);
    this.findings = [...findings, ...this.purity.findings];
    this.others = this.purity.modules;
  }

  has(module: Module): boolean {
    return this.known.some((known) => known.module === module);
  }

  /** How many modules it looks at. */
  get count(): number {
    return this.known.length;
  }

  /** Whether everything is as it was; `tensors` gets the tensors of fields. */
  holds(tensors: Tensor[] = []): boolean {
    const changes = hookChangesSoFar();
    if (changes !== this.hookChanges && this.isHooked !== this.wasHooked) return false;
    this.hookChanges = changes;
    for (const { module, forward, fields } of this.known) {
      if (module.forward !== forward || Object.keys(module).length !== fields.length) return false;
      for (const { name, form } of fields)
        if (!hasForm(form, (module as unknown as Fields)[name], tensors)) return false;
    }
    for (let i = 0; i < tensors.length; i++) if (tensors[i] !== this.tensors[i]) return false;
    return this.purity.holds();
  }

  private get isHooked(): boolean {
    return this.known.some(({ module }) => isHooked(module));
  }

  /** What does not hold. */
  broken(): BrokenGuard | undefined {
    const hooked = this.known.find(({ module }) => isHooked(module));
    if (hooked && !this.wasHooked) return { what: `hooks of ${hooked.path}`, before: 'none', now: 'some' };
    const tensors: Tensor[] = [];
    const field = firstOf(this.known, ({ module, path, forward, fields }) => {
      if (module.forward !== forward) return { what: `${path}.forward`, before: 'one function', now: 'another' };
      const names = Object.keys(module);
      if (names.length !== fields.length) {
        const before = fields.map(({ name }) => name);
        return { what: `the fields of ${path}`, before: before.join(', '), now: names.join(', ') };
      }
      return firstOf(fields, ({ name, form }) =>
        differenceOf(form, (module as unknown as Fields)[name], `${path}.${name}`, tensors),
      );
    });
    if (field) return field;
    const at = tensors.findIndex((tensor, i) => tensor !== this.tensors[i]);
    if (at !== -1) return { what: this.paths[at], before: 'one tensor', now: 'another' };
    return this.holds() ? undefined : { what: 'a method of a class', before: 'one function', now: 'another' };
  }
}

/** The modules that a compiled function calls: itself, where it is one, and constants of the program. */
export class ModuleGuards {
  private readonly guards: ModuleGuard[] = [];
  /** By which the program's code calls constants. */
  private readonly names: Set<string>;

  constructor(names: Iterable<string>, target?: ModuleGuard) {
    this.names = new Set(names);
    if (target) this.add(target);
  }

  /** Adds a module that is about to be called as it is now, unless it is known. */
  enter(module: Module): void {
    if (this.guards.some((guard) => guard.has(module))) return;
    const [name, ...others] = this.names;
    this.add(new ModuleGuard(module, name !== undefined && others.length === 0 ? name : nameOf(module)));
  }

  private add(guard: ModuleGuard): void {
    this.guards.push(guard);
    for (const name of guard.others) this.names.add(name);
  }

  /** Whether a call may meet modules that are not known yet. */
  get mayGrow(): boolean {
    return this.names.size > 0;
  }

  get tensors(): Tensor[] {
    return this.guards.flatMap(({ tensors }) => tensors);
  }

  get paths(): string[] {
    return this.guards.flatMap(({ paths }) => paths);
  }

  get containers(): object[] {
    return this.guards.flatMap(({ containers }) => containers);
  }

  get findings(): Finding[] {
    return this.guards.flatMap(({ findings }) => findings);
  }

  get count(): number {
    return this.guards.reduce((sum, { count }) => sum + count, 0);
  }

  /** Whether everything is as it was; `tensors` gets the tensors of fields. */
  holds(tensors: Tensor[] = []): boolean {
    for (const guard of this.guards) {
      const own: Tensor[] = [];
      if (!guard.holds(own)) return false;
      for (const tensor of own) tensors.push(tensor);
    }
    return true;
  }

  /** What does not hold. */
  broken(): BrokenGuard | undefined {
    return firstOf(this.guards, (guard) => guard.broken());
  }
}
