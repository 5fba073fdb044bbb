/**
 * @file Names that do not exist: in a namespace they are errors at the line that uses them, instead of `undefined` some
 * lines later, and the name that was meant is told.
 */
import { nearest } from '../base/names.ts';
import { isPlain } from '../base/options.ts';

const isModule = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'Module';

/** So many names can be read in one line. */
const fewNames = 12;

/**
 * A namespace, and those within it, that refuses names which it does not have. `path` is how the program reaches into
 * it.
 */
export function guardNames(what: string, space: object, path: string): object {
  const target = isPlain(space) && path !== '' ? space : { ...space }; // a bundler's namespaces are frozen
  const within = new Map<string, object>();
  const check = (key: string): void => {
    if (key in target) return;
    const names = Object.keys(target);
    const near = nearest(key, names);
    throw new Error(
      `${what} has no '${key}'${near ? `; did you mean ${near}?` : names.length <= fewNames ? `; it has ${names.join(', ')}` : ''}`,
    );
  };
  return new Proxy(target, {
    get(_, key) {
      // Asked of any value.
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return Reflect.get(target, key) as unknown;
      check(key);
      const value: unknown = Reflect.get(target, key);
      if (!isModule(value) && !isPlain(value)) return value;
      const inner = within.get(key) ?? guardNames(`${path}${key}`, value, `${path}${key}.`);
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
