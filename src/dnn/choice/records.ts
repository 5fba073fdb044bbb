/**
 * @file What is kept of every choice of an algorithm, so that it can be shown and explained: plain data.
 *
 * The fields are those of `cudnnConvolutionFwdAlgoPerf_t` (algo, status, time, memory, determinism, mathType), and
 * more.
 */

export type Direction = 'forward' | 'backward data' | 'backward filter';

export type Determinism = 'deterministic' | 'non-deterministic';

/**
 * Over what a transform makes NaN of an element that is not finite, though that belongs to a few outputs: a tile of
 * them, or the whole image.
 */
export type Spread = 'tile' | 'image';

/**
 * FMA: float32 arithmetic; HALF: float16 storage, float32 accumulation; HALF_ARITHMETIC: products and sums in float16.
 */
export type MathType = 'FMA' | 'HALF' | 'HALF_ARITHMETIC';

/**
 * `success`: measured, verified. `not supported`: cannot run this descriptor; `disqualified`: its numbers disagree with
 * the reference; `failed`: the driver refused it; `not tried`: the budget or a limit came first.
 */
export type CandidateStatus = 'success' | 'not supported' | 'disqualified' | 'failed' | 'not tried';

export interface Candidate {
  /**
   * Tells it from the other candidates of its problem, `'WINOGRAD 2 tiles × 4 channels a thread FMA'`; of a whole
   * algorithm that cannot run, its name.
   */
  readonly candidateId: string;
  readonly algo: string;
  /** The tile configuration, `'32×32, 4×4 a thread, vec4'`; empty where the algorithm has one only. */
  readonly config: string;
  /**
   * What a fused group ends in, `'pool'`, where that is not fused but runs in a launch of its own; `config` says so
   * too.
   */
  readonly unfused?: string;
  /** The program brought it. */
  readonly own?: true;
  readonly status: CandidateStatus;
  /** Why it is not a success, or why it was measured no longer. */
  readonly reason?: string;
  /**
   * Milliseconds: the winner's is the mean of its fastest quarter of samples, a loser's is the winner's times how far
   * it is behind.
   */
  readonly timeMs?: number;
  /** How far it is behind the winner; the winner has none, nor has what ran no round. */
  readonly behind?: PairedComparison;
  /** Interquartile range over the median. */
  readonly spread?: number;
  readonly samples?: number;
  /** Workspace, in bytes. */
  readonly memory: number;
  readonly determinism: Determinism;
  /** Absent where such an element reaches the outputs it belongs to, and no other. */
  readonly spreads?: Spread;
  readonly mathType: MathType;
  /** Where it was found wrong. */
  readonly firstWrong?: WrongOutput;
  /** Largest |error| over the rms of the float64 reference, and what is allowed; absent for what cannot run. */
  readonly maxError?: number;
  readonly tolerance?: number;
  readonly compileMs?: number;
  /** What the model expects: milliseconds, and the parts that they are the sum of. */
  readonly predictedMs?: number;
  readonly terms?: readonly ModelTerm[];
}

/** The first output, by its place in memory, that a kernel computes wrongly. */
export interface WrongOutput {
  /** Its flat index, and where that stands: `'y[0, 3, 5, 7]'`. */
  readonly element: number;
  readonly place: string;
  readonly expected: number;
  readonly got: number;
  /** What it is the sum over: `'x[0, 0–2, 4–6, 6–8] × w[3, 0–2, 0–2, 0–2]'`. */
  readonly reads?: string;
}

/**
 * One compared with another by the rounds that both ran: what decides. Shares of the other's time: 0.17 is 17% slower.
 */
export interface PairedComparison {
  /** The median of the rounds. */
  readonly slower: number;
  /** How sure it is; where it includes 0 the two are not told apart. */
  readonly interval: readonly [number, number];
  /** How many rounds both ran. */
  readonly rounds: number;
  /** The plan by way of which the two were compared, where no round had both. */
  readonly through?: string;
}

/** How the measurement of a problem stands: what is known of its candidates while it goes on. */
export interface Standing extends Pick<AlgorithmChoice, 'operation' | 'direction' | 'descriptor'> {
  /** The program goes on meanwhile. */
  readonly background?: true;
  readonly candidates: readonly StandingCandidate[];
}

export interface StandingCandidate extends Pick<Candidate, 'candidateId' | 'algo' | 'status'> {
  /** It is compiled, then right, then timed; whoever is out says so by its status. */
  readonly stage: 'waiting' | 'compiled' | 'verified' | 'timed';
  /** Of the rounds so far, in milliseconds. */
  readonly timeMs?: number;
}

/** A part of a predicted time: `{ name: 'arithmetic', ms: 0.12, detail: '…' }`. */
export interface ModelTerm {
  readonly name: string;
  readonly ms: number;
  /** The quantity and the rate that it was divided by. */
  readonly detail: string;
}

/** A candidate that is wanted for a problem, from outside of the program, whatever would be chosen. */
export interface ForcedCandidate extends Pick<AlgorithmChoice, 'operation' | 'direction' | 'descriptor'> {
  readonly algo: string;
  readonly candidateId: string;
}

export interface AlgorithmChoice {
  readonly operation: 'conv2d' | 'matmul' | 'pool2d' | 'attention' | 'reduction' | 'softmax' | 'scan' | 'fused';
  readonly direction: Direction;
  /** The descriptor in one line: `'4×3×32×32 * 16×3×3×3, stride 1, padding 1, float32'`. */
  readonly descriptor: string;
  /** The layer that asked for it, where known. */
  readonly layer?: string;
  /** Which of the candidates was chosen, and its algorithm and configuration. */
  readonly candidateId: string;
  readonly chosen: string;
  readonly chosenConfig: string;
  /** Where the choice came from. */
  readonly source: 'measured' | 'cache' | 'heuristic' | 'forced' | 'not chosen' | 'cpu reference';
  /** What ran while the chosen was measured in the background: the model's choice, which may be the same. */
  readonly ranMeanwhile?: Pick<Candidate, 'candidateId' | 'algo' | 'config'>;
  readonly clock?: { readonly kind: 'timestamp-query' | 'wall'; readonly quantumNs: number };
  readonly adapter: string;
  readonly software: boolean;
  /** Ranked: the fastest success first, then those that did not run. */
  readonly candidates: readonly Candidate[];
}
