/**
 * @file How long each of several probes takes, on a clock that may be coarse: the work of a sample is grown until the
 * clock can show it, and no further, so that neither a weak GPU nor a slow clock makes anyone wait.
 */

/** What takes the samples; tests give a scripted one. */
export interface ProbeClock {
  /** The smallest step of the clock, in nanoseconds. */
  readonly quantumNs: number;
  /** Wall time in milliseconds. */
  now(): number;
  /** Nanoseconds of one execution, by probe. */
  time(samples: readonly ProbeSample[]): Promise<number[]>;
}

export interface ProbeSample {
  readonly workgroups: number;
  /** Executions of which a sample consists. */
  readonly repeats: number;
}

export interface ProbeTime extends ProbeSample {
  /** Nanoseconds of one execution: the least seen, since whatever else a machine does only adds time. */
  readonly ns: number;
}

/** A sample lasts about this long and ten steps of the clock, but never longer than is bearable. */
const wanted = { ns: 500_000, quanta: 10, mostNs: 50e6 };

/** Workgroups of the first try, and the most of later ones. */
const grids = { first: 16, most: 4096 };
const mostRepeats = 256;

/** A sample of launches has at least so many, or it would be the time of waking up the device. */
const fewestLaunches = 32;

/** What a clock does not show may be this much shorter than what it does; so a sample grows by no more at once. */
const mostGrowth = 32;
const rounds = { growing: 3, final: 5 };
/** After this, each step that is left takes one round. */
const budgetMs = 1500;

/** Times each probe; `alone` tells which have one workgroup only. */
export async function timeProbes(clock: ProbeClock, alone: readonly boolean[]): Promise<ProbeTime[]> {
  const deadline = clock.now() + budgetMs;
  const wantedNs = Math.min(wanted.mostNs, Math.max(wanted.ns, wanted.quanta * clock.quantumNs));
  let samples: ProbeSample[] = alone.map((one) => ({ workgroups: one ? 1 : grids.first, repeats: 1 }));
  await clock.time(samples); // the first execution of a kernel may include its compilation
  for (let open = true; open;) {
    const ns = await leastOf(clock, samples, rounds.growing, deadline);
    const grown = samples.map((sample, i) => grow(sample, ns[i], alone[i], wantedNs, clock.quantumNs));
    open = clock.now() < deadline && grown.some((g, i) => work(g) > (mostGrowth / 2) * work(samples[i]));
    samples = grown;
  }
  const ns = await leastOf(clock, samples, rounds.final, deadline);
  return samples.map((sample, i) => ({ ...sample, ns: Math.max(ns[i], clock.quantumNs / 2 / sample.repeats) }));
}

const work = ({ workgroups, repeats }: ProbeSample): number => workgroups * repeats;

/** First more workgroups, since a GPU shows its rates only when it is full; then more executions. */
function grow(sample: ProbeSample, ns: number, alone: boolean, wantedNs: number, quantumNs: number): ProbeSample {
  const lasted = Math.max(ns * sample.repeats, quantumNs / 2, 1);
  const factor = Math.min(mostGrowth, Math.max(1, wantedNs / lasted));
  const workgroups = alone ? 1 : Math.min(grids.most, Math.ceil(sample.workgroups * factor));
  const fewest = alone ? fewestLaunches : 1;
  const repeats = Math.round((work(sample) * factor) / workgroups);
  return { workgroups, repeats: Math.min(mostRepeats, Math.max(fewest, repeats)) };
}

async function leastOf(
  clock: ProbeClock,
  samples: readonly ProbeSample[],
  times: number,
  deadline: number,
): Promise<number[]> {
  let least = samples.map(() => Infinity);
  for (let round = 0; round < times && (round === 0 || clock.now() < deadline); round++) {
    const ns = await clock.time(samples);
    least = least.map((known, i) => Math.min(known, ns[i]));
  }
  return least;
}
