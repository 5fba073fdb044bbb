/**
 * @file The model: how long a plan should take, from what its launches say of themselves and what the adapter's probes
 * showed.
 *
 * Eight terms, added up; a kernel that overlaps them takes less, and every one alike, so the order of candidates holds:
 *
 *     launches      launches · time of a launch + workgroups · time of a workgroup
 *     memory        bytes of all operands once, and of the workspace each time it is written or read / bandwidth
 *     moves         invocations of kernels that only rearrange or transform, index arithmetic by divisions, and atomic
 *                   additions / rate; and what is filled, or read and written beyond one element an invocation: a
 *                   block's results go through an array
 *     arithmetic    multiply-adds / rate
 *     exponentials  those of a softmax / rate
 *     loads         multiply-adds · elements read for each / rate of cached reads, or of workgroup memory
 *     barriers      barriers passed by invocations / rate
 *     occupancy     what the four before take longer because too few workgroups run to saturate the device
 *
 * How many elements a multiply-add reads depends on the block that an invocation computes: a block of r×c results reads
 * r + c elements for r·c multiply-adds, so 2/√B for a square block of B results. Where a subgroup shares what it reads,
 * one of the two sides is read once for all its lanes; where a side is read four elements at a time, it costs what the
 * probe of such reads says. A block of more than 128 results does not stay in registers.
 * A kernel that is no product (a pooling, a fused attention) counts its reads and barriers itself; one that is several
 * products, or has something between them (attention by its matrix of scores), names them.
 * A plan that solves other problems one after the other is the sum of its steps, each with its own eight terms.
 */
import type { KernelTraits, Launch } from '../../gpu/kernel.ts';
import type { MatrixProduct, Work } from '../algorithm.ts';
import { slotsOf } from '../choice/candidates.ts';
import type { Plan, Problem } from '../problem.ts';
import type { ModelTerm } from '../choice/records.ts';
import type { Rates } from './rates.ts';
import type { CountedWork, ProductShape } from './work.ts';
import { blockOf, gatherCost, workOf } from './work.ts';

export interface Estimate {
  readonly ms: number;
  readonly terms: readonly ModelTerm[];
}

export function estimate(problem: Problem, plan: Plan, rates: Rates): Estimate {
  const steps = plan.algorithm.steps?.(problem.desc, plan.config);
  if (!steps) return estimateAlone(problem, plan, rates);
  const named = (name: string, i: number): string => (i === 0 ? name : `${steps[i].problem.operation} ${name}`);
  const terms = steps.flatMap((step, i) =>
    estimate(step.problem, step.plan, rates).terms.map((t) => ({ ...t, name: named(t.name, i) })),
  );
  return { ms: sumMs(terms), terms };
}

function estimateAlone(problem: Problem, plan: Plan, rates: Rates): Estimate {
  const made = launchesOf(problem, plan);
  const counted = plan.algorithm.work?.(problem.desc, plan.config) ?? {};
  const work = workOf(productShapes(problem, plan, made, rates), counted);
  const busy = [
    arithmeticTerm(work, plan, rates),
    exponentialsTerm(counted, rates),
    loadsTerm(work, rates),
    barriersTerm(work, rates),
  ];
  const terms = [
    launchesTerm(made, rates),
    memoryTerm(made, rates),
    movesTerm(
      made,
      (counted.indexArithmetic ?? 0) + (plan.algorithm.atomicSums?.(problem.desc, plan.config) ?? 0),
      rates,
    ),
    ...busy,
    occupancyTerm(made, busy, rates),
  ].filter(({ ms }) => ms > 0);
  return { ms: sumMs(terms), terms };
}

/** A plan's launches. */
interface PlanLaunches {
  readonly launches: readonly Launch[];
  /** Those that do its work, rather than get it ready: they have two operands or more, or there are no such. */
  readonly products: readonly Launch[];
  readonly buffers: readonly Buffer[];
}

