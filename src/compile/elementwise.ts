/**
 * @file The generator of pointwise kernels: the one place where whole kernels are made by program.
 *
 * A chain is a list of pointwise operations, each on inputs or on earlier steps; eager mode makes chains of one, fusion
 * makes longer ones, which may write several results. Inputs are read through their strides, so views and broadcasts
 * cost no copy; scalars that the program wrote as numbers travel as parameters. Sizes are parameters too: a kernel
 * serves every shape of its rank.
 */
import type { DType } from '../base/dtype.ts';
import { dtypes } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import { mathFiles } from '../dnn/kernels/epilogue.ts';
import type { Launch, Slot } from '../gpu/kernel.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../gpu/kernel.ts';
import type { Attrs, Layout, Op } from '../graph/types.ts';
import type { Variable } from './formula.ts';
import { Fields, formulaOf, register } from './formula.ts';
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
  /** Of a check: where and under which number it tells that the assertion fails. */
  readonly assertion?: { readonly slot: Slot; readonly number: number };
}

export interface Chain {
  readonly inputs: readonly ChainInput[];
  readonly steps: readonly ChainStep[];
  /** The last step's shape; every input broadcasts to it, and every step has as many elements. */
  readonly shape: Shape;
}

const group = 256;

export function elementwiseLaunch(chain: Chain): Launch {
  const size = sizeOf(chain.shape);
  const strided = chain.inputs.map((input) =>
    'slot' in input ? broadcastLayout(input.layout, chain.shape) : undefined,
  );
  const walked = strided.filter((l) => l !== undefined && !isFlat(l)).map((l) => l!.strides);
  const { sizes, strides } = collapse(chain.shape, walked);

  const fields = new Fields();
  fields.add('size', 'u32', size);
  sizes.forEach((value, d) => fields.add(`size${d}`, 'u32', value));
  const declarations: string[] = [];
  const body: string[] = [];
  let bound = 0;
  /** Several inputs may be views of one buffer. */
  const sources: Slot[] = [];
  let walk = 0;
  chain.inputs.forEach((input, i) => {
    const type = register(input.dtype);
    if ('constant' in input) {
      body.push(`let v${i} = ${fields.number(input.constant, type, `c${i}`)};`);
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
      const terms = [fields.add(`offset${i}`, 'i32', layout.offset)];
      strides[walk++].forEach((stride, d) => {
        terms.push(`i32(i${d}) * ${fields.add(`stride${i}_${d}`, 'i32', stride)}`);
      });
      index = `u32(${terms.join(' + ')})`;
    }
    body.push(`let v${i} = ${type}(in${source}[${index}]);`);
  });

  chain.steps.forEach((step, s) => {
    const operands = step.args.map((a): Variable => {
      const { dtype } = a < chain.inputs.length ? chain.inputs[a] : chain.steps[a - chain.inputs.length];
      return { name: `v${a}`, dtype };
    });
    const { text, context } = formulaOf(step, operands, fields);
    const { holds } = step.op.elementwise!;
    if (holds && step.assertion) {
      const checked = `v${step.args.at(-1)!}`;
      const number = fields.add(`assertion${s}`, 'u32', step.assertion.number);
      body.push(
        `if (!(${holds(checked, step.attrs, context)})) { assertion_fails(${number}, bitcast<u32>(${checked}), i); }`,
      );
    }
    body.push(`let v${chain.inputs.length + s} = ${text};`);
  });
  const results = chain.steps.flatMap(({ dtype, output }, s) =>
    output === undefined ? [] : [{ dtype, output, value: `v${chain.inputs.length + s}` }],
  );
  results.forEach(({ dtype, value }, r) => {
    declarations.push(`@group(0) @binding(${bound++}) var<storage, read_write> out${r}: array<${dtypes[dtype].wgsl}>;`);
    body.push(`out${r}[i] = ${dtypes[dtype].wgsl}(${value});`);
  });
  const walks = walked.length > 0;
  const told = chain.steps.find((step) => step.assertion)?.assertion;
  const usesHalf = [...chain.inputs, ...chain.steps].some((t) => t.dtype === 'float16');
  const code = `
${fields.struct}
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
      traits: { group },
      files: ['lib/grid.wgsl', ...mathFiles(chain.steps.map(({ op }) => op)), ...(told ? ['lib/assertions.wgsl'] : [])],
      generated: code,
    },
    bindings: [
      ...sources.map(reads),
      ...results.map(({ output }) => writes(output)),
      params(...fields.all.map((f) => f.value)),
    ],
    ...(told && { epilogue: [writes(told.slot)] }),
    workgroups: linearGrid(ceilDiv(size, group)),
  };
}

const isFlat = (layout: Layout): boolean => isContiguous(layout);

function unflatten(rank: number): string {
  const lines: string[] = [];
  if (rank > 0) lines.push('  var rest = i;');
  for (let d = rank - 1; d >= 0; d--) {
    lines.push(d === 0 ? '  let i0 = rest;' : `  let i${d} = rest % p.size${d}; rest /= p.size${d};`);
  }
  return lines.length ? `${lines.join('\n')}\n` : '';
}
