/**
 * @file A kernel as data: which WGSL files, under which spec block, with which buffers, on which grid.
 *
 * Whoever describes work (dnn, compile) speaks in these types; only this folder turns them into GPU objects.
 */

/** The generated head of a shader: the only way in which a WGSL file is specialised. */
export interface SpecBlock {
  /** WGSL extensions, `'f16'`, `'subgroups'`. */
  readonly enable?: readonly string[];
  /** Module constants. A number becomes a `u32`; text is taken as it stands. */
  readonly const?: Readonly<Record<string, number | string>>;
  readonly alias?: Readonly<Record<string, string>>;
}

export interface KernelSpec {
  /** What the profiler and error messages call it. */
  readonly label: string;
  readonly spec?: SpecBlock;
  /** Paths below `shaders/`, in order. */
  readonly files?: readonly string[];
  /** WGSL made by the program, for fused elementwise chains. */
  readonly generated?: string;
}

/** The number of a buffer in the schedule's table. */
export type Slot = number;

export interface BufferBinding {
  readonly slot: Slot;
  readonly access: 'read' | 'write';
}

export interface ParamsBinding {
  readonly params: ArrayBuffer;
}

/** In order of `@binding`. `write` is `var<storage, read_write>`. */
export type Binding = BufferBinding | ParamsBinding;

export type Grid = readonly [x: number, y: number, z: number];

/** One dispatch. */
export interface Launch {
  readonly kernel: KernelSpec;
  /** `@group(0)`, the kernel's own. */
  readonly bindings: readonly Binding[];
  /** `@group(1)`, its epilogue's. */
  readonly epilogue?: readonly Binding[];
  readonly workgroups: Grid;
}

export const reads = (slot: Slot): BufferBinding => ({ slot, access: 'read' });
export const writes = (slot: Slot): BufferBinding => ({ slot, access: 'write' });

/** A field of a uniform struct: a plain number is a 32-bit integer. */
export type Param = number | { readonly float: number };

export const float = (value: number): Param => ({ float: value });

/** A uniform struct of 4-byte scalars: field i lies at byte 4·i. Sizes are padded to 16 bytes, as uniform structs are. */
export function params(...fields: readonly Param[]): ParamsBinding {
  const view = new DataView(new ArrayBuffer(Math.max(16, Math.ceil(fields.length / 4) * 16)));
  fields.forEach((field, i) => {
    if (typeof field === 'number') view.setInt32(4 * i, field, true);
    else view.setFloat32(4 * i, field.float, true);
  });
  return { params: view.buffer };
}

/** WebGPU's guaranteed limit of workgroups by dimension. */
const maxWorkgroupsPerDimension = 65535;

/** A grid of at least `count` workgroups, folded into two dimensions where one is too short; `lib/grid.wgsl` unfolds it. */
export function linearGrid(count: number): Grid {
  if (count <= maxWorkgroupsPerDimension) return [Math.max(1, count), 1, 1];
  const rows = Math.ceil(count / maxWorkgroupsPerDimension);
  return [Math.ceil(count / rows), rows, 1];
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);
