/**
 * @file What ran while a profile was taken: every kernel on the device and every operation of the cpu reference, with
 * when it ran, for what, and what it moved. Bytes are those of the buffers that a kernel binds, each once for reading
 * and once for writing.
 */
import { fail } from '../base/errors.ts';
import { sizeOf } from '../base/shape.ts';
import { dtypes } from '../base/dtype.ts';
import type { Device } from '../gpu/device.ts';
import type { Launch } from '../gpu/kernel.ts';
import type { KernelTimes } from '../gpu/kernel-times.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import { flopsOf } from '../graph/flops.ts';
import { scopeChain, scopeName } from '../graph/scopes.ts';
import type { Node, Part } from '../graph/types.ts';
import { placeOfLaunches } from './graph-record.ts';
import type { ProfiledEvent, ProfiledLayer } from './profile-data.ts';

/** A run of a schedule: its launches, with the nodes that their purposes number, and a buffer for every slot. */
export interface Submission {
  readonly launches: readonly Launch[];
  readonly nodes: Iterable<Node>;
  readonly buffers: readonly DeviceBuffer[];
  /** It prepares weights for later runs. */
  readonly prepares?: boolean;
}

/** The profile that is being taken. */
export const profiling: { recorder?: Recorder } = {};

export class Recorder {
  private readonly evaluated: ProfiledEvent[] = [];
  private readonly launched: Omit<ProfiledEvent, 'start' | 'end'>[] = [];
  private device: Device | undefined;
  private times: KernelTimes | undefined;
  private readonly ids = new WeakMap<object, number>();
  private nextId = 0;
  private submissions = 0;
  private readonly most: number;
  /** Kernels and operations beyond the first so many. */
  leftOut = 0;

  /** Notes so many kernels, and as many operations of the cpu reference, at most. */
  constructor(most = Infinity) {
    this.most = most;
  }

  /** Notes what is about to be submitted; takes its times. */
  submission(
    device: Device,
    { launches, nodes: given, buffers, prepares = false }: Submission,
  ): KernelTimes | undefined {
    if (this.launched.length + launches.length > this.most) {
      this.leftOut += launches.length;
      return undefined;
    }
    if (this.device !== device) {
      if (this.device) fail('profile: the device was lost while it was profiled; take the profile again');
      this.device = device;
      this.times = device.kernelTimes();
    }
    const nodes = [...given];
    const call = `${this.submissions++} `;
    const place = placeOfLaunches(launches);
    for (const [i, { kernel, purpose, ...launch }] of launches.entries()) {
      const of = (purpose?.nodes ?? []).map((number) => nodes[number]);
      const told = this.describe(of);
      this.launched.push({
        device: 'webgpu',
        name: kernel.label,
        ...told,
        operation: prepares ? `${told.operation} (weights, once)` : told.operation,
        call: call + told.call,
        bytes: bytesOf(launch, buffers),
        flops: purpose?.flops ?? 0,
        ...(place && { kernel: { ...place, kernel: place.kernel + i } }),
      });
    }
    return this.times;
  }

  /** Notes an operation of the cpu reference. */
  readonly watch = (node: Node, start: number, end: number): void => {
    if (this.evaluated.length >= this.most) return void this.leftOut++;
    const size = ({ shape, dtype }: Node): number => sizeOf(shape) * dtypes[dtype].hostBytes;
    const told = this.describe([node]);
    this.evaluated.push({
      device: 'cpu',
      name: told.operation,
      ...told,
      bytes: node.inputs.reduce((sum, input) => sum + size(input), size(node)),
      flops: flopsOf(node),
      start,
      end,
    });
  };

  /** Everything in the order in which it began, once all is done. */
  async end(): Promise<ProfiledEvent[]> {
    try {
      const spans = (await this.times?.end()) ?? [];
      const kernels = this.launched.map((event, i) => ({ ...event, ...spans[i] }));
      return [...this.evaluated, ...kernels].sort((a, b) => a.start - b.start);
    } finally {
      this.times?.destroy();
    }
  }

  /** Takes nothing more. */
  abandon(): void {
    this.times?.destroy();
  }

  private describe(nodes: readonly Node[]): Pick<ProfiledEvent, 'operation' | 'call' | 'layers' | 'inputShapes'> {
    const inside = new Set(nodes);
    const inputs = new Set(nodes.flatMap((node) => node.inputs.filter((input) => !inside.has(input))));
    const calls = new Set(nodes.map((node) => node.call ?? node));
    return {
      operation: [...new Set(nodes.map(({ call, op }) => call?.name ?? op.name))].join('+') || 'copy',
      call: [...calls].map((one) => this.idOf(one)).join(' '),
      layers: this.layersOf(nodes),
      inputShapes: [...inputs].map(({ shape }) => shape),
    };
  }

  /** The calls around all of the nodes, and what is left of each as one: a kernel may work for several layers. */
  private layersOf(nodes: readonly Node[]): ProfiledLayer[] {
    const chains = nodes.map((node) => this.chainOf(node)).filter(({ length }) => length > 0);
    const [first = [], ...others] = chains;
    let common = 0;
    while (common < first.length && others.every((chain) => chain[common]?.call === first[common].call)) common++;
    const rest = chains.flatMap((chain) => chain.slice(common).slice(-1));
    if (rest.length === 0) return first;
    const joined = (of: (layer: ProfiledLayer) => string): string => [...new Set(rest.map(of))].join(' + ');
    return [...first.slice(0, common), { name: joined(({ name }) => name), call: joined(({ call }) => call) }];
  }

  private chainOf({ scope, part }: Node): ProfiledLayer[] {
    if (scope) return scopeChain(scope).map((one) => ({ name: scopeName(one), call: String(one.call) }));
    return part ? this.chainOfPart(part) : [];
  }

  private chainOfPart(part: Part): ProfiledLayer[] {
    if ('range' in part) return [{ name: part.range, call: `range ${this.idOf(part)}` }];
    return scopeChain(part.backwardOf).map((one) => ({
      name: `${scopeName(one)}, backward`,
      call: `backward ${one.call}`,
    }));
  }

  private idOf(object: object): number {
    let id = this.ids.get(object);
    if (id === undefined) this.ids.set(object, (id = this.nextId++));
    return id;
  }
}

function bytesOf(
  { bindings, epilogue = [] }: Pick<Launch, 'bindings' | 'epilogue'>,
  buffers: readonly DeviceBuffer[],
): number {
  const bound = [...bindings, ...epilogue].flatMap((b) => ('slot' in b ? [b] : []));
  const distinct = new Map(bound.map((b) => [`${b.access} ${b.slot}`, buffers[b.slot].size]));
  return [...distinct.values()].reduce((sum, bytes) => sum + bytes, 0);
}
