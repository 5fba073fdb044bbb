/**
 * @file Makes the record of a compilation. A graph is lowered after each pass, so its figures are those of kernels that
 * could run.
 */
import type { Launch } from '../gpu/kernel.ts';
import { link } from '../gpu/linker.ts';
import { flopsOf } from '../graph/flops.ts';
import type { Node } from '../graph/types.ts';
import type {
  Compilation,
  CompiledOperation,
  Costs,
  KernelRecord,
  KernelText,
  MemoryRecord,
  PassRecord,
} from './compilation.ts';
import { placeOf } from './doubts.ts';
import { Graph } from './graph.ts';
import type { PendingGraph } from './graph-record.ts';
import { NodeNumbers, recordGraph } from './graph-record.ts';
import { deviceBytes } from './lower/move.ts';
import type { PassName } from './passes/index.ts';
import { passes, runPasses, withGroups } from './passes/index.ts';
import type { PlanOptions } from './plan.ts';
import { lowerGraph } from './plan.ts';
import type { Region } from './region.ts';
import type { Schedule, SlotPlan } from './schedule.ts';
import { intermediateBytes } from './schedule.ts';
import { unfusedPairs } from './unfused.ts';
import { candidateForm } from './trial/candidate-form.ts';
import { isView } from './views.ts';

/** The program's line in the stack of an error that was made where a node was recorded. */
export type LineOf = (stack: string | undefined) => number | undefined;

/** A compilation, once somebody can tell lines. */
export type PendingRecord = (lineOf: LineOf) => Compilation;

export interface CompilationParts {
  readonly region: Region;
  readonly targets: readonly Node[];
  readonly options: PlanOptions;
  /** What runs. */
  readonly schedule: Schedule;
  /** Lowers once every choice of an algorithm is made that it asks for. */
  readonly settled: (lower: (choose: PlanOptions['choose']) => Schedule) => Promise<Schedule>;
}

export async function recordCompilation({
  region,
  targets,
  options,
  schedule,
  settled,
}: CompilationParts): Promise<PendingRecord> {
  const stages: { readonly name: PassName; readonly graph: Graph }[] = [];
  const numbers = new NodeNumbers(region.numbers);
  const first = Graph.recorded(region.leaves, targets);
  const recorded = recordGraph(first, numbers);
  const last = runPasses(first, {
    ...options,
    onRemark: undefined,
    onGraph: (graph, name) => {
      if (name) stages.push({ name, graph });
    },
  });
  const rows: { readonly row: Omit<PassRecord, 'graph'>; readonly graph: PendingGraph }[] = [];
  for (const { name, graph } of stages) {
    const stage = await settled((choose) =>
      lowerGraph(withGroups(graph), region, { ...options, steady: undefined, choose }),
    );
    const bytes = bytesOfSlots(stage, region);
    const row = {
      name,
      about: passes[name].about,
      nodes: graph.order.length,
      kernels: stage.launches.length,
      ...sumOf(stage.launches.map((launch) => costsOf(launch, bytes))),
    };
    rows.push({ row, graph: recordGraph(graph, numbers) });
  }
  const nodes = [...region.numbers.keys()];
  const pairs = unfusedPairs(last);
  const stacks = new Map(nodes.map((node) => [node, placeOf(node)?.stack]));
  return (lineOf) => {
    const operation = (parts: readonly Node[]): CompiledOperation => ({
      name: parts.map(({ op }) => op.name).join('+') || 'copy',
      shape: parts.at(-1)?.shape ?? [],
      lines: distinct(parts.flatMap((node) => lineOf(stacks.get(node)) ?? [])),
    });
    const kernels = (of: Schedule, once: boolean): KernelRecord[] => {
      const bytes = bytesOfSlots(of, region);
      return of.launches.map((launch) => {
        const kernel: KernelRecord = {
          name: launch.kernel.label,
          operations: (launch.purpose?.nodes ?? []).map((number) => operation([nodes[number]])),
          once,
          nodes: launch.purpose?.nodes ?? [],
          workgroups: launch.workgroups,
          buffers: boundBy(launch).length,
          files: launch.kernel.files ?? [],
          ...(launch.kernel.generated !== undefined && { generated: launch.kernel.generated }),
          ...costsOf(launch, bytes),
        };
        made.set(kernel, { launch, bytes });
        return kernel;
      });
    };
    return {
      recorded: recorded(lineOf),
      passes: rows.map(({ row, graph }) => ({ ...row, graph: graph(lineOf) })),
      kernels: [...(schedule.preparation ? kernels(schedule.preparation, true) : []), ...kernels(schedule, false)],
      unfused: pairs.map(({ producer, consumer, reason }) => ({
        producer: operation(last.partsOf(producer)),
        consumer: operation(last.partsOf(consumer)),
        edge: [numbers.of(producer), numbers.of(consumer)],
        reason,
      })),
      memory: memoryOf(schedule, last, operation),
    };
  };
}

