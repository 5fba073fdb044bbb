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
import type { Packs } from './packed.ts';
import { packedBits, packedElement, packedFile, wordsOf } from './packed.ts';

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
  /** Where an output's dtype shares words, an invocation computes both elements of a word. */
  readonly packs: Packs;
}

const group = 256;

export function elementwiseLaunch(chain: Chain): Launch {
  const { packs } = chain;
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
      const type = packs(input.dtype) ? 'u32' : dtypes[input.dtype].wgsl;
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
    body.push(
      packs(input.dtype)
        ? `let at${i} = ${index}; let v${i} = ${packedElement(input.dtype, `in${source}`, `at${i}`)};`
        : `let v${i} = ${type}(in${source}[${index}]);`,
    );
  });

  chain.steps.forEach((step, s) => {
    const operands = step.args.map((a): Variable => {
      const { dtype } = a < chain.inputs.length ? chain.inputs[a] : chain.steps[a - chain.inputs.length];
      return { name: `v${a}`, dtype };
    });
    const { text, context } = formulaOf(step, operands, fields, packs);
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
  const words: string[] = [];
  results.forEach(({ dtype, value }, r) => {
    const type = packs(dtype) ? 'u32' : dtypes[dtype].wgsl;
    declarations.push(`@group(0) @binding(${bound++}) var<storage, read_write> out${r}: array<${type}>;`);
    if (packs(dtype)) {
      words[r] = `word${r}`;
      body.push(`word${r} |= ${packedBits(dtype, value)} << (16u * (i & 1u));`);
    } else body.push(`out${r}[i] = ${type}(${value});`);
  });
  const inPairs = results.some(({ dtype }) => packs(dtype));
  const walks = walked.length > 0;
  const told = chain.steps.find((step) => step.assertion)?.assertion;
  const all = [...chain.inputs, ...chain.steps].map(({ dtype }) => dtype);
  const usesHalf = all.some((dtype) => dtype === 'float16' && !packs(dtype));
  const begin = `linear_invocation(gid, groups, ${group}u)`;
  const code = `
${fields.struct}
${declarations.join('\n')}
@group(0) @binding(${bound}) var<uniform> p: Params;
@compute @workgroup_size(${group})
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
${
  inPairs
    ? inPair(begin, walks ? unflatten(sizes.length) : '', body, words)
    : `  let i = ${begin};
  if (i >= p.size) { return; }
${walks ? unflatten(sizes.length) : ''}${body.map((line) => `  ${line}\n`).join('')}`
}}
`;
  return {
    kernel: {
      label: `pointwise ${chain.steps.map((s) => s.op.name).join('+')}`,
      spec: { enable: usesHalf ? ['f16'] : [] },
      traits: { group },
      files: [
        'lib/grid.wgsl',
        ...mathFiles(chain.steps.map(({ op }) => op)),
        ...(all.some(packs) ? [packedFile] : []),
        ...(told ? ['lib/assertions.wgsl'] : []),
      ],
      generated: code,
    },
    bindings: [
      ...sources.map(reads),
      ...results.map(({ output }) => writes(output)),
      params(...fields.all.map((f) => f.value)),
    ],
    ...(told && { epilogue: [writes(told.slot)] }),
    workgroups: linearGrid(ceilDiv(inPairs ? wordsOf(size) : size, group)),
  };
}

/** Both elements of a word, or of the last one its only. */
function inPair(begin: string, walk: string, body: readonly string[], words: readonly string[]): string {
  const each = (line: (word: string, r: number) => string): string => words.map(line).filter(Boolean).join('');
  return `  let pair = ${begin};
  if (2u * pair >= p.size) { return; }
${each((word) => `  var ${word} = 0u;\n`)}  for (var i = 2u * pair; i < min(2u * pair + 2u, p.size); i++) {
${walk}${body.map((line) => `    ${line}\n`).join('')}  }
${each((word, r) => `  out${r}[pair] = ${word};\n`)}`;
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
