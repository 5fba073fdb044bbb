/**
 * @file Random calls: functions, methods and layers by their signatures, arguments of right and wrong kinds in places
 * and by name, in our words and in PyTorch's. What is refused here is no silent difference, so PyTorch is asked about
 * the answers alone.
 */
import { readFileSync } from 'node:fs';
import { Generator, randint } from '../../src/base/random.ts';
import type { nn } from '../../src/torch/index.ts';
import { torch } from '../../src/torch/index.ts';
import type { Param } from '../../src/torch/signature.ts';
import type { Signature } from '../../src/torch/signature/match.ts';
import { snakeCase } from '../../src/base/python.ts';
import { runPython } from '../support/python.ts';
import type { SignedValue } from '../../scripts/api/signed-value.ts';
import { signed } from '../../scripts/api/signed-value.ts';

type Draw = (count: number) => number;

/** A value in our words and in PyTorch's. */
interface Value {
  readonly js: unknown;
  readonly python: string;
}

/** Tensors by name, made anew for each call: their shape, dtype and numbers. */
const tensors: Readonly<
  Record<string, readonly [shape: readonly number[], dtype: 'float32' | 'int32' | 'bool' | 'uint8']>
> = {
  a: [[2, 3], 'float32'],
  b: [[2, 3], 'float32'],
  v: [[3], 'float32'],
  m: [[3, 2], 'float32'],
  q: [[3, 3], 'float32'],
  c: [[2, 4, 3], 'float32'],
  d: [[2, 3, 4], 'float32'],
  x: [[1, 2, 4, 4], 'float32'],
  w: [[2, 2, 3, 3], 'float32'],
  l: [[1, 2, 4], 'float32'],
  k: [[2, 2, 3], 'float32'],
  two: [[2], 'float32'],
  s: [[], 'float32'],
  i: [[2, 3], 'int32'],
  n: [[2], 'int32'],
  h: [[3], 'int32'],
  f: [[2, 3], 'bool'],
  u: [[2, 3], 'uint8'],
};
const numbersOf = (name: string): number[] => {
  const [shape, dtype] = tensors[name];
  return Array.from({ length: shape.reduce((p, size) => p * size, 1) }, (_, at) => {
    const mixed = (at * 7 + name.charCodeAt(0) * 3) % 11;
    return dtype === 'float32' ? (mixed - 4.5) / 4 : dtype === 'bool' ? mixed % 2 : mixed % 2;
  });
};
const fresh = (name: string): torch.Tensor =>
  torch
    .tensor(numbersOf(name), { dtype: tensors[name][1] })
    .reshape([...tensors[name][0]])
    .clone();

const plain = (js: unknown, python = String(js)): Value => ({ js, python });
const list = (...items: number[]): Value => plain(items, `(${items.map((item) => `${item},`).join(' ')})`);
const values: readonly Value[] = [
  ...[0, 1, 2, -1, 3, 5, -2].map((v) => plain(v)),
  plain(0.5),
  plain(1.5),
  plain(-0.25),
  plain(true, 'True'),
  plain(false, 'False'),
  plain(null, 'None'),
  list(0),
  list(1),
  list(0, 1),
  list(1, 1),
  list(2, 2),
  list(-1, 0),
  list(2, 3),
  list(3, 2),
  list(1, 0, 2),
  list(2, 1, 1, 0),
  list(),
  ...[
    'mean',
    'sum',
    'none',
    'same',
    'valid',
    'floor',
    'trunc',
    'fro',
    'tanh',
    'reflect',
    'constant',
    'nearest',
    'bilinear',
    'ij',
    'batchmean',
    'relu',
  ].map((v) => plain(v, `'${v}'`)),
  plain('float32', 'torch.float32'),
  plain('int32', 'torch.int32'),
  plain('bool', 'torch.bool'),
  plain('cpu', "'cpu'"),
];

