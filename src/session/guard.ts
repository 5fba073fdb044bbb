/**
 * @file Names that do not exist: in a namespace they are errors at the line that uses them, instead of `undefined` some
 * lines later, and the name that was meant is told.
 */
import { nearest, plain } from '../base/names.ts';
import { isPlain } from '../base/options.ts';
import { whyAbsent } from '../torch/absent.ts';

const isModule = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'Module';

/** So many names can be read in one line. */
const fewNames = 12;

/**
 * What to do about a name that a namespace lacks: how it is spelled here, why PyTorch's is not here, where it is, and
 * only then which name is like it.
 */
function remedy(what: string, key: string, names: readonly string[], root: object): string {
  const near = nearest(key, names);
  if (near !== undefined && plain(near) === plain(key)) return `; did you mean ${near}?`;
  const why = whyAbsent(what, key);
  if (why !== undefined) return `: ${why}`;
  const meant = placeOf(key, root) ?? near;
  if (meant !== undefined) return `; did you mean ${meant}?`;
  return names.length <= fewNames ? `; it has ${names.join(', ')}` : '';
}

/** How a program reaches a name from the outermost namespace, by the shortest way, rather as it is spelled. */
function placeOf(key: string, root: object): string | undefined {
  const seen = new Set<object>();
  let level: (readonly [path: string, space: object])[] = [['', root]];
  while (level.length > 0) {
    const below: (typeof level)[number][] = [];
    const found: string[] = [];
    for (const [path, space] of level) {
      if (seen.has(space)) continue;
      seen.add(space);
      for (const [name, value] of Object.entries(space)) {
        if (name === key) return `${path}${name}`;
        if (plain(name) === plain(key)) found.push(`${path}${name}`);
        if (isModule(value) || isPlain(value)) below.push([`${path}${name}.`, value]);
      }
    }
    if (found.length > 0) return found[0];
    level = below;
  }
  return undefined;
}

/**
 * A namespace, and those within it, that refuses names which it does not have. `path` is how the program reaches into
 * it, `root` the outermost one.
 */
export function guardNames(what: string, space: object, path: string, root: object = space): object {
  const target = isPlain(space) && path !== '' ? space : { ...space }; // a bundler's namespaces are frozen
  const within = new Map<string, object>();
  const check = (key: string): void => {
    if (key in target) return;
    throw new Error(`${what} has no '${key}'${remedy(what, key, Object.keys(target), root)}`);
  };
  return new Proxy(target, {
    get(_, key) {
      // Asked of any value.
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return Reflect.get(target, key) as unknown;
      check(key);
      const value: unknown = Reflect.get(target, key);
      if (!isModule(value) && !isPlain(value)) return value;
      const inner = within.get(key) ?? guardNames(`${path}${key}`, value, `${path}${key}.`, root);
      within.set(key, inner);
      return inner;
    },
    set(_, key, value) {
      check(String(key));
      return Reflect.set(target, key, value);
    },
  });
}

/** Methods of PyTorch's that have no like here, and what is written instead. */
const otherwise: Readonly<Record<string, string>> = {
  cuda: "the GPU is .to('webgpu')",
  numpy: 'write await x.data()',
  double: 'there is no float64 on the device; write .float()',
};

/** Names that Python has, and what stands for them. */
const ofPython: Readonly<Record<string, string>> = {
  None: 'null',
  True: 'true',
  False: 'false',
  self: 'this',
  print: 'console.log(…)',
  len: 'x.shape[0], or array.length',
  range: 'for (let i = 0; i < n; i++)',
};

/**
 * The message of an unknown name with what was meant: `x.cross_entropy is not a function; did you mean crossEntropy?`
 */
export function meant(message: string, modules: Readonly<Record<string, object>>): string {
  const [, undefinedName] = /^(\w+) is not defined$/.exec(message) ?? [];
  if (undefinedName !== undefined && Object.hasOwn(ofPython, undefinedName))
    return `${message}; in TypeScript write ${ofPython[undefinedName]}`;
  const [, name] = /(\w+) is not a function$/.exec(message) ?? [];
  if (name === undefined) return message;
  if (Object.hasOwn(otherwise, name)) return `${message}; ${otherwise[name]}`;
  const near = nearest(name, namesIn(modules));
  const why = near !== undefined && plain(near) === plain(name) ? undefined : whyAbsent('torch', name);
  if (why !== undefined) return `${message}: ${why}`;
  return near === undefined || near === name ? message : `${message}; did you mean ${near}?`;
}

/** Names of functions and of methods, in namespaces and classes. */
function namesIn(space: object, found = new Set<string>()): Set<string> {
  for (const [name, value] of Object.entries(space)) {
    if (isModule(value) || isPlain(value)) namesIn(value, found);
    else if (typeof value === 'function') {
      found.add(name);
      const { prototype } = value as { prototype?: object };
      for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
        for (const method of Object.getOwnPropertyNames(at)) found.add(method);
    }
  }
  return found;
}
