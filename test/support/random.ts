/**
 * @file Random numbers of ours beside PyTorch's, as scripts/goldens/random_numbers.py tells them.
 */
import { createHash } from 'node:crypto';
import type { Generator } from '../../src/base/random.ts';
import { bernoulli, normal, randint, randperm, uniform, uniformHalf } from '../../src/base/random.ts';

type RandomDraw = Float32Array | Uint16Array | Int32Array | Uint8Array;

/** What is drawn, how many elements, and two arguments. */
export type Call = [name: keyof typeof draw, n: number, a: number, b: number];

/** A call with the first bytes that it drew, in base64, and the digest of all. */
export type Answer = [...Call, head: string, digest: string];

export interface Run {
  readonly seed: string;
  readonly calls: readonly Answer[];
  /** The digest of the state afterwards, with the pending normal sample blanked. */
  readonly state: string;
  readonly pending: number | null;
}

export interface Goldens {
  readonly torch: string;
  readonly runs: readonly Run[];
  readonly saved: { readonly state: string; readonly calls: readonly Answer[] };
}

const draw = {
  uniform,
  uniformHalf,
  normal,
  randint,
  randperm: (g: Generator, n: number) => randperm(g, n),
  bernoulli: (g: Generator, n: number, p: number) => bernoulli(g, n, p),
  dropout: (g: Generator, n: number, p: number) => bernoulli(g, n, 1 - p),
  conv2d: (g: Generator) => parameters(g, 16 * 27, 16, 27),
  linear: (g: Generator) => parameters(g, 30 * 20, 30, 20),
} satisfies Record<string, (g: Generator, n: number, a: number, b: number) => RandomDraw>;

/**
 * `nn.Conv2d` and `nn.Linear`: the weight by `kaiming_uniform_(a=sqrt(5))`, then the bias, both bounded by 1/sqrt(fan
 * in).
 */
function parameters(g: Generator, weights: number, biases: number, fanIn: number): Float32Array {
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  const bound = Math.sqrt(3) * (gain / Math.sqrt(fanIn));
  const biasBound = 1 / Math.sqrt(fanIn);
  return Float32Array.of(...uniform(g, weights, -bound, bound), ...uniform(g, biases, -biasBound, biasBound));
}

export interface Difference {
  readonly call: Call;
  /** The first element that differs, or where the told ones end; ours and PyTorch's there. */
  readonly at: number;
  readonly ours: number;
  readonly theirs: number | undefined;
  /** The largest distance in units in the last place, among the elements that were told. */
  readonly ulps: number;
}

/** Draws as the calls say, and returns those whose bytes are not PyTorch's. */
export function differences(g: Generator, calls: readonly Answer[]): Difference[] {
  return calls.flatMap(([name, n, a, b, head, digest]) => {
    const ours = draw[name](g, n, a, b);
    if (digestOf(ours) === digest) return [];
    const bytes = Uint8Array.from(Buffer.from(head, 'base64'));
    const theirs = new (ours.constructor as new (buffer: ArrayBuffer) => RandomDraw)(bytes.buffer);
    const first = theirs.findIndex((value, i) => value !== ours[i]);
    const at = first < 0 ? theirs.length : first;
    const ulps = Math.max(...theirs.map((value, i) => Math.abs(ordinal(value) - ordinal(ours[i]))));
    return [{ call: [name, n, a, b] satisfies Call, at, ours: ours[at], theirs: theirs[at], ulps }];
  });
}

/** The digest of a generator's state, with the pending normal sample blanked as in a `Run`. */
export function stateDigest(g: Generator): string {
  return digestOf(g.getState().fill(0, 5024, 5044));
}

function digestOf(data: RandomDraw): string {
  return createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex').slice(0, 16);
}

const asFloat = new Float32Array(1);
const asBits = new Int32Array(asFloat.buffer);

/** The place of a float32 number among all, so that neighbours differ by 1. */
function ordinal(x: number): number {
  asFloat[0] = x;
  return asBits[0] < 0 ? -(asBits[0] & 0x7fffffff) : asBits[0];
}
