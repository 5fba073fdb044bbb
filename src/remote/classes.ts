/**
 * @file Prints the classes of a model: `__init__` from the tree of modules, `forward` from their calls.
 *
 * Modules that PyTorch has are constructed; Sequential, ModuleList and ModuleDict are rebuilt from the paths; what the
 * program defined itself becomes a class, and instances that differ in their numbers alone share one (see unify.ts).
 * A module that cannot stand alone as a class (it reaches outside of itself, or two calls of it differ) is inlined: its
 * statements are printed in its parent's `forward`, with the same weights under the same keys.
 */
import { dtypes } from '../base/dtype.ts';
import { groupBy } from '../base/group-by.ts';
import { pythonString } from '../base/python.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { printCall } from './calls.ts';
import type { Forward } from './forward.ts';
import { isSelfContained, printForward, printsAsCall, stepsOf } from './forward.ts';
import type { ModuleCall, ModuleInfo, Trace } from './modules.ts';
import { childAt, inputsOf, isLeafModule, outputsOf, readTrace } from './modules.ts';
import { accessPath, argumentNames, isIdentifier, isIndex, toIdentifier } from './names.ts';
import type { ClassBody } from './unify.ts';
import { unify } from './unify.ts';

export interface PrintedModel {
  readonly className: string;
  /** The classes, those that others use first. */
  readonly code: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Weights, buffers and constants by their key in the printed model. */
  readonly state: ReadonlyMap<string, Node>;
}

export function printModel(model: TracedModel): PrintedModel {
  return new ModelPrinter(readTrace(model)).print();
}

/** What the outputs are called in the results: `output`, or `output0`, `output1`, … */
export function outputNames({ outputs }: TracedModel): string[] {
  return outputs.length === 1 ? ['output'] : outputs.map((_, i) => `output${i}`);
}

class ModelPrinter {
  private readonly trace: Trace;
  private readonly inlined = new Set<ModuleInfo>();
  /** State that a module of PyTorch does not make itself, by the module that must declare it. */
  private readonly ownState = new Map<ModuleInfo, Map<string, Node>>();
  private readonly constructors = new Map<ModuleInfo, string>();
  private readonly state = new Map<string, Node>();
  private readonly constantNames = new Map<Node, string>();
  private readonly classes: string[] = [];
  /** The parameters of constructors, PyTorch's too, by class. */
  private readonly parameters = new Map<string, readonly string[]>();

  constructor(trace: Trace) {
    this.trace = trace;
  }

