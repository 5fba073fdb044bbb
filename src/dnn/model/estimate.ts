/**
 * @file The model: how long a plan should take, from what its launches say of themselves and what the adapter's probes showed.
 *
 * Seven terms, added up; a kernel that overlaps them takes less, and every one alike, so the order of candidates holds:
 *
 *     launches      launches · time of a launch + workgroups · time of a workgroup
 *     memory        bytes of all operands once, and of the workspace each time it is written or read / bandwidth
 *     moves         elements written by kernels that only rearrange or transform / rate
 *     arithmetic    multiply-adds / rate
 *     loads         multiply-adds · elements read for each / rate of cached reads, or of workgroup memory
 *     barriers      barriers passed by invocations / rate
 *     idle          what arithmetic, loads and barriers take longer because there are too few workgroups to fill the device
 *
 * How many elements a multiply-add reads depends on the block that an invocation computes: a block of r×c results reads
 * r + c elements for r·c multiply-adds, so 2/√B for a square block of B results. Where a subgroup shares what it reads,
 * one of the two sides is read once for all its lanes. A block of more than 128 results does not stay in registers.
 */
import { link } from '../../gpu/linker.ts';
import type { Launch } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns } from '../block.ts';
import { slotsOf } from '../candidates.ts';
import type { Plan, Problem } from '../problem.ts';
import type { ModelTerm } from '../records.ts';
import type { TileShape } from '../tile.ts';
import { tileColumns, tileRows } from '../tile.ts';
import type { Rates } from './rates.ts';

export interface Estimate {
  readonly ms: number;
  readonly terms: readonly ModelTerm[];
}

export function estimate(problem: Problem, plan: Plan, rates: Rates): Estimate {
  const launches = plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan));
  const sizes = [...problem.operands.map((o) => o.elements * (o.dtype === 'float16' ? 2 : 4)), ...plan.workspace];
  const main = launches.filter((launch) => storageReads(launch).length >= 2);
  const product = main.length ? main : launches;
  const operations = plan.algorithm.operations?.(problem.desc, plan.config) ?? problem.flops;
  const work = productWork(product, operations / 2, sizes, problem, plan);

  const workgroups = launches.reduce((sum, launch) => sum + groupsOf(launch), 0);
  const launchNs = launches.length * rates.launchNs + workgroups * rates.workgroupNs;
  const bytes = trafficBytes(launches, sizes, problem.operands.length);
  const memoryNs = bytes / rates.memory;
  const moved = launches.filter((launch) => !product.includes(launch)).reduce((sum, launch) => sum + Math.max(writtenBytes(launch, sizes) / 4, invocationsOf(launch)), 0);
  const movesNs = moved / rates.move;
  const fmaRate = rateOfArithmetic(plan, rates);
  const arithmeticNs = work.fmas / fmaRate;
  const readRate = work.shared ? rates.shared : rates.load;
  const loadsNs = work.reads / readRate;
  const barriersNs = work.barriers / rates.barrier;
  const busyNs = arithmeticNs + loadsNs + barriersNs;
  const filled = Math.min(1, product.reduce((sum, launch) => sum + groupsOf(launch), 0) / product.length / rates.together);
  const idleNs = busyNs / filled - busyNs;

  const terms: ModelTerm[] = [
    term('launches', launchNs, `${launches.length} launches of ${workgroups} workgroups, ${nanoseconds(rates.launchNs)} each`),
    term('memory', memoryNs, `${Math.round(bytes)} bytes at ${rates.memory.toFixed(1)} GB/s`),
    term('moves', movesNs, `${count(moved)} elements at ${rates.move.toFixed(2)} G/s`),
    term('arithmetic', arithmeticNs, `${count(work.fmas)} multiply-adds at ${fmaRate.toFixed(1)} G/s`),
    term('loads', loadsNs, `${count(work.reads)} reads of ${work.shared ? 'workgroup memory' : 'cached elements'} at ${readRate.toFixed(2)} G/s, ${work.block.toFixed(1)} results an invocation`),
    term('barriers', barriersNs, `${count(work.barriers)} at ${rates.barrier.toFixed(3)} G/s`),
    term('idle', idleNs, `${(100 * filled).toFixed(0)}% of the device is filled`),
  ].filter(({ ms }) => ms > 0);
  return { ms: terms.reduce((sum, { ms }) => sum + ms, 0), terms };
}

/** Kernels that find their elements under a window compute an address and check bounds for each: so much dearer is a read. */
const geometryFiles = ['lib/conv.wgsl', 'lib/correlation.wgsl'];
const windowed = 1.5;

/** Results that an invocation can keep in registers. */
const registers = 128;

