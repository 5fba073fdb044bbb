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

interface Step {
  readonly pipeline: Pipeline;
  readonly groups: readonly GroupPlan[];
  readonly workgroups: Grid;
  readonly label: string;
}

interface GroupPlan {
  readonly entries: readonly { readonly slot: number; readonly offset: number; readonly size: number }[];
  readonly slots: readonly number[];
  readonly cache: Map<string, GPUBindGroup>;
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
    const pipelines = await Promise.all(launches.map((launch) => cache.get(launch)));
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
      return { entries, slots: entries.filter((e) => e.slot >= 0).map((e) => e.slot), cache: new Map() };
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
    const groups = this.steps.map((step) => step.groups.map((group, i) => this.bindGroup(group, step.pipeline.layouts[i], buffers)));
    for (let r = 0; r < repeats; r++) {
      for (let s = 0; s < this.steps.length; s++) this.encodeStep(pass, this.steps[s], groups[s]);
    }
  }

  /** Encodes one step alone, so that it can be timed. */
  encodeOne(pass: GPUComputePassEncoder, index: number, buffers: readonly DeviceBuffer[]): void {
    const step = this.steps[index];
    this.encodeStep(pass, step, step.groups.map((group, i) => this.bindGroup(group, step.pipeline.layouts[i], buffers)));
  }

  destroy(): void {
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
      if (plan.cache.size >= bindGroupsKept) plan.cache.clear();
      plan.cache.set(key, group);
    }
    return group;
  }
}

/** A binding covers what was asked for and no more, so that `arrayLength` and robustness checks see the tensor's end. */
function bindingSize(size: number): number {
  return Math.max(4, Math.ceil(size / 4) * 4);
}

function uploadUniforms(device: GPUDevice, size: number, blocks: readonly { offset: number; data: ArrayBuffer }[]): GPUBuffer | undefined {
  if (size === 0) return undefined;
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
  const bytes = new Uint8Array(buffer.getMappedRange());
  for (const { offset, data } of blocks) bytes.set(new Uint8Array(data), offset);
  buffer.unmap();
  return buffer;
}