  print(): PrintedModel {
    const { root, model } = this.trace;
    this.placeState();
    this.decideInlining(root.module);
    for (const modules of byHeight(root.module)) this.printClasses(modules.filter((module) => this.needsClass(module)));
    return {
      className: this.constructors.get(root.module)!.replace(/\(.*$/, ''),
      code: this.classes.join('\n\n\n'),
      inputs: argumentNames(model.inputs.length),
      outputs: outputNames(model),
      state: this.state,
    };
  }

  /** Finds out which state each module declares. */
  private placeState(): void {
    const { root, model } = this.trace;
    for (const [key, node] of model.state) {
      this.state.set(key, node);
      if (constructedBy(root.module, key)) continue;
      const cut = key.lastIndexOf('.');
      const owner = cut < 0 ? root.module : childAt(root.module, key.slice(0, cut));
      const own = this.ownState.get(owner) ?? new Map<string, Node>();
      this.ownState.set(owner, own.set(key.slice(cut + 1), node));
    }
  }

  /** Children first, since a parent's statements include those of an inlined child. */
  private decideInlining(module: ModuleInfo): void {
    if (!isLeafModule(module)) for (const child of module.children.values()) this.decideInlining(child);
    if (module.path === '' || module.calls.length === 0) return;
    const fits = isLeafModule(module)
      ? module.calls.every((call) => printsAsCall(this.trace, call))
      : module.calls.every((call) => isSelfContained(this.trace, call, this.inlined)) &&
        (this.isChain(module) || (module.type !== 'Sequential' && this.callsAgree(module)));
    if (!fits) this.inlined.add(module);
  }

  /** Whether every call of the module prints alike. */
  private callsAgree(module: ModuleInfo): boolean {
    const text = (call: ModuleCall): string => JSON.stringify(this.forwardOf(call));
    const first = text(module.calls[0]);
    return module.calls.every((call) => text(call) === first);
  }

  /** Whether a Sequential's call is what `nn.Sequential` does: each child once, on the result of the one before. */
  private isChain(module: ModuleInfo): boolean {
    if (module.type !== 'Sequential' || this.ownState.has(module)) return false;
    return module.calls.every((call) => {
      const steps = stepsOf(this.trace, call, this.inlined);
      let [value] = inputsOf(this.trace, call);
      const order = [...module.children.values()];
      if (inputsOf(this.trace, call).length !== 1 || steps.length === 0) return false;
      return steps.every((step, i) => {
        if (!('call' in step) || order.indexOf(step.call.module) !== i) return false;
        const inner = step.call;
        const taken = inputsOf(this.trace, inner);
        const given = outputsOf(this.trace, inner);
        const chained = taken.length === 1 && taken[0] === value && given.length === 1;
        [value] = given;
        return chained;
      });
    });
  }

  private needsClass(module: ModuleInfo): boolean {
    return (
      module.path === '' ||
      (module.calls.length > 0 && !isLeafModule(module) && !this.inlined.has(module) && module.type !== 'Sequential')
    );
  }

  private forwardOf(call: ModuleCall): Forward {
    return printForward(this.trace, call, this.inlined, (node) => this.constantName(node));
  }

  private constantName(node: Node): string {
    const name = this.constantNames.get(node) ?? `constant${this.constantNames.size + 1}`;
    this.constantNames.set(node, name);
    return name;
  }

  /** Prints modules of one height in the tree: those that they contain have their classes already. */
  private printClasses(modules: readonly ModuleInfo[]): void {
    const byType = groupBy(modules, (module) => toIdentifier(module.type!));
    for (const [type, instances] of byType) {
      const bodies = instances.map((module) => this.bodyOf(module));
      for (const { body, members } of unify(bodies, this.parameters)) {
        const name = this.uniqueClassName(type);
        this.parameters.set(name, body.parameters);
        this.classes.push(formatClass(name, body));
        for (const { index, values } of members)
          this.constructors.set(instances[index], `${name}(${values.join(', ')})`);
      }
    }
  }

  private uniqueClassName(type: string): string {
    let name = type;
    for (let i = 2; this.parameters.has(name); i++) name = `${type}${i}`;
    return name;
  }

  private bodyOf(module: ModuleInfo): ClassBody {
    const asSequential = module.type === 'Sequential' && this.isChain(module);
    if (asSequential)
      return {
        base: 'nn.Sequential',
        parameters: [],
        init: [`super().__init__(${this.sequentialArguments(module)})`],
        forward: undefined,
      };
    const forward = this.forwardOf(module.calls[0]);
    const init = ['super().__init__()', ...this.childLines(module)];
    for (const [name, node] of forward.constants) {
      init.push(`self.register_buffer(${pythonString(name)}, ${emptyTensor(node)})`);
      this.state.set(module.path === '' ? name : `${module.path}.${name}`, node);
    }
    if (module.path === '') init.push(...this.ties());
    return { base: 'nn.Module', parameters: [], init, forward };
  }

  /** The statements of `__init__` that make the children of a module, and the state of its own. */
  private childLines(module: ModuleInfo): string[] {
    const lines: string[] = [];
    for (const [name, child] of module.children) {
      const made = this.construct(child);
      lines.push(isIdentifier(name) ? `self.${name} = ${made}` : `self.add_module(${pythonString(name)}, ${made})`);
      lines.push(...this.lateLines(child, module.path));
    }
    lines.push(...this.stateLines(module, 'self'));
    return lines;
  }

  /** State within a child that has no class of its own to declare it. */
  private lateLines(module: ModuleInfo, from: string): string[] {
    if (isLeafModule(module) || this.needsClass(module)) return [];
    const lines = this.isParameterList(module) ? [] : this.stateLines(module, accessPath(module.path, from));
    return [...lines, ...[...module.children.values()].flatMap((child) => this.lateLines(child, from))];
  }

  private stateLines(module: ModuleInfo, target: string): string[] {
    return [...(this.ownState.get(module) ?? [])].map(([name, node]) => {
      if (!node.requiresGrad) return `${target}.register_buffer(${pythonString(name)}, ${emptyTensor(node)})`;
      const parameter = `nn.Parameter(${emptyTensor(node)})`;
      return isIdentifier(name)
        ? `${target}.${name} = ${parameter}`
        : `${target}.register_parameter(${pythonString(name)}, ${parameter})`;
    });
  }

  /** The expression that makes a module. */
  private construct(module: ModuleInfo): string {
    if (isLeafModule(module)) {
      this.parameters.set(module.construction!.name, module.construction!.places);
      return printCall(module.construction!, []);
    }
    const made = this.constructors.get(module);
    if (made) return made;
    if (this.isParameterList(module)) {
      return `nn.ParameterList([${[...this.ownState.get(module)!.values()].map((node) => `nn.Parameter(${emptyTensor(node)})`).join(', ')}])`;
    }
    if (module.children.size === 0) return 'nn.Module()';
    if (module.type === 'Sequential' && !this.inlined.has(module))
      return `nn.Sequential(${this.sequentialArguments(module)})`;
    const names = [...module.children.keys()];
    if (names.every(isIndex)) return `nn.ModuleList([${block(this.indexed(module))}])`;
    const entries = [...module.children].map(([name, child]) => `${pythonString(name)}: ${this.construct(child)}`);
    return `nn.ModuleDict({${block(entries)}})`;
  }

  private isParameterList(module: ModuleInfo): boolean {
    const own = this.ownState.get(module);
    return (
      own !== undefined &&
      module.calls.length === 0 &&
      module.children.size === 0 &&
      [...own].every(([name, node], i) => name === String(i) && node.requiresGrad)
    );
  }

  private sequentialArguments(module: ModuleInfo): string {
    if ([...module.children.keys()].every(isIndex)) return block(this.indexed(module));
    const entries = [...module.children].map(([name, child]) => `(${pythonString(name)}, ${this.construct(child)})`);
    return `OrderedDict([${block(entries)}])`;
  }

  /** Children by index; one that left no trace (a dropout at rest) is an identity, so that the keys stay. */
  private indexed(module: ModuleInfo): string[] {
    const last = Math.max(...[...module.children.keys()].map(Number));
    return Array.from({ length: last + 1 }, (_, i) => {
      const child = module.children.get(String(i));
      return child ? this.construct(child) : 'nn.Identity()';
    });
  }

  /** `self.head.weight = self.embedding.weight` for weights that are one. */
  private ties(): string[] {
    return [...this.trace.keys].flatMap(([node, [first, ...others]]) =>
      node.requiresGrad ? others.map((key) => tie(key, accessPath(first, ''))) : [],
    );
  }
}

/** Makes the tensor of a key the one that an expression gives. */
function tie(key: string, value: string): string {
  const cut = key.lastIndexOf('.');
  const name = key.slice(cut + 1);
  const owner = cut < 0 ? 'self' : accessPath(key.slice(0, cut), '');
  return isIdentifier(name)
    ? `${owner}.${name} = ${value}`
    : `${owner}.register_parameter(${pythonString(name)}, ${value})`;
}

/** Whether a module that PyTorch constructs makes the state of that key. */
function constructedBy(root: ModuleInfo, key: string): boolean {
  let module: ModuleInfo | undefined = root;
  for (const name of key.split('.')) {
    module = module.children.get(name);
    if (!module) return false;
    if (isLeafModule(module)) return true;
  }
  return false;
}

/**
 * The modules of the tree, deepest first, in groups of one height; what is inside of PyTorch's modules does not count.
 */
function byHeight(root: ModuleInfo): ModuleInfo[][] {
  const levels: ModuleInfo[][] = [];
  const visit = (module: ModuleInfo): number => {
    const children = isLeafModule(module) ? [] : [...module.children.values()];
    const height = Math.max(0, ...children.map((child) => visit(child) + 1));
    (levels[height] ??= []).push(module);
    return height;
  };
  visit(root);
  return levels;
}

function emptyTensor(node: Node): string {
  const size = node.shape.length === 0 ? '()' : node.shape.join(', ');
  return `torch.empty(${size}${node.dtype === 'float32' ? '' : `, dtype=${dtypes[node.dtype].python}`})`;
}

/** Items of a bracketed list: on one line where they fit, else one a line. */
function block(items: readonly string[]): string {
  const flat = items.join(', ');
  if (flat.length <= 80 && !flat.includes('\n')) return flat;
  return `\n${items.map((item) => `    ${item.replaceAll('\n', '\n    ')},\n`).join('')}`;
}

function formatClass(name: string, { base, parameters, init, forward }: ClassBody): string {
  const indent = (lines: readonly string[]): string =>
    lines.map((line) => `        ${line.replaceAll('\n', '\n        ')}`).join('\n');
  const text = [`class ${name}(${base}):`, `    def __init__(${['self', ...parameters].join(', ')}):`, indent(init)];
  if (forward) text.push('', `    def forward(${['self', ...forward.parameters].join(', ')}):`, indent(forward.lines));
  return text.join('\n');
}
