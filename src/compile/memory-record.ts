/**
 * @file Notes who holds device memory at each submission of a run.
 *
 * The pool counts bytes by owner. Who owns a buffer is told here, as a schedule binds it: what its node is in the graph
 * says whether it is a parameter, a gradient, or an activation. Intermediates share memory, so the pool knows them only
 * as one; what each kernel needs of it follows from the plan.
 */
import type { Device } from '../gpu/device.ts';
import type { Slot } from '../gpu/kernel.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import { unknownOwner } from '../gpu/pool.ts';
import { assignOp } from '../graph/ops/identity.ts';
import { dataOp } from '../graph/record.ts';
import { isOfGradient } from '../graph/scopes.ts';
import type { Node } from '../graph/types.ts';
import { placeOfLaunches } from './graph-record.ts';
import type { LiveBytes, MemoryData, MemoryOwner, MemoryPlan, MemorySample } from './memory-data.ts';
import { memoryOwners } from './memory-data.ts';
import type { Schedule } from './schedule.ts';
import { isIdentity } from './views.ts';

/** What the pool calls the memory that intermediates share. */
export const intermediates: MemoryOwner = 'intermediates';

/** The record that is being made. */
export const memoryRecording: { recorder?: MemoryRecorder } = {};

/** More submissions than a person looks at are not noted. */
const mostSamples = 5000;

export class MemoryRecorder {
  private readonly owners = new WeakMap<Node, MemoryOwner>();
  private readonly numbers = new Map<Schedule, number>();
  private readonly plans: MemoryPlan[] = [];
  private readonly samples: MemorySample[] = [];
  private leftOut = 0;
  private device: Device | undefined;

  /** A submission's buffers are about to be taken. What is in use before the first is of nobody in this run. */
  begin(device: Device): void {
    if (this.device !== device) device.pool.forgetOwners();
    this.device = device;
  }

  /** Notes a schedule as it is submitted, with the buffers of its slots; of a preparation there are no targets. */
  submission(
    { pool }: Device,
    schedule: Schedule,
    leaves: readonly Node[],
    targets: readonly Node[],
    buffers: readonly DeviceBuffer[],
  ): void {
    for (const [i, slot] of schedule.slots.entries()) {
      if (slot.kind === 'leaf') pool.tellOwner(buffers[i], this.ownerOf(leaves[slot.leaf]));
      else if (slot.kind === 'output')
        pool.tellOwner(buffers[i], targets[slot.output] ? this.ownerOf(targets[slot.output]) : 'parameters');
    }
    if (this.samples.length === mostSamples) return void this.leftOut++;
    const held = pool.held();
    this.samples.push({
      plan: this.planOf(schedule),
      at: performance.now(),
      held: Object.fromEntries(
        memoryOwners.map((owner) => [owner, held.get(owner === 'other' ? unknownOwner : owner) ?? 0]),
      ) as MemorySample['held'],
      reserved: pool.stats.reserved,
    });
  }

  data(): MemoryData {
    const { plans, samples, leftOut } = this;
    return { plans, samples, leftOut };
  }

  /** A node that was computed has no history any more, so what it was found to be is remembered. */
  private ownerOf(node: Node): MemoryOwner {
    if (node.isState) return 'parameters';
    const known = this.owners.get(node) ?? ownerOf(node);
    this.owners.set(node, known);
    return known;
  }

  private planOf(schedule: Schedule): number {
    const known = this.numbers.get(schedule);
    if (known !== undefined) return known;
    this.numbers.set(schedule, this.plans.length);
    return this.plans.push(planOf(schedule)) - 1;
  }
}

function ownerOf(node: Node): MemoryOwner {
  if (node.part && 'range' in node.part && node.part.range.startsWith('Optimizer.step'))
    return node.op === assignOp && node.requiresGrad ? 'parameters' : 'optimizer state';
  // In a module's call, what is assigned is a buffer of the module: running statistics.
  if (node.op === assignOp && (node.requiresGrad || node.scope)) return 'parameters';
  let value = node;
  while (isIdentity(value) && value.inputs.length > 0) [value] = value.inputs;
  if (isOfGradient(value)) return 'gradients';
  return value.op === dataOp ? 'inputs' : 'activations';
}

function planOf({ launches, slots, memory }: Schedule): MemoryPlan {
  const lives = new Map<Slot, { readonly first: number; last: number }>();
  for (const [at, { bindings, epilogue = [] }] of launches.entries())
    for (const binding of [...bindings, ...epilogue]) {
      if (!('slot' in binding) || slots[binding.slot].kind !== 'temporary') continue;
      const life = lives.get(binding.slot);
      if (life) life.last = at;
      else lives.set(binding.slot, { first: at, last: at });
    }
  const live = launches.map((): { -readonly [K in keyof LiveBytes]: LiveBytes[K] } => ({
    activations: 0,
    gradients: 0,
    workspace: 0,
  }));
  let unshared = 0;
  for (const [slot, { first, last }] of lives) {
    const plan = slots[slot];
    if (plan.kind !== 'temporary') continue;
    unshared += plan.bytes;
    for (let at = first; at <= last; at++) live[at][plan.holds ?? 'workspace'] += plan.bytes;
  }
  const place = placeOfLaunches(launches);
  return { ...(place && { place }), live, planned: memory.reduce((sum, bytes) => sum + bytes, 0), unshared };
}