function memoryOf(
  schedule: Schedule,
  graph: Graph,
  operation: (parts: readonly Node[]) => CompiledOperation,
): MemoryRecord {
  const { slots, thrift } = schedule;
  const total = (kind: 'temporary' | 'output'): number =>
    slots.reduce((sum, slot) => sum + (slot.kind === kind ? slot.bytes : 0), 0);
  const memory = { intermediates: total('temporary'), shared: intermediateBytes(schedule), results: total('output') };
  if (!thrift) return memory;
  const copies = graph.order.filter((node) => graph.copies.has(node) && !isView(node));
  const times = new Map<Node, number>();
  for (const node of copies) {
    const [part] = graph.partsOf(node);
    times.set(part, (times.get(part) ?? 0) + 1);
  }
  const again = Array.from(times, ([node, count]) => ({
    operation: operation([node]),
    times: count,
    flops: count * flopsOf(node),
  }));
  return { ...memory, thrift: { room: thrift.room, before: thrift.before, again } };
}

/** A launch as it is made, on slots of so many bytes. */
export interface MadeLaunch {
  readonly launch: Launch;
  readonly bytes: readonly number[];
}

/** What the kernels of records are made of. */
const made = new WeakMap<KernelRecord, MadeLaunch>();

/** The launch of a kernel that a record tells of. */
export const launchOf = (kernel: KernelRecord): MadeLaunch => made.get(kernel)!;

/** The text of a kernel that a record tells of. */
export function kernelText(kernel: KernelRecord): KernelText {
  const { launch } = launchOf(kernel);
  const candidate = candidateForm(launch);
  return { ...link(launch.kernel), ...(candidate && { candidate }) };
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** The slots that a launch binds, each once for reading and once for writing. */
function boundBy({ bindings, epilogue = [] }: Launch): { readonly slot: number; readonly access: 'read' | 'write' }[] {
  const bound = [...bindings, ...epilogue].flatMap((binding) => ('slot' in binding ? [binding] : []));
  return [...new Map(bound.map((binding) => [`${binding.access} ${binding.slot}`, binding])).values()];
}

function costsOf(launch: Launch, bytes: readonly number[]): Costs {
  const total = (access: 'read' | 'write'): number =>
    boundBy(launch).reduce((sum, binding) => sum + (binding.access === access ? bytes[binding.slot] : 0), 0);
  return { bytesRead: total('read'), bytesWritten: total('write'), flops: launch.purpose?.flops ?? 0 };
}

const sumOf = (all: readonly Costs[]): Costs => ({
  bytesRead: all.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  bytesWritten: all.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
  flops: all.reduce((sum, { flops }) => sum + flops, 0),
});

/** Four words of tickets and findings. */
const assertionBytes = 16;

function bytesOfSlots({ slots, preparation }: Schedule, { leaves }: Region): number[] {
  const kept = preparation?.slots.flatMap((slot) => (slot.kind === 'output' ? [slot] : [])) ?? [];
  const bytesOf = (slot: SlotPlan): number => {
    if (slot.kind === 'leaf') return deviceBytes(leaves[slot.leaf]);
    if (slot.kind === 'kept') return kept.find(({ output }) => output === slot.kept)?.bytes ?? 0;
    return slot.kind === 'assertions' ? assertionBytes : slot.bytes;
  };
  return slots.map(bytesOf);
}
