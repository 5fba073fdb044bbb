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

/** How a kernel works, as far as neither its bindings nor its grid say so: what a model of its time needs to know. */
export interface KernelTraits {
  /** Invocations of a workgroup. */
  readonly group: number;
  /**
   * Steps of its product's sum that a tile in workgroup memory holds, between two barriers; absent: it shares no tiles.
   */
  readonly tileSteps?: number;
  /** Lanes of a subgroup that share what they read of the product's rows. */
  readonly rowLanes?: number;
  /** Which elements it reads or writes as vectors of four: its product's rows, its columns, what it writes. */
  readonly vectorRows?: boolean;
  readonly vectorColumns?: boolean;
  readonly vectorResults?: boolean;
  /** It gathers elements under a window: an address and a check of bounds for each. */
  readonly gathers?: boolean;
}

export interface KernelSpec {
  /** What the profiler and error messages call it. */
  readonly label: string;
  readonly spec?: SpecBlock;
  readonly traits?: KernelTraits;
  /** Paths below `shaders/`, in order. */
  readonly files?: readonly string[];
  /** WGSL made by the program, of the formulas of pointwise operations. */
  readonly generated?: string;
  /** Comes last. */
  readonly written?: WrittenText;
}

/** WGSL that a person wrote. */
export interface WrittenText {
  /** What errors call it. */
  readonly name: string;
  readonly wgsl: string;
  /** Files of ours that it builds upon, paths below `shaders/`: they stand behind it, so its lines stay. */
  readonly files?: readonly string[];
  /** How many turns each loop has that data decides; absent: the text is taken as it is. */
  readonly turns?: number;
}

/**
 * A part of a kernel: what its spec block has of it, the files and formulas that it is made of, and the traits that it
 * gives the kernel.
 */
export interface KernelPart extends SpecBlock {
  readonly files?: readonly string[];
  readonly generated?: string;
  readonly traits?: Partial<KernelTraits>;
}

/**
 * The kernel of `shaders/<name>.wgsl`, linked behind its parts' files. Its workgroups have `GROUP` invocations, where
 * no trait says otherwise.
 */
export function kernel(name: string, ...parts: readonly KernelPart[]): KernelSpec {
  const constants: NonNullable<SpecBlock['const']> = Object.assign({}, ...parts.map((part) => part.const));
  const generated = parts.map((part) => part.generated ?? '').join('');
  return {
    label: name,
    spec: {
      enable: [...new Set(parts.flatMap(({ enable = [] }) => enable))],
      const: constants,
      alias: Object.assign({}, ...parts.map(({ alias }) => alias)),
    },
    traits: Object.assign({ group: Number(constants.GROUP ?? 1) }, ...parts.map(({ traits }) => traits)),
    files: [...new Set([...parts.flatMap(({ files = [] }) => files), `${name}.wgsl`])],
    ...(generated && { generated }),
  };
}

/** One invocation for each of `linear_invocation()`, on a grid of `linearGrid()`. */
export const linear = (group: number): KernelPart => ({ files: ['lib/grid.wgsl'], const: { GROUP: group } });

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

/** What a launch is for, as a profile tells it. */
export interface Purpose {
  /** Numbers of the nodes that it helps to compute, in the part of the graph that it was planned for. */
  readonly nodes: readonly number[];
  /** Floating-point operations, those of the direct method. */
  readonly flops: number;
}

/** One dispatch. */
export interface Launch {
  readonly kernel: KernelSpec;
  /** `@group(0)`, the kernel's own. */
  readonly bindings: readonly Binding[];
  /** `@group(1)`, its epilogue's. */
  readonly epilogue?: readonly Binding[];
  readonly workgroups: Grid;
  readonly purpose?: Purpose;
  /** What it is a part of, for whoever made it. */
  readonly origin?: object;
}

export const reads = (slot: Slot): BufferBinding => ({ slot, access: 'read' });
export const writes = (slot: Slot): BufferBinding => ({ slot, access: 'write' });

/** A field of a uniform struct: a plain number is a 32-bit integer. */
export type Param = number | { readonly float: number };

export const float = (value: number): Param => ({ float: value });

/**
 * A uniform struct of 4-byte scalars: field i lies at byte 4·i. Sizes are padded to 16 bytes, as uniform structs are.
 */
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

/**
 * A grid of at least `count` workgroups, folded into two dimensions where one is too short; `lib/grid.wgsl` unfolds it.
 */
export function linearGrid(count: number): Grid {
  if (count <= maxWorkgroupsPerDimension) return [Math.max(1, count), 1, 1];
  const rows = Math.ceil(count / maxWorkgroupsPerDimension);
  return [Math.ceil(count / rows), rows, 1];
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);