function launchesOf(problem: Problem, plan: Plan): PlanLaunches {
  const launches = plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan));
  const products = launches.filter(
    (launch) => launch.bindings.filter((b) => 'slot' in b && b.access === 'read').length >= 2,
  );
  return { launches, products: products.length ? products : launches, buffers: buffersOf(problem, plan) };
}

/** One for each product that the algorithm names, or one for all launches that do its work. */
function productShapes(
  problem: Problem,
  { algorithm, config }: Plan,
  made: PlanLaunches,
  rates: Rates,
): ProductShape[] {
  const { products, buffers } = made;
  const atomicSums = algorithm.atomicSums?.(problem.desc, config);
  const shape = (launches: readonly Launch[], part: MatrixProduct): ProductShape => ({
    fmas: part.operations / 2,
    results: atomicSums ?? elementsWritten(launches, buffers),
    invocations: total(launches, (launch) => invocationsOf(launch)),
    traits: traitsOf(launches[0]),
    block: blockOf(part.config),
    gather: problem.direction === 'backward filter' ? gatherCost.checked : gatherCost.hoisted,
    four: rates.load / rates.load4,
    lanes: rates.lanes,
  });
  const parts = algorithm.products?.(problem.desc, config);
  if (parts) return parts.map((part, i) => shape([products[i]], part));
  return [shape(products, { operations: algorithm.operations?.(problem.desc, config) ?? problem.flops, config })];
}

function launchesTerm({ launches }: PlanLaunches, { launchNs, workgroupNs }: Rates): ModelTerm {
  const workgroups = total(launches, groupsOf);
  return term(
    'launches',
    launches.length * launchNs + workgroups * workgroupNs,
    `${launches.length} launches of ${workgroups} workgroups, ${nanoseconds(launchNs)} each`,
  );
}

function memoryTerm({ launches, buffers }: PlanLaunches, { memory }: Rates): ModelTerm {
  const bytes = trafficBytes(launches, buffers);
  return term('memory', bytes / memory, `${Math.round(bytes)} bytes at ${memory.toFixed(1)} GB/s`);
}

function movesTerm(made: PlanLaunches, counted: number, { move, load, load4 }: Rates): ModelTerm {
  const { launches, products, buffers } = made;
  const moved =
    counted +
    total(
      launches.filter((launch) => !products.includes(launch) && hasInput(launch)),
      (launch) => invocationsOf(launch),
    );
  const carried = (launch: Launch): number => {
    const written = elementsWritten([launch], buffers);
    return hasInput(launch) ? 2 * Math.max(0, written - invocationsOf(launch)) : written;
  };
  const carriedNs = total(launches, (launch) => carried(launch) / (traitsOf(launch).vectorResults ? load4 : load));
  return term(
    'moves',
    moved / move + carriedNs,
    `${count(moved)} at ${move.toFixed(2)} G/s, and ${count(total(launches, carried))} elements filled, or read and written beyond one each, ${(carriedNs / 1e6).toPrecision(2)} ms`,
  );
}

function arithmeticTerm({ fmas }: CountedWork, plan: Plan, rates: Rates): ModelTerm {
  const rate = rateOfArithmetic(plan, rates);
  return term('arithmetic', fmas / rate, `${count(fmas)} multiply-adds at ${rate.toFixed(1)} G/s`);
}

const exponentialsTerm = ({ exponentials = 0 }: Work, { exponential }: Rates): ModelTerm =>
  term('exponentials', exponentials / exponential, `${count(exponentials)} at ${exponential.toFixed(2)} G/s`);

function loadsTerm(
  { reads, shared, vectors, block }: CountedWork,
  { shared: sharedRate, load, load4 }: Rates,
): ModelTerm {
  const rate = shared ? sharedRate : load;
  const parts = [
    ...(reads
      ? [`${count(reads)} reads of ${shared ? 'workgroup memory' : 'cached elements'} at ${rate.toFixed(2)} G/s`]
      : []),
    ...(vectors ? [`${count(vectors)} vectors of four elements at ${load4.toFixed(2)} G elements/s`] : []),
    `${block.toFixed(1)} results an invocation`,
  ];
  return term('loads', reads / rate + (4 * vectors) / load4, parts.join(', '));
}

