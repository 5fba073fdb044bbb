/**
 * @file The visitor's program: TypeScript text in, its exports or a placed error out. Page and command line share it.
 *
 * Types are stripped and imports become `require` calls line by line, so that every line stays where it was. The result
 * is the body of an async function: top-level `await` needs nothing more, and nothing is fetched.
 */
import { transform } from 'sucrase';
import { setProgram } from '../torch/compiler/sources.ts';
import { captureConsole } from './console.ts';
import { guardNames, meant } from './guard.ts';
import type { Frame } from './source-map.ts';
import { linesBeforeBody, Places } from './source-map.ts';
import type { ConsoleEntry, ProgramError } from './protocol.ts';

export interface ProgramEnvironment {
  /** What `import` finds by name: `{ wudnn: { torch, nn, … } }`. */
  readonly modules: Readonly<Record<string, object>>;
  /** Takes what the program writes to its console. */
  readonly console: (entry: ConsoleEntry) => void;
  /** Finds a module that the table does not have, or returns `undefined`; Node gives its own modules here. */
  readonly require?: (name: string) => object | undefined;
  /**
   * Finds the line and column (from 1) of a syntax error in a script. An engine reports early errors, such as a name
   * declared twice, without their place when the code comes from a string; how to get it differs by host.
   */
  readonly locate?: (script: string) => Promise<{ line: number; column: number } | undefined>;
}

export type ProgramResult =
  | { readonly ok: true; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: ProgramError };

type Body = (require: (name: string) => unknown, exports: object, console: Console) => Promise<void>;
type BodyConstructor = new (...text: string[]) => Body;

const AsyncFunction = (async () => {}).constructor as BodyConstructor;
const parameters = ['require', 'exports', 'console'];

/** V8's own setting, and JavaScriptCore's. */
const traces = Error as ErrorConstructor & { stackTraceLimit?: number };

let programs = 0;

/** The places of the program that was run last. */
let latest: Places | undefined;
/** What it could import. */
let latestModules: Readonly<Record<string, object>> = {};

/** Runs a program to its end. Never throws: a program that fails has a result that says where. */
export async function runProgram(text: string, environment: ProgramEnvironment): Promise<ProgramResult> {
  latestModules = environment.modules;
  const compiled = compile(text);
  if ('error' in compiled) return { ok: false, error: compiled.error };
  const { code, places } = compiled;
  latest = places;
  setProgram({ code, modules: environment.modules, lineOf: ({ stack }) => places.frames(stack)[0]?.line });

  let body: Body;
  try {
    body = new AsyncFunction(...parameters, code);
  } catch (error) {
    const script = `(async function (${parameters.join(', ')}\n) {\n${code}\n})`;
    const at = await environment.locate?.(script);
    const place = at && places.original(at.line - linesBeforeBody, at.column);
    return { ok: false, error: { ...describe(error, []), ...place } };
  }

  const exports: Record<string, unknown> = {};
  const { console, printed } = captureConsole(environment.console, places);
  const limit = traces.stackTraceLimit;
  traces.stackTraceLimit = 100; // the visitor's frames lie under the engine's
  try {
    await body(requirer(environment), exports, console);
    return { ok: true, exports };
  } catch (error) {
    return { ok: false, error: describe(error, places.frames(stackOf(error))) };
  } finally {
    traces.stackTraceLimit = limit;
    await printed();
  }
}

/** Describes an error that comes after the end of the last program, as from a promise that it did not await. */
export function describeError(error: unknown): ProgramError {
  return describe(error, latest?.frames(stackOf(error)) ?? []);
}

/** The line of the last program in a stack, from 1. */
export const lineOf = (stack: string | undefined): number | undefined => latest?.frames(stack)[0]?.line;

function compile(text: string): { code: string; places: Places } | { error: ProgramError } {
  const url = `wudnn-program-${++programs}.ts`;
  try {
    const { code, sourceMap } = transform(text, {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      filePath: url,
      sourceMapOptions: { compiledFilename: url },
    });
    return { code: `${code}\n//# sourceURL=${url}`, places: new Places(url, JSON.stringify(sourceMap)) };
  } catch (error) {
    return { error: pythonError(text) ?? syntaxError(error) };
  }
}

/** Lines that are Python and no TypeScript. */
const python =
  /^\s*(?:import [\w.]+(?: as \w+)?(?:, .*)?|from [\w.]+ import .*|def \w+\(.*\).*:|class \w+(?:\(.*\))?:|(?:for|if|while|with|elif) [^(].*:|else:)\s*(?:#.*)?$/;

/** For a text that was pasted from Python: what to write instead. */
function pythonError(text: string): ProgramError | undefined {
  const line = text.split('\n').findIndex((l) => python.test(l));
  if (line === -1) return undefined;
  const message =
    "this is Python; programs here are TypeScript with PyTorch's names in camel case: `import { torch, nn } from 'wudnn'`, `class Net extends nn.Module { forward(x) { … } }`, `const x = torch.randn(2, 3)`; the examples show each";
  return { name: 'SyntaxError', message, line: line + 1, column: 1, frames: [] };
}

/** The compiler's error, `'Error transforming p.ts: Unexpected token (3:1)'`, without what the place says already. */
function syntaxError(error: unknown): ProgramError {
  const { message, loc } = error as Error & { loc?: { line: number; column: number } };
  const cause = message.replace(/^Error transforming \S+: /, '').replace(/ \(\d+:\d+\)$/, '');
  return {
    name: 'SyntaxError',
    message: cause.charAt(0).toLowerCase() + cause.slice(1),
    line: loc?.line,
    column: loc?.column,
    frames: [],
  };
}

function describe(error: unknown, frames: readonly Frame[]): ProgramError {
  const [first] = frames;
  const place = { line: first?.line, column: first?.column, frames };
  if (isError(error)) return { name: error.name, message: meant(asWritten(error.message), latestModules), ...place };
  return {
    name: 'Error',
    message: `the program threw ${typeof error === 'string' ? JSON.stringify(error) : String(error)}, which is not an Error and has no line`,
    ...place,
  };
}

/** What the compiler calls an imported name, `_wudnn.torch`, as the program calls it: `torch`. */
const asWritten = (message: string): string => message.replaceAll(/\b_wudnn\d*\./g, '');

/** Errors of another realm (Node's `vm`, a frame) are errors too. */
function isError(error: unknown): error is Error {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]';
}

function stackOf(error: unknown): string | undefined {
  return isError(error) ? error.stack : undefined;
}

function requirer({ modules, require }: ProgramEnvironment): (name: string) => unknown {
  const guarded = new Map<string, object>();
  return (name) => {
    const known = guarded.get(name);
    if (known) return known;
    const found = Object.hasOwn(modules, name) ? guardModule(name, modules[name]) : require?.(name);
    if (!found) {
      const names = Object.keys(modules)
        .map((m) => `'${m}'`)
        .join(', ');
      throw new Error(
        `import: no module '${name}'; a program can import ${names}${require ? " and Node's own modules, such as 'node:fs'" : ''}`,
      );
    }
    guarded.set(name, found);
    return found;
  };
}

/** A module as `import` wants it. */
function guardModule(name: string, module: object): object {
  const guarded = guardNames(`import: '${name}'`, module, '');
  return new Proxy(guarded, {
    get: (_, key) => {
      if (key === '__esModule') return true;
      return key === 'default' ? guarded : (Reflect.get(guarded, key) as unknown);
    },
  });
}
