/**
 * @file Python's names: identifiers, the way from one module to another, and which variable holds which value.
 */
import { pythonString } from '../base/python.ts';
import type { Node } from '../graph/types.ts';
import { definedNames } from './parts.ts';

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** Whether a name can stand after `self.`; with two underscores Python would make another name of it within a class. */
export function isIdentifier(name: string): boolean {
  return /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.has(name);
}

export function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}

/**
 * Names with a meaning in every printed program, which a class must not take: Python's own, imported ones, those of the
 * fixed parts.
 */
const taken = new Set([
  ...'torch nn F math device OrderedDict Performance Cudnn contextlib hashlib json os platform resource sys time ctypes subprocess'.split(
    ' ',
  ),
  ...'MODEL INPUTS OUTPUTS ACTIVATIONS GRADIENTS LOSS TARGETS SETTINGS TRAINING PARTS'.split(' '),
  ...'super float getattr bytearray int len list dict zip min max sum sorted open print range str type any isinstance map property object Exception'.split(
    ' ',
  ),
  ...'AssertionError KeyError OSError RuntimeError StopIteration ValueError'.split(' '),
  ...definedNames(),
]);

export function isReserved(name: string): boolean {
  return keywords.has(name) || name.startsWith('__') || taken.has(name);
}

/** The name as an identifier: what a class is called that the program named freely. */
export function toIdentifier(name: string): string {
  const cleaned = name
    .slice(0, 100)
    .replace(/[^A-Za-z0-9_]/g, '_')
    .replace(/^(?=\d)/, '_')
    .replace(/^__+/, '_');
  return isIdentifier(cleaned) && !isReserved(cleaned) ? cleaned : `${cleaned}_`;
}

/** `self.layer1[0].conv` for the path `layer1.0.conv`, seen from the module at `from`. */
export function accessPath(path: string, from: string): string {
  const relative = from === '' ? path : path.slice(from.length + 1);
  let text = 'self';
  for (const name of relative.split('.')) {
    if (isIdentifier(name)) text += `.${name}`;
    else if (isIndex(name)) text += `[${name}]`;
    else text = `getattr(${text}, ${pythonString(name)})`;
  }
  return text;
}

/** Whether a path is below a module's. */
export function isBelow(path: string, module: string): boolean {
  return module === '' || path.startsWith(`${module}.`);
}

const letters = ['x', 'y', 'z', 'u', 'v', 'w'];

/** The names of a function's arguments: x, y, z while they last. */
export function argumentNames(count: number): string[] {
  return count <= 3 ? letters.slice(0, count) : Array.from({ length: count }, (_, i) => `x${i + 1}`);
}

/**
 * The variables of one `forward`. As a person would, it goes on with `x = f(x)` when the old value is not needed again,
 * and takes a new letter when it is.
 */
export class Variables {
  private readonly names = new Map<Node, string>();
  private readonly lastUse: ReadonlyMap<Node, number>;

  /** `lastUse`: the number of the last statement that reads a node; Infinity for what is returned. */
  constructor(lastUse: ReadonlyMap<Node, number>) {
    this.lastUse = lastUse;
  }

  bind(node: Node, name: string): void {
    this.names.set(node, name);
  }

  nameOf(node: Node): string | undefined {
    return this.names.get(node);
  }

  /** Names the result of statement `at`, which reads `inputs`. */
  assign(node: Node, inputs: readonly Node[], at: number): string {
    const dying = inputs.find((input) => this.names.has(input) && !this.isLive(input, at));
    const name = (dying && this.names.get(dying)) ?? this.fresh(at);
    for (const [other, taken] of this.names) if (taken === name) this.names.delete(other);
    this.names.set(node, name);
    return name;
  }

  private isLive(node: Node, at: number): boolean {
    return (this.lastUse.get(node) ?? -1) > at;
  }

  private fresh(at: number): string {
    const taken = new Set<string>();
    for (const [node, name] of this.names) if (this.isLive(node, at)) taken.add(name);
    const letter = letters.find((name) => !taken.has(name));
    if (letter) return letter;
    for (let i = 1; ; i++) if (!taken.has(`t${i}`)) return `t${i}`;
  }
}