const barriersTerm = ({ barriers }: CountedWork, { barrier }: Rates): ModelTerm =>
  term('barriers', barriers / barrier, `${count(barriers)} at ${barrier.toFixed(3)} G/s`);

function occupancyTerm({ products }: PlanLaunches, busy: readonly ModelTerm[], { saturation }: Rates): ModelTerm {
  const occupied = Math.min(1, total(products, groupsOf) / products.length / saturation);
  return {
    name: 'occupancy',
    ms: sumMs(busy) / occupied - sumMs(busy),
    detail: `${(100 * occupied).toFixed(0)}% of the device is occupied`,
  };
}

interface Buffer {
  readonly bytes: number;
  readonly elements: number;
  /**
   * An operand: chunks of a large problem share it. A part of the workspace is written and read anew by each launch.
   */
  readonly operand: boolean;
}

/** By slot. */
function buffersOf(problem: Problem, plan: Plan): Buffer[] {
  const operands = problem.operands.map(({ elements, sums, dtype }) => ({
    bytes: elements * (dtype === 'float16' ? 2 : 4),
    elements: sums ?? elements,
    operand: true,
  }));
  return [...operands, ...plan.workspace.map((bytes) => ({ bytes, elements: bytes / 4, operand: false }))];
}

/** The buffers that launches bind: an operand once, a part of the workspace each time. */
function bound(launches: readonly Launch[], buffers: readonly Buffer[], access?: 'write'): Buffer[] {
  const bindings = launches.flatMap((launch) => [...launch.bindings, ...(launch.epilogue ?? [])]);
  const slots = bindings.flatMap((b) => ('slot' in b && (access === undefined || b.access === access) ? [b.slot] : []));
  return [
    ...new Set(slots.filter((slot) => buffers[slot].operand)),
    ...slots.filter((slot) => !buffers[slot].operand),
  ].map((slot) => buffers[slot]);
}

const trafficBytes = (launches: readonly Launch[], buffers: readonly Buffer[]): number =>
  total(bound(launches, buffers), ({ bytes }) => bytes);

const elementsWritten = (launches: readonly Launch[], buffers: readonly Buffer[]): number =>
  total(bound(launches, buffers, 'write'), ({ elements }) => elements);

/** A launch without one fills. */
const hasInput = ({ bindings }: Launch): boolean => bindings.some((b) => 'slot' in b && b.access === 'read');

const invocationsOf = (launch: Launch): number => groupsOf(launch) * traitsOf(launch).group;

/** A kernel without traits counts as one invocation a workgroup. */
const traitsOf = ({ kernel: { traits } }: Launch): KernelTraits => traits ?? { group: 1 };

const groupsOf = ({ workgroups: [x, y, z] }: Launch): number => x * y * z;

const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

function rateOfArithmetic({ config }: Plan, { fma }: Rates): number {
  if (config.mathType === 'HALF_ARITHMETIC') return Math.max(fma.f16 ?? fma.f32, fma.f16x4 ?? 0);
  return Math.max(fma.f32, fma.f32x4);
}

const sumMs = (terms: readonly ModelTerm[]): number => terms.reduce((sum, { ms }) => sum + ms, 0);

const term = (name: string, ns: number, detail: string): ModelTerm => ({ name, ms: ns / 1e6, detail });

const count = (n: number): string =>
  n >= 1e9 ? `${(n / 1e9).toFixed(2)} G` : n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : `${Math.round(n)}`;

const nanoseconds = (ns: number): string => (ns >= 1000 ? `${(ns / 1000).toFixed(1)} µs` : `${ns.toFixed(0)} ns`);
