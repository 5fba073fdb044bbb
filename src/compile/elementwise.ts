/**
 * @file The generator of pointwise kernels: the one place where WGSL is made by program.
 *
 * A chain is a list of pointwise operations, each on inputs or on earlier steps; eager mode makes chains of one, fusion
 * makes longer ones, which may write several results. Inputs are read through their strides, so views and broadcasts cost no copy; scalars that the
 * program wrote as numbers travel as parameters. Sizes are parameters too: a kernel serves every shape of its rank.
 */
import type { DType } from '../base/dtype.ts';
import { dtypes } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import type { Launch, Param, Slot } from '../gpu/kernel.ts';
import { ceilDiv, float, linearGrid, params, reads, writes } from '../gpu/kernel.ts';
import type { Attrs, Layout, Op } from '../graph/types.ts';
import { broadcastLayout, collapse, isContiguous } from './layout.ts';

export type ChainInput =
  | { readonly slot: Slot; readonly layout: Layout; readonly dtype: DType }
  | { readonly constant: number; readonly dtype: DType };

export interface ChainStep {
  readonly op: Op;
  readonly attrs: Attrs;
  /** Input i is `i`, the result of step j is `inputs.length + j`. */
  readonly args: readonly number[];
  readonly dtype: DType;
  /** Where the result goes, unless later steps alone read it. */
  readonly output?: Slot;
}

export interface Chain {
  readonly inputs: readonly ChainInput[];
  readonly steps: readonly ChainStep[];
  /** The last step's shape; every input broadcasts to it, and every step has as many elements. */
  readonly shape: Shape;
}

const group = 256;

/** What a value of the dtype is computed as: floats as f32, all else as i32. */
const register = (dtype: DType): 'f32' | 'i32' => (dtypes[dtype].kind === 'float' ? 'f32' : 'i32');

