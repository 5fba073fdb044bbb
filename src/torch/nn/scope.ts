/**
 * @file The scope of a module's call: where the module hangs below the outermost one, and how PyTorch constructs it.
 */
import type { Construction } from '../../graph/call.ts';
import { recordingNow } from '../../graph/recording.ts';
import type { Scope } from '../../graph/types.ts';
import { nameOf } from '../trace.ts';
import type { Module } from './module.ts';

/**
 * How PyTorch constructs a layer, by the layer's prototype: what the classes of a program say of themselves does not
 * count.
 */
const constructions = new WeakMap<object, (module: Module) => Construction | undefined>();

/** Makes a class one that PyTorch has too; said once, before any program runs. */
export function constructedBy(prototype: Module, construction: (module: Module) => Construction | undefined): void {
  constructions.set(prototype, construction);
}

/** A scope that is told what its call gave when that is known. */
export type MutableScope = { -readonly [K in keyof Scope]: Scope[K] };

let nextCall = 1;
/** The number of a new call. */
export const newCall = (): number => nextCall++;
const rootOf = new WeakMap<Scope, Module>();

/** The scope of a new call of a module, within that of the call around it. */
export function scopeOf(module: Module, outer: Scope | undefined): MutableScope {
  const root = outer ? rootOf.get(outer)! : module;
  const { autocast } = recordingNow();
  const scope: MutableScope = {
    path: pathIn(root, module),
    type: nameOf(module),
    construction: constructions.get(Object.getPrototypeOf(module) as object)?.(module),
    ...(autocast && { autocast: autocast.dtype }),
    call: newCall(),
    parent: outer,
  };
  rootOf.set(scope, root);
  return scope;
}

/**
 * Paths that were found below an outermost module. A module may be moved, so a path is looked up again where it fails.
 */
const pathsOf = new WeakMap<Module, WeakMap<Module, string>>();

/** Where a module hangs below the outermost one; its class's name where it hangs nowhere. */
function pathIn(root: Module, module: Module): string {
  if (module === root) return '';
  const known = pathsOf.get(root)?.get(module);
  if (known !== undefined && moduleAt(root, known) === module) return known;
  const paths = new WeakMap<Module, string>();
  for (const [path, candidate] of root.namedModules()) if (!paths.has(candidate)) paths.set(candidate, path);
  pathsOf.set(root, paths);
  return paths.get(module) ?? nameOf(module);
}

const moduleAt = (root: Module, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], root);
