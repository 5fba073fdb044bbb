/**
 * @file A program: launches made ready to run again and again. Pipelines are compiled, parameters uploaded once, bind
 * groups kept for the buffers that they were made for.
 */
import type { Binding, Grid, Launch } from './kernel.ts';
import type { Pipeline, PipelineCache } from './pipelines.ts';
import type { DeviceBuffer } from './pool.ts';

/** WebGPU's strictest alignment of a uniform binding's offset. */
const uniformAlignment = 256;

/** How many sets of buffers a launch remembers bind groups for. */
const bindGroupsKept = 8;

/**
 * How many bind groups all launches remember: drivers give each a piece of memory of its own, and have at most some ten
 * thousands of those.
 */
const bindGroupsInAll = 16_384;

/**
 * The bind groups of a launch, by its buffers; where all together have too many, those that were made the longest ago
 * go.
 */
class BindGroups {
  private static readonly filled = new Set<BindGroups>();
  private static total = 0;
  private readonly groups = new Map<string, GPUBindGroup>();

  get(key: string): GPUBindGroup | undefined {
    return this.groups.get(key);
  }

  set(key: string, group: GPUBindGroup): void {
    if (this.groups.size >= bindGroupsKept) this.clear();
    this.groups.set(key, group);
    BindGroups.total++;
    BindGroups.filled.add(this);
    for (const oldest of BindGroups.filled) {
      if (BindGroups.total <= bindGroupsInAll) break;
      oldest.clear();
    }
  }

  clear(): void {
    BindGroups.total -= this.groups.size;
    BindGroups.filled.delete(this);
    this.groups.clear();
  }
}

interface Step {
  readonly pipeline: Pipeline;
  readonly groups: readonly GroupPlan[];
  readonly workgroups: Grid;
  readonly label: string;
}

interface GroupPlan {
  readonly entries: readonly { readonly slot: number; readonly offset: number; readonly size: number }[];
  readonly slots: readonly number[];
  readonly cache: BindGroups;
}

export class Program {
  readonly steps: readonly Step[];
  /** The slowest compilation among the pipelines, in milliseconds; they compile side by side. */
  readonly compileMs: number;
  private readonly device: GPUDevice;
  private readonly uniforms: GPUBuffer | undefined;

  private constructor(device: GPUDevice, steps: readonly Step[], uniforms: GPUBuffer | undefined) {
    this.device = device;
    this.steps = steps;
    this.uniforms = uniforms;
    this.compileMs = Math.max(0, ...steps.map((s) => s.pipeline.compileMs));
  }

  static async prepare(device: GPUDevice, cache: PipelineCache, launches: readonly Launch[]): Promise<Program> {
    return Program.of(device, launches, await Promise.all(launches.map((launch) => cache.get(launch))));
  }

  /** The same without waiting for compilation to be over, for those that cannot. */
  static prepareAtOnce(device: GPUDevice, cache: PipelineCache, launches: readonly Launch[]): Program {
    return Program.of(
      device,
      launches,
      launches.map((launch) => cache.getAtOnce(launch)),
    );
  }

  private static of(device: GPUDevice, launches: readonly Launch[], pipelines: readonly Pipeline[]): Program {
    const blocks: { offset: number; data: ArrayBuffer }[] = [];
    let offset = 0;
    const plan = (bindings: readonly Binding[]): GroupPlan => {
      const entries = bindings.map((binding) => {
        if (!('params' in binding)) return { slot: binding.slot, offset: 0, size: 0 };
        const entry = { slot: -1, offset, size: binding.params.byteLength };
        blocks.push({ offset, data: binding.params });
        offset += Math.ceil(entry.size / uniformAlignment) * uniformAlignment;
        return entry;
      });
      return { entries, slots: entries.filter((e) => e.slot >= 0).map((e) => e.slot), cache: new BindGroups() };
    };
    const steps = launches.map((launch, i) => ({
      pipeline: pipelines[i],
      groups: launch.epilogue ? [plan(launch.bindings), plan(launch.epilogue)] : [plan(launch.bindings)],
      workgroups: launch.workgroups,
      label: launch.kernel.label,
    }));
    return new Program(device, steps, uploadUniforms(device, offset, blocks));
  }

  /** Encodes every step into a pass, `repeats` times over. `buffers[slot]` is the buffer of that slot. */
  encode(pass: GPUComputePassEncoder, buffers: readonly DeviceBuffer[], repeats = 1): void {
    const groups = this.steps.map((step) =>
      step.groups.map((group, i) => this.bindGroup(group, step.pipeline.layouts[i], buffers)),
    );
    for (let r = 0; r < repeats; r++) {
      for (let s = 0; s < this.steps.length; s++) this.encodeStep(pass, this.steps[s], groups[s]);
    }
  }

  /** Encodes one step alone, so that it can be timed. */
  encodeOne(pass: GPUComputePassEncoder, index: number, buffers: readonly DeviceBuffer[]): void {
    const step = this.steps[index];
    this.encodeStep(
      pass,
      step,
      step.groups.map((group, i) => this.bindGroup(group, step.pipeline.layouts[i], buffers)),
    );
  }

  destroy(): void {
    for (const { groups } of this.steps) for (const { cache } of groups) cache.clear();
    this.uniforms?.destroy();
  }

  private encodeStep(pass: GPUComputePassEncoder, step: Step, groups: readonly GPUBindGroup[]): void {
    pass.setPipeline(step.pipeline.pipeline);
    groups.forEach((group, i) => pass.setBindGroup(i, group));
    pass.dispatchWorkgroups(step.workgroups[0], step.workgroups[1], step.workgroups[2]);
  }

  private bindGroup(plan: GroupPlan, layout: GPUBindGroupLayout, buffers: readonly DeviceBuffer[]): GPUBindGroup {
    let key = '';
    for (const slot of plan.slots) key += `${buffers[slot].id}:${buffers[slot].size} `;
    let group = plan.cache.get(key);
    if (!group) {
      group = this.device.createBindGroup({
        layout,
        entries: plan.entries.map((entry, binding) => ({
          binding,
          resource:
            entry.slot < 0
              ? { buffer: this.uniforms!, offset: entry.offset, size: entry.size }
              : { buffer: buffers[entry.slot].gpu, size: bindingSize(buffers[entry.slot].size) },
        })),
      });
      plan.cache.set(key, group);
    }
    return group;
  }
}

/**
 * A binding covers what was asked for and no more, so that `arrayLength` and robustness checks see the tensor's end.
 */
function bindingSize(size: number): number {
  return Math.max(4, Math.ceil(size / 4) * 4);
}

function uploadUniforms(
  device: GPUDevice,
  size: number,
  blocks: readonly { offset: number; data: ArrayBuffer }[],
): GPUBuffer | undefined {
  if (size === 0) return undefined;
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
  const bytes = new Uint8Array(buffer.getMappedRange());
  for (const { offset, data } of blocks) bytes.set(new Uint8Array(data), offset);
  buffer.unmap();
  return buffer;
}