export function elementwiseLaunch(chain: Chain): Launch {
  const size = sizeOf(chain.shape);
  const strided = chain.inputs.map((input) =>
    'slot' in input ? broadcastLayout(input.layout, chain.shape) : undefined,
  );
  const walked = strided.filter((l) => l !== undefined && !isFlat(l)).map((l) => l!.strides);
  const { sizes, strides } = collapse(chain.shape, walked);

  const fields: { name: string; type: string; value: Param }[] = [{ name: 'size', type: 'u32', value: size }];
  sizes.forEach((value, d) => fields.push({ name: `size${d}`, type: 'u32', value }));
  const declarations: string[] = [];
  const body: string[] = [];
  const field = (name: string, type: string, value: Param): string => {
    if (!fields.some((f) => f.name === name)) fields.push({ name, type, value });
    return `p.${name}`;
  };
  const parameter = (value: number): string => field(`n${fields.length}`, 'f32', float(value));
  let bound = 0;
  /** Several inputs may be views of one buffer. */
  const sources: Slot[] = [];
  let walk = 0;
  chain.inputs.forEach((input, i) => {
    const type = register(input.dtype);
    if ('constant' in input) {
      fields.push({ name: `c${i}`, type, value: type === 'f32' ? float(input.constant) : input.constant });
      body.push(`let v${i} = p.c${i};`);
      return;
    }
    let source = sources.indexOf(input.slot);
    if (source < 0) {
      source = sources.push(input.slot) - 1;
      const type = dtypes[input.dtype].wgsl;
      declarations.push(`@group(0) @binding(${bound++}) var<storage, read> in${source}: array<${type}>;`);
    }
    const layout = strided[i]!;
    let index = 'i';
    if (!isFlat(layout)) {
      fields.push({ name: `offset${i}`, type: 'i32', value: layout.offset });
      const terms = [`p.offset${i}`];
      strides[walk++].forEach((stride, d) => {
        fields.push({ name: `stride${i}_${d}`, type: 'i32', value: stride });
        terms.push(`i32(i${d}) * p.stride${i}_${d}`);
      });
      index = `u32(${terms.join(' + ')})`;
    }
    body.push(`let v${i} = ${type}(in${source}[${index}]);`);
  });

  chain.steps.forEach((step, s) => {
    const inputs = step.args.map((a) =>
      a < chain.inputs.length ? chain.inputs[a].dtype : chain.steps[a - chain.inputs.length].dtype,
    );
    // A compiler may take a − a for 0 and a = a for true, though a may be NaN, so the second one comes as a value of its own.
    const args = step.args.map((a, i) =>
      inputs[i] === undefined || step.args.indexOf(a) === i || register(inputs[i]) === 'i32'
        ? `v${a}`
        : `known_only_now(v${a}, ${field('zero', 'u32', 0)})`,
    );
    const formula = step.op.elementwise!.wgsl(args, step.attrs, { inputs, output: step.dtype, parameter });
    body.push(`let v${chain.inputs.length + s} = ${narrow(formula, step.dtype, inputs[0])};`);
  });
  const results = chain.steps.flatMap(({ dtype, output }, s) =>
    output === undefined ? [] : [{ dtype, output, value: `v${chain.inputs.length + s}` }],
  );
  results.forEach(({ dtype, value }, r) => {
    declarations.push(`@group(0) @binding(${bound++}) var<storage, read_write> out${r}: array<${dtypes[dtype].wgsl}>;`);
    body.push(`out${r}[i] = ${dtypes[dtype].wgsl}(${value});`);
  });
  const walks = walked.length > 0;
  const usesHalf = [...chain.inputs, ...results].some((t) => t.dtype === 'float16');
  const code = `
struct Params { ${fields.map((f) => `${f.name}: ${f.type}`).join(', ')} }
${declarations.join('\n')}
@group(0) @binding(${bound}) var<uniform> p: Params;
@compute @workgroup_size(${group})
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, ${group}u);
  if (i >= p.size) { return; }
${walks ? unflatten(sizes.length) : ''}${body.map((line) => `  ${line}\n`).join('')}}
`;
  return {
    kernel: {
      label: `pointwise ${chain.steps.map((s) => s.op.name).join('+')}`,
      spec: { enable: usesHalf ? ['f16'] : [] },
      files: ['lib/grid.wgsl', 'lib/math.wgsl', ...libraries(chain.steps)],
      generated: code,
    },
    bindings: [
      ...sources.map(reads),
      ...results.map(({ output }) => writes(output)),
      params(...fields.map((f) => f.value)),
    ],
    workgroups: linearGrid(ceilDiv(size, group)),
  };
}

/** The same order for the same set, so that equal kernels have equal texts. */
const libraries = (steps: readonly ChainStep[]): string[] =>
  [...new Set(steps.flatMap((s) => s.op.elementwise!.uses ?? []))].sort().map((name) => `lib/${name}.wgsl`);

const isFlat = (layout: Layout): boolean => isContiguous(layout);

/** Converts a formula's value to what the dtype can hold: bools to 0 or 1, small integers wrapped, halves rounded. */
function narrow(formula: string, dtype: DType, from: DType): string {
  const type = register(dtype);
  if (dtype === 'bool')
    return register(from) === 'f32' ? `select(1i, 0i, f32(${formula}) == 0.0)` : `select(0i, 1i, (${formula}) != 0)`;
  if (dtype === 'uint8') return `(i32(${formula}) & 255)`;
  if (dtype === 'int8') return `((i32(${formula}) << 24u) >> 24u)`;
  if (dtype === 'float16') return `f32(f16(${formula}))`;
  return `${type}(${formula})`;
}

function unflatten(rank: number): string {
  const lines: string[] = [];
  if (rank > 0) lines.push('  var rest = i;');
  for (let d = rank - 1; d >= 0; d--) {
    lines.push(d === 0 ? '  let i0 = rest;' : `  let i${d} = rest % p.size${d}; rest /= p.size${d};`);
  }
  return lines.length ? `${lines.join('\n')}\n` : '';
}