/** What the fuzz leaves out: random numbers, files, switches, what is undefined, and what needs the data. */
const leftOut =
  /rand|normal|uniform|dropout|Dropout|multinomial|bernoulli|empty|load|save|backward|autograd|grad|seed|hook|Hook|unique|compile|sync|dispose|exponential|stride$|orthogonal|init|scaledDotProduct|data$|tolist|quantize|LayerNorm|chooseQparams|intMm|copy_|device|item|Grad|nonzero|maskedSelect|resize|storage|share|fill_diagonal|searchsorted|bucketize|Embedding|RNN|LSTM|GRU|Transformer|Multihead|Sequential|Module|Parameter/;
const known: readonly SignedValue[] = signed.filter(
  ({ path, use, signatures }) =>
    !leftOut.test(path) &&
    !signatures[0].name.startsWith('ours.') &&
    (use === 'function' || use === 'method' || (use === 'class' && path.startsWith('nn.'))),
);

export interface Call {
  readonly callable: SignedValue;
  readonly args: readonly Value[];
  readonly named: readonly (readonly [name: string, value: Value])[];
  readonly python: string;
}

const tensorValue = (name: string): Value => ({ js: { tensor: name }, python: name });

/** The value as it is given: tensors made anew. */
function given({ js }: Value): unknown {
  if (Array.isArray(js))
    return js.map((item) =>
      typeof item === 'object' && item !== null ? given({ js: item, python: '' }) : (item as unknown),
    );
  return typeof js === 'object' && js !== null ? fresh((js as { tensor: string }).tensor) : js;
}

const several = [
  ['a', 'b'],
  ['v', 'v'],
  ['a', 'm'],
].map((names): Value => ({ js: names.map((name) => ({ tensor: name })), python: `[${names.join(', ')}]` }));

function right({ kind, usual, name }: Param, draw: Draw): Value {
  const names = Object.keys(tensors);
  const fits = [
    ...values.filter(({ js }) => kind.takes(js) || (js === null && usual === null)),
    ...(kind.takes(fresh('a'))
      ? names.filter((own) => tensors[own][1] === 'float32' || !/weight|bias|input/.test(name)).map(tensorValue)
      : []),
    ...(kind.takes([fresh('a')]) ? several : []),
  ];
  return fits.length ? fits[draw(fits.length)] : plain(null, 'None');
}

function any(draw: Draw): Value {
  const names = Object.keys(tensors);
  const at = draw(values.length + names.length);
  return at < values.length ? values[at] : tensorValue(names[at - values.length]);
}

/** The call that a seed makes. */
export function randomCall(seed: number): Call {
  const g = new Generator(seed);
  const draw: Draw = (count) => randint(g, 1, 0, count)[0];
  const callable = known[draw(known.length)];
  const { params, places }: Signature = callable.signatures[draw(callable.signatures.length)];
  const value = (param: Param): Value => (draw(12) === 0 ? any(draw) : right(param, draw));
  const needed = params.filter((param) => param.required).length;
  const count = Math.min(places, Math.max(1, draw(5) === 0 ? draw(places + 1) : needed + draw(places - needed + 1)));
  const args = params.slice(0, count).map(value);
  if (callable.use === 'method') args[0] = tensorValue(Object.keys(tensors)[draw(Object.keys(tensors).length)]);
  if (draw(12) === 0) args.push(any(draw));
  const rest = params.slice(count).filter((param) => !param.ours);
  const named = rest
    .filter(() => draw(Math.max(2, rest.length)) === 0)
    .map((param) => [param.name, value(param)] as const);
  const { name } = callable.signatures[0];
  const isMethod = callable.use === 'method' || name.startsWith('.');
  const words = [
    ...args.slice(isMethod ? 1 : 0).map(({ python }) => python),
    ...named.map(([name, { python }]) => `${snakeCase(name)}=${python}`),
  ].join(', ');
  const python = isMethod
    ? `${args[0].python}.${name.slice(name.lastIndexOf('.') + 1)}(${words})`
    : `${name}(${words})`;
  return { callable, args, named, python };
}

/** What a call gives, as it can be compared. */
type Answer =
  | { readonly text: string }
  | {
      readonly tensors: readonly {
        readonly dtype: string;
        readonly shape: readonly number[];
        readonly data: readonly (number | string)[];
      }[];
    };

