/**
 * @file What the model reads off a kernel's linked WGSL.
 */
import type { KernelSpec } from '../../gpu/kernel.ts';
import { kernelKey, link } from '../../gpu/linker.ts';

export interface KernelFacts {
  /** Invocations of a workgroup. */
  readonly group: number;
  /** It shares tiles in workgroup memory, with barriers between; then the steps of the sum that one tile holds. */
  readonly tileSteps?: number;
  /** Rows of its product that a lane reads of those that its subgroup shares: one of eight, or of as many as there are lanes. */
  readonly rowShare: number;
  /** It gathers its elements under a window: an address and a check of bounds for each. */
  readonly gathers: boolean;
  /** It reads the rows of its product as vectors of four, or the columns; it writes such vectors. */
  readonly rowVectors: boolean;
  readonly columnVectors: boolean;
  readonly writesVectors: boolean;
}

const geometryFiles = ['lib/conv.wgsl', 'lib/correlation.wgsl'];

/** Reads each kernel once, however many launches it has. */
export function kernelReader(): (kernel: KernelSpec) => KernelFacts {
  const known = new Map<string, KernelFacts>();
  return (kernel) => {
    const key = kernelKey(kernel);
    let facts = known.get(key);
    if (!facts) known.set(key, (facts = readKernel(kernel)));
    return facts;
  };
}

function readKernel(kernel: KernelSpec): KernelFacts {
  const { code } = link(kernel);
  const group = groupSize(code);
  const shared = code.includes('workgroupBarrier');
  return {
    group,
    // A tile without a named depth is as deep as a square workgroup is wide.
    tileSteps: shared ? (constantOf(code, 'TILE_K') ?? constantOf(code, 'TILE') ?? Math.sqrt(group)) : undefined,
    rowShare: /\bsubgroup(Broadcast|Shuffle)/.test(code) ? 1 / Math.min(8, constantOf(code, 'LANES') ?? 8) : 1,
    rowVectors: /fn a_four\(|<storage, read> a: array<vec4</.test(code),
    columnVectors: /<storage, read> b: array<vec4</.test(code),
    writesVectors: /<storage, read_write> \w+: array<vec4</.test(code),
    gathers: kernel.files?.some((file) => geometryFiles.includes(file)) ?? false,
  };
}

/** `@workgroup_size(…)` with the constants of the linked code. */
function groupSize(code: string): number {
  const declared = /@workgroup_size\(([^)]*)\)/.exec(code)?.[1] ?? '1';
  return declared
    .split(',')
    .reduce(
      (product, size) => product * (/^\s*\d/.test(size) ? parseInt(size) : (constantOf(code, size.trim()) ?? 1)),
      1,
    );
}

function constantOf(code: string, name: string): number | undefined {
  const digits = new RegExp(`const ${name} = (\\d+)u?;`).exec(code)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
