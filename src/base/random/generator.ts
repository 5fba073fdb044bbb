/**
 * @file PyTorch's CPU generator: the same seed gives the same bits, and a state moves between the two programs.
 *
 * The engine is mt19937 (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998) with the seeding of 2002, of which PyTorch
 * uses the low 32 bits of the seed. State bytes are those of `torch.Generator.get_state()`.
 */
import { fail } from '../errors.ts';

const wordCount = 624;
const shiftSize = 397;

/** The seed of a `torch.Generator()` that nobody seeded. */
const defaultSeed = 67280421310721n;

/** Byte offsets in a state, little-endian; between them lie fields that PyTorch no longer uses. */
const stateLayout = { seed: 0, left: 8, seeded: 12, next: 16, words: 24, normal: 5024, hasNormal: 5040, bytes: 5056 };

export class Generator {
  /** The second of a Box-Muller pair, which the next scalar normal sample takes. */
  pendingNormal: number | undefined;
  private readonly words = new Int32Array(wordCount);
  /** Index of the next word to give out; 0 right after seeding, and as at `wordCount` new words are due then. */
  private next = 0;
  private seeded = 0n;
  /** So many words were given out since it was made. */
  drawn = 0;

  constructor(seed: number | bigint = defaultSeed) {
    this.manualSeed(seed);
  }

  /** Starts the sequence of a seed: a whole number from -2^63 to 2^64 - 1, the negative ones wrapped, as in PyTorch. */
  manualSeed(seed: number | bigint): this {
    this.seeded = checkSeed(seed);
    let word = Number(this.seeded & 0xffffffffn) | 0;
    this.words[0] = word;
    for (let i = 1; i < wordCount; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) | 0;
      this.words[i] = word;
    }
    this.next = 0;
    this.pendingNormal = undefined;
    return this;
  }

  /** Seeds from the system's entropy, with 53 bits as in PyTorch, and returns the seed. */
  seed(): bigint {
    const [entropy] = crypto.getRandomValues(new BigUint64Array(1));
    return this.manualSeed(entropy >> 11n).initialSeed();
  }

  /** The seed that is in force, from 0 to 2^64 - 1. */
  initialSeed(): bigint {
    return this.seeded;
  }

  /** 32 random bits, from 0 to 2^32 - 1. */
  random(): number {
    if (this.next === 0 || this.next === wordCount) this.renew();
    this.drawn++;
    let y = this.words[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** 64 random bits: two draws, the first one on top. */
  random64(): bigint {
    const high = this.random();
    return (BigInt(high) << 32n) | BigInt(this.random());
  }

  /** A multiple of 2^-24 in [0, 1), of one draw: what float32 samples are made of. */
  uniform24(): number {
    return (this.random() & 0xffffff) * 2 ** -24;
  }

  /** A multiple of 2^-53 in [0, 1), of the low bits of `random64()`: what float64 samples are made of. */
  uniform53(): number {
    const high = this.random() & 0x1fffff;
    return (high * 2 ** 32 + this.random()) * 2 ** -53;
  }

  /** Everything that decides the numbers to come, in the 5056 bytes of `torch.get_rng_state()`. */
  getState(): Uint8Array {
    const view = new DataView(new ArrayBuffer(stateLayout.bytes));
    view.setBigUint64(stateLayout.seed, this.seeded, true);
    view.setInt32(stateLayout.left, draws(this.next), true);
    view.setInt32(stateLayout.seeded, 1, true);
    view.setUint32(stateLayout.next, this.next, true);
    this.words.forEach((word, i) => view.setInt32(stateLayout.words + 8 * i, word, true));
    if (this.pendingNormal !== undefined) {
      view.setFloat64(stateLayout.normal, this.pendingNormal, true);
      view.setInt32(stateLayout.hasNormal, 1, true);
    }
    return new Uint8Array(view.buffer);
  }

  /** Goes on where `getState()`, here or in PyTorch, was called. */
  setState(state: Uint8Array): this {
    if (state.length !== stateLayout.bytes) {
      fail(
        `generator: a state has ${stateLayout.bytes} bytes, got ${state.length}; pass what getState() or torch.get_rng_state() gave`,
      );
    }
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
    const next = view.getUint32(stateLayout.next, true);
    const left = view.getInt32(stateLayout.left, true);
    if (next > wordCount || left !== draws(next) || view.getInt32(stateLayout.seeded, true) === 0) {
      fail(
        `generator: the state is damaged, it has word ${next} next and ${left} left; pass what getState() or torch.get_rng_state() gave`,
      );
    }
    this.seeded = view.getBigUint64(stateLayout.seed, true);
    this.next = next;
    for (let i = 0; i < wordCount; i++) this.words[i] = view.getInt32(stateLayout.words + 8 * i, true);
    this.pendingNormal = view.getInt32(stateLayout.hasNormal, true)
      ? view.getFloat64(stateLayout.normal, true)
      : undefined;
    return this;
  }

  private renew(): void {
    const w = this.words;
    let i = 0;
    for (; i < wordCount - shiftSize; i++) w[i] = w[i + shiftSize] ^ twist(w[i], w[i + 1]);
    for (; i < wordCount - 1; i++) w[i] = w[i + shiftSize - wordCount] ^ twist(w[i], w[i + 1]);
    w[i] = w[shiftSize - 1] ^ twist(w[i], w[0]);
    this.next = 0;
  }
}

function twist(a: number, b: number): number {
  const mixed = (a & 0x80000000) | (b & 0x7fffffff);
  return (mixed >>> 1) ^ (-(b & 1) & 0x9908b0df);
}

/** PyTorch's `left`: one more than the draws that remain before new words are due. */
function draws(next: number): number {
  return next === 0 ? 1 : wordCount + 1 - next;
}

function checkSeed(seed: number | bigint): bigint {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    fail(`manualSeed: seed ${seed} is not a whole number of at most 53 bits; use one, or a bigint such as 42n`);
  }
  const value = BigInt(seed);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    fail(`manualSeed: seed ${value} does not fit 64 bits; use one from -2^63 to 2^64 - 1`);
  }
  return BigInt.asUintN(64, value);
}