interface ProductWork {
  readonly invocations: number;
  /** Results of an invocation. */
  readonly block: number;
  readonly fmas: number;
  readonly reads: number;
  readonly shared: boolean;
  readonly barriers: number;
}

/** The kernels that multiply: how their work is cut into invocations. */
function productWork(launches: readonly Launch[], useful: number, sizes: readonly number[], problem: Problem, plan: Plan): ProductWork {
  const code = link(launches[0].kernel).code;
  const group = groupSize(code);
  const invocations = launches.reduce((sum, launch) => sum + invocationsOf(launch), 0);
  const results = writtenBytes(launches[0], sizes) / (problem.operands[0].dtype === 'float16' && plan.config.mathType === 'HALF_ARITHMETIC' ? 2 : 4);
  const block = blockOf(plan.config) ?? Math.max(1, results / invocations);
  // Blocks that reach over the edge are computed in full.
  const fmas = Math.max(useful, (invocations * block * useful) / results);
  const shared = code.includes('workgroupBarrier');
  const side = launches[0].kernel.files?.some((file) => geometryFiles.includes(file)) ? windowed : 1;
  return {
    invocations,
    block,
    fmas,
    reads: (fmas / Math.sqrt(Math.min(block, registers))) * (side + (sharesReads(code) ? 1 / 8 : 1)) * Math.max(1, block / registers),
    shared,
    // Two barriers for each tile along the sum.
    barriers: shared ? (2 * invocations * (useful / results)) / (constantOf(code, 'TILE_K') ?? constantOf(code, 'TILE') ?? Math.sqrt(group)) : 0,
  };
}

/** Results of an invocation's block, where the configuration has one, its own or its matmul's. */
function blockOf(config: Config & { readonly block?: BlockShape; readonly tile?: TileShape | number; readonly gemmConfig?: Config }): number | undefined {
  if (config.block) return config.block.rows * blockColumns;
  if (typeof config.tile === 'object') return (tileRows(config.tile) * tileColumns(config.tile)) / (config.tile.threadsM * config.tile.threadsN);
  return config.gemmConfig && blockOf(config.gemmConfig);
}

const sharesReads = (code: string): boolean => /\bsubgroup(Broadcast|Shuffle)/.test(code);

const groupsOf = ({ workgroups: [x, y, z] }: Launch): number => x * y * z;

const invocationsOf = (launch: Launch): number => groupsOf(launch) * groupSize(link(launch.kernel).code);

const writtenBytes = ({ bindings }: Launch, sizes: readonly number[]): number =>
  bindings.reduce((sum, b) => ('slot' in b && b.access === 'write' ? sum + sizes[b.slot] : sum), 0);

/** Operands count once, since chunks of a large problem share them; a part of the workspace each time it is bound. */
function trafficBytes(launches: readonly Launch[], sizes: readonly number[], operands: number): number {
  const bound = launches.flatMap((launch) => [...launch.bindings, ...(launch.epilogue ?? [])].flatMap((b) => ('slot' in b ? [b.slot] : [])));
  const once = new Set(bound.filter((slot) => slot < operands));
  return [...once, ...bound.filter((slot) => slot >= operands)].reduce((sum, slot) => sum + sizes[slot], 0);
}

const storageReads = ({ bindings }: Launch) => bindings.filter((b) => 'slot' in b && b.access === 'read');

function rateOfArithmetic({ config }: Plan, { fma }: Rates): number {
  if (config.mathType === 'HALF_ARITHMETIC') return Math.max(fma.f16 ?? fma.f32, fma.f16x4 ?? 0);
  return Math.max(fma.f32, fma.f32x4);
}

/** Invocations of a workgroup: `@workgroup_size(…)` with the constants of the linked code. */
function groupSize(code: string): number {
  const declared = /@workgroup_size\(([^)]*)\)/.exec(code)?.[1] ?? '1';
  return declared.split(',').reduce((product, size) => product * (/^\s*\d/.test(size) ? parseInt(size) : (constantOf(code, size.trim()) ?? 1)), 1);
}

/** A constant of the spec block. */
function constantOf(code: string, name: string): number | undefined {
  const digits = new RegExp(`const ${name} = (\\d+)u?;`).exec(code)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const term = (name: string, ns: number, detail: string): ModelTerm => ({ name, ms: ns / 1e6, detail });

const count = (n: number): string => (n >= 1e9 ? `${(n / 1e9).toFixed(2)} G` : n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : `${Math.round(n)}`);

const nanoseconds = (ns: number): string => (ns >= 1000 ? `${(ns / 1000).toFixed(1)} µs` : `${ns.toFixed(0)} ns`);
