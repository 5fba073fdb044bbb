/**
 * @file Pipelines: linked WGSL compiled once, asynchronously and in parallel; errors told in the author's file.
 *
 * WebGPU has no way to destroy a pipeline: it lives as long as somebody holds it, and drivers that compile to machine
 * code keep half a megabyte for each, and more. So the cache lets go of those that were not asked for the longest. A
 * program holds its own and is not disturbed; where a pipeline is wanted again after that, it is compiled again.
 */
import type { CompilationMessage } from '../base/compilation-message.ts';
import { GpuError, messageOf } from '../base/errors.ts';
import type { Binding, KernelSpec, Launch } from './kernel.ts';
import { kernelKey, link, locate } from './linker.ts';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  /** By group; the second belongs to the epilogue and is absent where the kernel has none. */
  readonly layouts: readonly GPUBindGroupLayout[];
  /** Wall time of compilation, in milliseconds. */
  readonly compileMs: number;
}

/** How many pipelines are kept: several times as many as the training step of a large model has. */
export const pipelinesKept = 256;

export class PipelineCache {
  private readonly device: GPUDevice;
  private readonly capacity: number;
  /** The least recently used first. */
  private readonly pipelines = new Map<string, Promise<Pipeline>>();
  private readonly compiled = new WeakMap<Promise<Pipeline>, Pipeline>();
  private readonly layouts = new Map<string, GPUBindGroupLayout>();

  constructor(device: GPUDevice, capacity: number = pipelinesKept) {
    this.device = device;
    this.capacity = capacity;
  }

  get size(): number {
    return this.pipelines.size;
  }

  /** The pipeline of a launch; compiles a kernel once while it is kept, and rejects with the place of a WGSL error. */
  get(launch: Launch): Promise<Pipeline> {
    const { key, signatures } = identityOf(launch);
    const pipeline = this.pipelines.get(key) ?? this.compile(launch.kernel, signatures);
    pipeline.then(
      (done) => this.compiled.set(pipeline, done),
      () => {},
    );
    this.keep(key, pipeline);
    return pipeline;
  }

  /** The same without waiting, for those that cannot; the driver's complaints come with the work that uses it. */
  getAtOnce(launch: Launch): Pipeline {
    const { key, signatures } = identityOf(launch);
    const known = this.pipelines.get(key);
    const ready = known && this.compiled.get(known);
    if (ready) {
      this.keep(key, known);
      return ready;
    }
    const started = performance.now();
    const layouts = signatures.map((s) => this.layout(s));
    const module = this.device.createShaderModule({ label: launch.kernel.label, code: link(launch.kernel).code });
    const pipeline = {
      pipeline: this.device.createComputePipeline(this.descriptor(launch.kernel, layouts, module)),
      layouts,
      compileMs: performance.now() - started,
    };
    const kept = Promise.resolve(pipeline);
    this.compiled.set(kept, pipeline);
    this.keep(key, kept);
    return pipeline;
  }

  private keep(key: string, pipeline: Promise<Pipeline>): void {
    this.pipelines.delete(key);
    this.pipelines.set(key, pipeline);
    if (this.pipelines.size > this.capacity) this.pipelines.delete(this.pipelines.keys().next().value!);
  }

  private descriptor(
    kernel: KernelSpec,
    bindGroupLayouts: GPUBindGroupLayout[],
    module: GPUShaderModule,
  ): GPUComputePipelineDescriptor {
    return {
      label: kernel.label,
      layout: this.device.createPipelineLayout({ bindGroupLayouts }),
      compute: { module, entryPoint: 'main' },
    };
  }

  private async compile(kernel: KernelSpec, signatures: readonly string[]): Promise<Pipeline> {
    const started = performance.now();
    const layouts = signatures.map((s) => this.layout(s));
    const module = await compileModule(this.device, kernel);
    try {
      const pipeline = await this.device.createComputePipelineAsync(this.descriptor(kernel, layouts, module));
      return { pipeline, layouts, compileMs: performance.now() - started };
    } catch (error) {
      throw new GpuError(`${kernel.label}: the driver refused the pipeline: ${messageOf(error)}`);
    }
  }

  private layout(signature: string): GPUBindGroupLayout {
    let layout = this.layouts.get(signature);
    if (!layout) {
      const types: Record<string, GPUBufferBindingType> = { r: 'read-only-storage', w: 'storage', p: 'uniform' };
      layout = this.device.createBindGroupLayout({
        entries: Array.from(signature, (c, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: types[c] },
        })),
      });
      this.layouts.set(signature, layout);
    }
    return layout;
  }
}

/** Links and compiles a kernel's WGSL; throws a `GpuError` that names file, line and column. */
export async function compileModule(device: GPUDevice, kernel: KernelSpec): Promise<GPUShaderModule> {
  const linked = link(kernel);
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: kernel.label, code: linked.code });
  const [info, error] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
  const first = info.messages.find((m) => m.type === 'error');
  if (first) throw new GpuError(`${locate(linked, first.lineNum, first.linePos)}: ${first.message}`);
  if (error) throw new GpuError(`${kernel.label}: ${error.message}`);
  return module;
}

/** All that the compiler says of WGSL; nothing is run, and no pipeline made. */
export async function compilationMessages(device: GPUDevice, code: string): Promise<CompilationMessage[]> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  const [info, error] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
  const messages = info.messages.map(({ type, message, lineNum, linePos, length }) => ({
    type,
    message,
    line: lineNum,
    column: linePos,
    length,
  }));
  if (error && !messages.some(({ type }) => type === 'error'))
    messages.push({ type: 'error', message: error.message, line: 0, column: 0, length: 0 });
  return messages;
}

/** What tells launches of different pipelines apart. */
function identityOf(launch: Launch): { key: string; signatures: string[] } {
  const signatures = (launch.epilogue ? [launch.bindings, launch.epilogue] : [launch.bindings]).map(signature);
  return { key: `${signatures.join('/')}\n${kernelKey(launch.kernel)}`, signatures };
}

function signature(bindings: readonly Binding[]): string {
  return bindings.map((b) => ('params' in b ? 'p' : b.access === 'read' ? 'r' : 'w')).join('');
}