function parts(result: unknown): unknown[] {
  if (result instanceof torch.Tensor || typeof result !== 'object' || result === null) return [result];
  return Symbol.iterator in result ? [...(result as Iterable<unknown>)] : Object.values(result);
}

/** Our answer; `undefined` where the call is refused, or gives what cannot be compared. */
export async function answer({ callable: { use, value }, args, named }: Call): Promise<Answer | undefined> {
  const all = [
    ...args.map(given),
    ...(named.length ? [Object.fromEntries(named.map(([name, v]) => [name, given(v)]))] : []),
  ];
  try {
    if (use === 'class') return { text: String(new (value as new (...a: unknown[]) => nn.Module)(...all)) };
    const f = value as (...a: unknown[]) => unknown;
    const result = await (use === 'method' ? f.apply(all[0], all.slice(1)) : f(...all));
    const listed = parts(result);
    if (!listed.every((part) => part instanceof torch.Tensor))
      return typeof result === 'boolean' || typeof result === 'number' ? { text: String(result) } : undefined;
    return {
      tensors: await Promise.all(
        listed.map(async (part) => ({
          dtype: part.dtype as string,
          shape: [...part.shape],
          data: Array.from(await part.data(), (v) => (Number.isFinite(v) ? v : String(v))),
        })),
      ),
    };
  } catch {
    return undefined;
  }
}

/** Differences that are meant, each with its reason: by what PyTorch says, or by the function. */
const refusedThere: readonly (readonly [message: RegExp, reason: string])[] = [
  [
    /not implemented for|[Ee]xpected dtype|not supported|is not supported|not yet implemented|Expected floating point type|expected scalar type|should be the same|same dtype|dtypes match/,
    'PyTorch has no kernel for these dtypes; they promote here as in arithmetic',
  ],
  [
    /must be Tensor, not (int|float|bool)|but got (int|float|bool)|found type (int|float|bool)/,
    'a number stands for a tensor without dimensions',
  ],
  [
    /the input tensor and the written-to tensor refer to a single memory location/,
    'what is written into a tensor may be read from it: its earlier values are',
  ],
  [/dtype of indices should be Long but got Int/, 'an index may be int32 here'],
  [/must be torch.memory_format, not NoneType/, 'null asks for no order of elements, as nothing does'],
  [/'Tensor' object has no attribute/, 'functions of F are methods too'],
  [/padding with non-constant padding are supported/, 'planes of any number of dimensions are padded so'],
  [
    /has no attribute '(CircularPad[12]d|ZeroPad1d|RMSNorm|rms_norm)'|is_autocast_enabled\(\) takes no arguments/,
    'later versions than 1.13 have it',
  ],
  [/expected Tensor as element 0 in argument 0, but got list/, 'tensors may stand in an array'],
  [/numel: integer multiplication overflow/, 'a fault of 1.13; later versions give an empty diagonal'],
  [/INTERNAL ASSERT FAILED.*please report a bug/, 'a fault of PyTorch, as it says itself'],
  [
    /must be tuple of (\w+), not (int|SymInt)|must be tuple of ints, not int|'int' object is not iterable|must be tuple of SymInts/,
    'a number stands for a list of one',
  ],
];
const extended: Readonly<Record<string, string>> = {
  sum: 'keepdim without dim keeps all',
  mean: 'keepdim without dim keeps all',
  prod: 'a dim of null is all, as elsewhere',
  logsumexp: 'an empty list is all dims, as elsewhere',
  var: 'keepdim without dim keeps all',
  std: 'keepdim without dim keeps all',
  varMean: 'keepdim without dim keeps all',
  stdMean: 'keepdim without dim keeps all',
  any: 'several dims, as PyTorch has them since 2.2',
  all: 'several dims, as PyTorch has them since 2.2',
  isclose: 'equalNan broadcasts too',
  allclose: 'equalNan broadcasts too',
  sort: 'stable beside places',
  argsort: 'stable beside places',
  clamp: 'one end a number and the other a tensor',
  clamp_: 'one end a number and the other a tensor',
  full: 'one size without brackets',
  where: 'numbers by the names that tensors have',
  movedim: 'a number stands for a list of one',
  view: 'a number stands for a list of one',
  squeeze: 'several dims, as PyTorch has them since 2.0; a dim of null is all, as elsewhere',
  repeatInterleave:
    'an array says how often each is repeated: of a tensor the size would not be known when the call is recorded',
  binaryCrossEntropyWithLogits: 'whole numbers promote, as in arithmetic',
};

