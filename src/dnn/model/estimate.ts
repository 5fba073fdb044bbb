/**
 * @file The model: how long a plan should take, from what its launches say of themselves and what the adapter's probes showed.
 *
 * Seven terms, added up; a kernel that overlaps them takes less, and every one alike, so the order of candidates holds:
 *
 *     launches      launches · time of a launch + workgroups · time of a workgroup
 *     memory        bytes of all operands once, and of the workspace each time it is written or read / bandwidth
 *     moves         invocations of kernels that only rearrange or transform, places worked out by divisions, and atomic
 *                   additions / rate; and what is filled, or read and written beyond one element an invocation
 *     arithmetic    multiply-adds / rate
 *     loads         multiply-adds · elements read for each / rate of cached reads, or of workgroup memory
 *     barriers      barriers passed by invocations / rate
 *     idle          what arithmetic, loads and barriers take longer because there are too few workgroups to fill the device
 *
 * How many elements a multiply-add reads depends on the block that an invocation computes: a block of r×c results reads
 * r + c elements for r·c multiply-adds, so 2/√B for a square block of B results. Where a subgroup shares what it reads,
 * one of the two sides is read once for all its lanes. A block of more than 128 results does not stay in registers.
 * A kernel that is no product (a pooling, a fused attention) counts its reads and barriers itself.
 */
import type { Launch } from '../../gpu/kernel.ts';
import type { Config, Work } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns } from '../block.ts';
import { slotsOf } from '../candidates.ts';
import type { Plan, Problem } from '../problem.ts';
import type { ModelTerm } from '../records.ts';
import type { TileShape } from '../tile.ts';
import { tileColumns, tileRows } from '../tile.ts';
import type { KernelFacts } from './kernel-facts.ts';
import { kernelReader } from './kernel-facts.ts';
import type { Rates } from './rates.ts';

export interface Estimate {
  readonly ms: number;
  readonly terms: readonly ModelTerm[];
}

export function estimate(problem: Problem, plan: Plan, rates: Rates): Estimate {
  const launches = plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan));
  const read = kernelReader();
  const buffers = buffersOf(problem, plan);
  const main = launches.filter((launch) => launch.bindings.filter((b) => 'slot' in b && b.access === 'read').length >= 2);
  const product = main.length ? main : launches;
  const invocations = (launch: Launch): number => groupsOf(launch) * read(launch.kernel).group;
  const operations = plan.algorithm.operations?.(problem.desc, plan.config) ?? problem.flops;
  const atomicSums = plan.algorithm.atomicSums?.(problem.desc, plan.config);
  const shape: ProductShape = {
    fmas: operations / 2,
    results: atomicSums ?? elementsWritten(product, buffers),
    invocations: total(product, invocations),
    kernel: read(product[0].kernel),
    block: blockOf(plan.config),
    window: problem.direction === 'backward filter' ? movingWindow : restingWindow,
  };
  const counted = plan.algorithm.work?.(problem.desc, plan.config);
  const work = counted ? countedWork(shape, counted) : productWork(shape);

  const workgroups = total(launches, groupsOf);
  const launchNs = launches.length * rates.launchNs + workgroups * rates.workgroupNs;
  const bytes = trafficBytes(launches, buffers);
  const memoryNs = bytes / rates.memory;
  const movers = launches.filter((launch) => !product.includes(launch));
  const places = total(movers.filter(hasInput), invocations) + (counted?.places ?? 0) + (atomicSums ?? 0);
  const carried = total(movers, (launch) => (hasInput(launch) ? 2 * Math.max(0, elementsWritten([launch], buffers) - invocations(launch)) : invocations(launch)));
  const movesNs = places / rates.move + carried / rates.load;
  const fmaRate = rateOfArithmetic(plan, rates);
  const arithmeticNs = work.fmas / fmaRate;
  const readRate = work.shared ? rates.shared : rates.load;
  const loadsNs = work.reads / readRate + (4 * work.vectors) / rates.load4;
  const barriersNs = work.barriers / rates.barrier;
  const busyNs = arithmeticNs + loadsNs + barriersNs;
  const filled = Math.min(1, total(product, groupsOf) / product.length / rates.together);
  const idleNs = busyNs / filled - busyNs;

  const terms: ModelTerm[] = [
    term('launches', launchNs, `${launches.length} launches of ${workgroups} workgroups, ${nanoseconds(rates.launchNs)} each`),
    term('memory', memoryNs, `${Math.round(bytes)} bytes at ${rates.memory.toFixed(1)} GB/s`),
    term('moves', movesNs, `${count(places)} at ${rates.move.toFixed(2)} G/s, and ${count(carried)} elements beyond one each at ${rates.load.toFixed(2)} G/s`),
    term('arithmetic', arithmeticNs, `${count(work.fmas)} multiply-adds at ${fmaRate.toFixed(1)} G/s`),
    term('loads', loadsNs, `${readsInWords(work, rates)}, ${work.block.toFixed(1)} results an invocation`),
    term('barriers', barriersNs, `${count(work.barriers)} at ${rates.barrier.toFixed(3)} G/s`),
    term('idle', idleNs, `${(100 * filled).toFixed(0)}% of the device is filled`),
  ].filter(({ ms }) => ms > 0);
  return { ms: terms.reduce((sum, { ms }) => sum + ms, 0), terms };
}

/** So much dearer is the read of an element that is found under a window, which rests while the sum runs over channels. */
const restingWindow = 2;

/** Where the window moves with every step, as where the sum runs over pixels, and its bounds are looked at every time. */
const movingWindow = 5;

/** Results that an invocation can keep in registers. */
const registers = 128;

/** How the product is cut into invocations. */
interface ProductShape {
  /** Those that the result needs. */
  readonly fmas: number;
  readonly results: number;
  readonly invocations: number;
  readonly kernel: KernelFacts;
  /** Results of an invocation, padding included, where the configuration says. */
  readonly block?: number;
  /** What reading an element under a window costs. */
  readonly window: number;
}

interface ProductWork {
  readonly block: number;
  /** Those that are computed. */
  readonly fmas: number;
  readonly reads: number;
  readonly shared: boolean;
  readonly vectors: number;
  readonly barriers: number;
}

function productWork(shape: ProductShape): ProductWork {
  const { results, invocations, kernel, window } = shape;
  const { tileSteps } = kernel;
  const block = blockSize(shape);
  const steps = shape.fmas / results;
  const tiles = tileSteps === undefined ? 0 : Math.ceil(steps / tileSteps);
  // A tile that the sum does not fill is multiplied with its zeros.
  const fmas = computedFmas(shape) * (tileSteps === undefined ? 1 : Math.max(1, (tiles * tileSteps) / steps));
  const sides = (kernel.windowed ? window : 1) + (kernel.sharesReads ? 1 / 8 : 1);
  return {
    block,
    fmas,
    reads: (fmas * sides * Math.max(1, block / registers)) / Math.sqrt(Math.min(block, registers)),
    shared: tileSteps !== undefined,
    vectors: 0,
    // Two for each tile along the sum.
    barriers: 2 * invocations * tiles,
  };
}

/** That of a kernel which counts for itself. */
const countedWork = (shape: ProductShape, { reads, windowed = 0, rested = 0, shared = false, vectors = 0, barriers = 0 }: Work): ProductWork => ({
  block: blockSize(shape), fmas: shape.block === undefined ? shape.fmas : computedFmas(shape), reads: reads + movingWindow * windowed + restingWindow * rested, shared, vectors, barriers,
});

const blockSize = ({ block, results, invocations }: ProductShape): number => block ?? Math.max(1, results / invocations);

/** Blocks that reach over the edge are computed in full. */
const computedFmas = (shape: ProductShape): number => Math.max(shape.fmas, (shape.invocations * blockSize(shape) * shape.fmas) / shape.results);

/** Results of an invocation's block, where the configuration has one, its own or its matmul's. */
function blockOf(config: Config & { readonly block?: BlockShape; readonly tile?: TileShape | number; readonly gemmConfig?: Config }): number | undefined {
  if (config.block) return config.block.rows * blockColumns;
  if (typeof config.tile === 'object') return (tileRows(config.tile) * tileColumns(config.tile)) / (config.tile.threadsM * config.tile.threadsN);
  return config.gemmConfig && blockOf(config.gemmConfig);
}

interface Buffer {
  readonly bytes: number;
  readonly elements: number;
  /** An operand: chunks of a large problem share it. A part of the workspace is written and read anew by each launch. */
  readonly operand: boolean;
}

/** By slot. */
function buffersOf(problem: Problem, plan: Plan): Buffer[] {
  const operands = problem.operands.map(({ elements, sums, dtype }) => ({ bytes: elements * (dtype === 'float16' ? 2 : 4), elements: sums ?? elements, operand: true }));
  return [...operands, ...plan.workspace.map((bytes) => ({ bytes, elements: bytes / 4, operand: false }))];
}

/** The buffers that launches bind: an operand once, a part of the workspace each time. */
function bound(launches: readonly Launch[], buffers: readonly Buffer[], access?: 'write'): Buffer[] {
  const bindings = launches.flatMap((launch) => [...launch.bindings, ...(launch.epilogue ?? [])]);
  const slots = bindings.flatMap((b) => ('slot' in b && (access === undefined || b.access === access) ? [b.slot] : []));
  return [...new Set(slots.filter((slot) => buffers[slot].operand)), ...slots.filter((slot) => !buffers[slot].operand)].map((slot) => buffers[slot]);
}

const trafficBytes = (launches: readonly Launch[], buffers: readonly Buffer[]): number => total(bound(launches, buffers), ({ bytes }) => bytes);

const elementsWritten = (launches: readonly Launch[], buffers: readonly Buffer[]): number => total(bound(launches, buffers, 'write'), ({ elements }) => elements);

/** A launch without one fills. */
const hasInput = ({ bindings }: Launch): boolean => bindings.some((b) => 'slot' in b && b.access === 'read');

const groupsOf = ({ workgroups: [x, y, z] }: Launch): number => x * y * z;

const total = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((sum, item) => sum + of(item), 0);

function rateOfArithmetic({ config }: Plan, { fma }: Rates): number {
  if (config.mathType === 'HALF_ARITHMETIC') return Math.max(fma.f16 ?? fma.f32, fma.f16x4 ?? 0);
  return Math.max(fma.f32, fma.f32x4);
}

const term = (name: string, ns: number, detail: string): ModelTerm => ({ name, ms: ns / 1e6, detail });

function readsInWords({ reads, shared, vectors }: ProductWork, { load4, shared: sharedRate, load }: Rates): string {
  const elements = `${count(reads)} reads of ${shared ? 'workgroup memory' : 'cached elements'} at ${(shared ? sharedRate : load).toFixed(2)} G/s`;
  return vectors ? `${elements}, ${count(vectors)} of vectors of four elements at ${load4.toFixed(2)} G/s` : elements;
}

const count = (n: number): string => (n >= 1e9 ? `${(n / 1e9).toFixed(2)} G` : n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : `${Math.round(n)}`);

const nanoseconds = (ns: number): string => (ns >= 1000 ? `${(ns / 1000).toFixed(1)} µs` : `${ns.toFixed(0)} ns`);