/** Equal elements and unsorted ones come in any order: of these the values count. */
const unordered = new Set(['topk', 'kthvalue']);

/** A number of a program's has no kind here: whole numbers are float32. */
const kindless = new Set(['torch.tensor', 'torch.full']);

interface Difference {
  readonly call: string;
  readonly text: string;
}

/** Calls that are answered here and otherwise, or not at all, by PyTorch; and how many were answered. */
export async function differences(seeds: readonly number[]): Promise<{ answered: number; found: Difference[] }> {
  const asked: { call: Call; ours: Answer }[] = [];
  for (const seed of seeds) {
    const call = randomCall(seed);
    const ours = await answer(call);
    if (ours) asked.push({ call, ours });
  }
  const inputs = Object.fromEntries(
    Object.keys(tensors).map((name) => [
      name,
      { shape: tensors[name][0], dtype: tensors[name][1], data: numbersOf(name) },
    ]),
  );
  const program = readFileSync(new URL('./calls.py', import.meta.url), 'utf8');
  const theirs = JSON.parse(
    String(await runPython(program, JSON.stringify({ inputs, calls: asked.map(({ call }) => call.python) }))),
  ) as (Answer | { readonly error: string })[];
  const found = asked.flatMap(({ call, ours }, i) => {
    const text = compared(ours, theirs[i], call.callable.signatures[0]);
    return text === undefined ? [] : [{ call: call.python, text }];
  });
  return { answered: asked.length, found };
}

function compared(
  ours: Answer,
  theirs: Answer | { readonly error: string },
  { name, what }: Signature,
): string | undefined {
  if ('error' in theirs)
    return (kindless.has(name) && /Only Tensors of floating point/.test(theirs.error)) ||
      (what in extended &&
        /invalid combination|dimname|positional arguments|dimensions by name|doesn't match the broadcast shape|can't be cast to the desired output type/.test(
          theirs.error,
        )) ||
      refusedThere.some(([message]) => message.test(theirs.error))
      ? undefined
      : `answered here, refused there: ${theirs.error}`;
  if ('text' in ours || 'text' in theirs)
    return 'text' in ours && 'text' in theirs && words(ours.text) === words(theirs.text)
      ? undefined
      : `${JSON.stringify(ours).slice(0, 200)} where PyTorch has ${JSON.stringify(theirs).slice(0, 200)}`;
  if (ours.tensors.length !== theirs.tensors.length)
    return `${ours.tensors.length} tensors where PyTorch has ${theirs.tensors.length}`;
  for (const [i, is] of ours.tensors.entries()) {
    const want = theirs.tensors[i];
    if (is.shape.join() !== want.shape.join())
      return `shape [${is.shape.join()}] where PyTorch has [${want.shape.join()}]`;
    if (!kindless.has(name) && is.dtype !== want.dtype) return `${is.dtype} where PyTorch has ${want.dtype}`;
    if (unordered.has(what) && i > 0) continue;
    const [x, y] = unordered.has(what) ? [is.data.toSorted(), want.data.toSorted()] : [is.data, want.data];
    const at = x.findIndex((v, k) => !near(v, y[k]));
    if (at !== -1) return `element ${at} is ${x[at]} where PyTorch has ${y[at]}`;
  }
  return undefined;
}

/** Versions differ in quotes; and 3 is 3.0 here. */
const words = (text: string): string => text.replaceAll("'", '').replaceAll(/(\d)\.0\b/g, '$1');

function near(a: number | string, b: number | string): boolean {
  if (typeof a === 'string' || typeof b === 'string')
    return String(a).toLowerCase().replace('infinity', 'inf') === String(b).toLowerCase().replace('infinity', 'inf');
  return Math.abs(a - b) <= 1e-5 + 1e-4 * Math.abs(b);
}
