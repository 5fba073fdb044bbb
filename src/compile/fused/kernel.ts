/**
 * @file The generator of kernels of fused reductions, from a descriptor.
 *
 * Some invocations share a row. They walk over its elements level by level (values.ts); after each walk their folds
 * meet in a tree in workgroup memory, so that each of them goes on with the whole. Split in two, a first kernel folds
 * runs of each row, and a second one brings the runs together.
 */
import { dtypes } from '../../base/dtype.ts';
import { contiguousStrides } from '../../base/shape.ts';
import { mathFiles } from '../../dnn/kernels/epilogue.ts';
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import { Fields, register } from '../formula.ts';
import { collapse } from '../layout.ts';
import type { FusedDescriptor, FusedInput, FusedSlots } from './descriptor.ts';
import { isPointwise, isSoftmax, lengthOf, rowsOf, slotIn } from './descriptor.ts';
import type { Fold, RowWalk, Value, Values } from './values.ts';
import { closure, valuesOf, walksOf } from './values.ts';

export interface Sharing {
  /** Invocations of a workgroup, and of those that share a row. */
  readonly group: number;
  readonly threads: number;
}

/** The fewest invocations of a workgroup that is not a row's own. */
export const usualGroup = 64;

const foldText: Record<Fold, { readonly start: string; readonly both: (a: string, b: string) => string }> = {
  sum: { start: '0.0', both: (a, b) => `${a} + ${b}` },
  product: { start: '1.0', both: (a, b) => `${a} * ${b}` },
  // WGSL writes no infinity, and a compiler must not see one.
  largest: { start: 'bitcast<f32>(0xff800000u | (p.rows & 0u))', both: (a, b) => `larger(${a}, ${b})` },
  smallest: { start: 'bitcast<f32>(0x7f800000u | (p.rows & 0u))', both: (a, b) => `smaller(${a}, ${b})` },
};

type StoredInput = Extract<FusedInput, { source: number }>;

/** Text of a kernel while it is written. */
class Writer {
  readonly fields = new Fields();
  readonly lines: string[] = [];
  readonly functions: string[] = [];
  private readonly d: FusedDescriptor;
  private readonly values: Values;
  private readonly bound: {
    readonly name: string;
    readonly slot: Slot;
    readonly access: 'read' | 'write';
    readonly type: string;
  }[] = [];
  private readonly slots: FusedSlots;
  /** How kept and folded dimensions are walked through; stored inputs come first, then what lies contiguous. */
  private readonly kept: ReturnType<typeof collapse>;
  private readonly along: ReturnType<typeof collapse>;

  constructor(d: FusedDescriptor, values: Values, slots: FusedSlots) {
    this.d = d;
    this.values = values;
    this.slots = slots;
    const strides = [...this.stored().map(({ layout }) => layout.strides), contiguousStrides(d.shape)];
    const pick = (isAlong: boolean): ReturnType<typeof collapse> => {
      const dims = d.shape.map((_, at) => at).filter((at) => d.dims.includes(at) === isAlong);
      return collapse(
        dims.map((at) => d.shape[at]),
        strides.map((each) => dims.map((at) => each[at])),
      );
    };
    this.kept = pick(false);
    this.along = pick(true);
    this.fields.add('rows', 'u32', rowsOf(d));
    this.fields.add('length', 'u32', lengthOf(d));
  }

  /** Where row `r` begins in everything that is read or written. */
  begin(walks: readonly RowWalk[]): void {
    const { lines, kept } = this;
    lines.push(...unflattened('k', 'r', 'kept', kept.sizes, this.fields));
    this.stored().forEach((input, w) => {
      const start = this.fields.add(`offset${w}`, 'i32', input.layout.offset);
      lines.push(`let begin${w} = ${[start, ...this.terms('k', `kept${w}`, kept.strides[w])].join(' + ')};`);
    });
    if (walks.some(({ written }) => written.length > 0))
      lines.push(`let begin_y = ${['0i', ...this.terms('k', 'kept_y', kept.strides.at(-1)!)].join(' + ')};`);
  }

  /** Narrow values of a level, but for folds. */
  narrow(level: number): void {
    this.values.all.forEach((value, i) => {
      if (value.wide || value.level !== level || value.kind === 'fold') return;
      if (value.kind !== 'first') return void this.lines.push(`let v${i} = ${this.text(value)};`);
      this.lines.push(
        `var v${i}: f32;`,
        '{',
        'let a = 0u;',
        ...this.element(closure(this.values, value.args)),
        `v${i} = v${value.args[0]};`,
        '}',
      );
    });
  }

  /** A walk over `a` from `first` to `end`, and what its folds come to in this invocation. */
  walk({ level, folds, needs, written }: RowWalk, threads: number): void {
    const block = `block${level}`;
    const bodies = folds.map((i) => ({ i, arg: `v${this.argOf(i)}`, ...foldText[this.foldOf(i)] }));
    this.lines.push(
      ...bodies.map(({ i, start }) => `var v${i}: f32 = ${start};`),
      `let ${block} = block_of((end - first) / ${threads}u) * ${threads}u;`,
      `for (var next = first + lane; next < end; next += ${block}) {`,
      ...bodies.map(({ i, start }) => `var part${i}: f32 = ${start};`),
      `for (var a = next; a < min(next + ${block}, end); a += ${threads}u) {`,
      ...this.element(needs),
      ...written.map((s) => {
        const name = this.output(s);
        const index = ['begin_y', ...this.terms('a', 'along_y', this.along.strides.at(-1)!)].join(' + ');
        return `${name}[u32(${index})] = ${this.storedText(s)};`;
      }),
      ...bodies.map(({ i, arg, both }) => `part${i} = ${both(`part${i}`, `f32(${arg})`)};`),
      '}',
      ...bodies.map(({ i, both }) => `v${i} = ${both(`v${i}`, `part${i}`)};`),
      '}',
    );
  }

  /** The invocations of a row bring their folds together. */
  meet(folds: readonly number[], level: number, { group, threads }: Sharing): void {
    if (threads === 1 || folds.length === 0) return;
    const members = folds.map((i) => `f${i}: f32`).join(', ');
    const joined = folds.map((i) => foldText[this.foldOf(i)].both(`a.f${i}`, `b.f${i}`)).join(', ');
    this.functions.push(`struct Folds${level} { ${members} }
var<workgroup> meeting${level}: array<Folds${level}, ${group}>;
fn both${level}(a: Folds${level}, b: Folds${level}) -> Folds${level} { return Folds${level}(${joined}); }
fn meet${level}(t: u32, own: Folds${level}) -> Folds${level} {
  let lane = t % ${threads}u;
  meeting${level}[t] = own;
  for (var step = ${threads / 2}u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { meeting${level}[t] = both${level}(meeting${level}[t], meeting${level}[t + step]); }
  }
  workgroupBarrier();
  return meeting${level}[t - lane];
}`);
    this.lines.push(
      `let met${level} = meet${level}(t, Folds${level}(${folds.map((i) => `v${i}`).join(', ')}));`,
      ...folds.map((i) => `v${i} = met${level}.f${i};`),
    );
  }

  /** The results that have one number a row. */
  writeNarrow(): void {
    const { steps } = this.d;
    const written = steps.flatMap((step, s) =>
      step.written && !this.values.all[this.values.ofStep[s]].wide ? [s] : [],
    );
    if (written.length === 0) return;
    this.lines.push(
      'if (inside && lane == 0u) {',
      ...written.map((s) => `${this.output(s)}[row] = ${this.storedText(s)};`),
      '}',
    );
  }

  bind(name: string, slot: Slot, access: 'read' | 'write', type: string): string {
    if (!this.bound.some((other) => other.name === name)) this.bound.push({ name, slot, access, type });
    return name;
  }

  launch(label: string, { group, threads }: Sharing, workgroups: number): Launch {
    const { d, bound, fields } = this;
    const declarations = bound.map(
      ({ name, access, type }, b) =>
        `@group(0) @binding(${b}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${type}>;`,
    );
    const isHalf = [...d.inputs, ...d.steps].some(({ dtype }) => dtype === 'float16');
    const files = new Set(mathFiles(d.steps.filter(isPointwise).map(({ op }) => op)));
    files.add('lib/blocks.wgsl');
    if (d.steps.some(isSoftmax)) files.add('lib/exponential.wgsl');
    return {
      kernel: {
        label,
        spec: { enable: isHalf ? ['f16'] : [] },
        traits: { group },
        files: [...files],
        generated: `
${fields.struct}
${declarations.join('\n')}
@group(0) @binding(${bound.length}) var<uniform> p: Params;
${this.functions.join('\n')}
@compute @workgroup_size(${group})
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let item = (wid.y * groups.x + wid.x) * ${group / threads}u + t / ${threads}u;
  let lane = t % ${threads}u;
${this.lines.map((line) => `  ${line}\n`).join('')}}
`,
      },
      bindings: [
        ...bound.map(({ slot, access }) => (access === 'read' ? reads(slot) : writes(slot))),
        params(...fields.all.map(({ value }) => value)),
      ],
      workgroups: linearGrid(workgroups),
    };
  }

  private stored(): StoredInput[] {
    return this.d.inputs.filter((input): input is StoredInput => 'source' in input);
  }

  /** Wide values of element `a`. */
  private element(needs: readonly number[]): string[] {
    return [
      ...unflattened('a', 'a', 'along', this.along.sizes, this.fields),
      ...needs.map((i) => `let v${i} = ${this.text(this.values.all[i])};`),
    ];
  }

  private text(value: Value): string {
    if (value.kind === 'formula')
      return value.text(
        value.args.map((arg) => ({ name: `v${arg}`, dtype: this.values.all[arg].dtype })),
        this.fields,
      );
    const input = this.d.inputs[(value as Extract<Value, { kind: 'input' }>).input];
    const type = register(input.dtype);
    if ('constant' in input) return this.fields.number(input.constant, type, `c${this.d.inputs.indexOf(input)}`);
    const w = this.stored().indexOf(input);
    const name = this.bind(
      `x${input.source}`,
      slotIn(this.slots, `x${input.source}`),
      'read',
      dtypes[input.dtype].wgsl,
    );
    const index = [`begin${w}`, ...(input.wide ? this.terms('a', `along${w}`, this.along.strides[w]) : [])];
    return `${type}(${name}[u32(${index.join(' + ')})])`;
  }

  /** What the coordinates `k0` or `a0` and so on contribute to an index. */
  private terms(coordinate: 'k' | 'a', field: string, strides: readonly number[]): string[] {
    return strides.flatMap((stride, at) =>
      stride === 0 ? [] : [`i32(${coordinate}${at}) * ${this.fields.add(`${field}_${at}`, 'i32', stride)}`],
    );
  }

  private output(s: number): string {
    return this.bind(`y${s}`, slotIn(this.slots, `y${s}`), 'write', dtypes[this.d.steps[s].dtype].wgsl);
  }

  private storedText(s: number): string {
    return `${dtypes[this.d.steps[s].dtype].wgsl}(v${this.values.ofStep[s]})`;
  }

  private foldOf(i: number): Fold {
    return (this.values.all[i] as Extract<Value, { kind: 'fold' }>).fold;
  }

  private argOf(i: number): number {
    return (this.values.all[i] as Extract<Value, { kind: 'fold' }>).args[0];
  }
}

function unflattened(
  coordinate: 'k' | 'a',
  from: string,
  field: string,
  sizes: readonly number[],
  fields: Fields,
): string[] {
  const names = sizes.map((_, at) => `${coordinate}${at}`);
  if (sizes.length < 2) return names.map((name) => `let ${name} = ${from};`);
  const lines = [`var rest_${coordinate} = ${from};`];
  for (let at = sizes.length - 1; at > 0; at--) {
    const size = fields.add(`${field}_size${at}`, 'u32', sizes[at]);
    lines.push(`let ${names[at]} = rest_${coordinate} % ${size}; rest_${coordinate} /= ${size};`);
  }
  return [...lines, `let ${names[0]} = rest_${coordinate};`];
}

const labelOf = ({ steps }: FusedDescriptor): string => steps.map(({ op }) => op.name).join('+');

/** All of it in one kernel. */
export function fusedLaunch(d: FusedDescriptor, slots: FusedSlots, sharing: Sharing): Launch {
  const values = valuesOf(d);
  const walks = walksOf(d, values);
  const writer = new Writer(d, values, slots);
  writer.lines.push(
    'let row = item;',
    'let inside = row < p.rows;',
    'let r = min(row, p.rows - 1u);',
    'let first = 0u;',
    'let end = select(0u, p.length, inside);',
  );
  writer.begin(walks);
  const levels = Math.max(...values.all.map(({ level }) => level));
  for (let level = 0; level <= levels; level++) {
    writer.narrow(level);
    const walk = walks.find((each) => each.level === level);
    if (!walk) continue;
    writer.walk(walk, sharing.threads);
    writer.meet(walk.folds, level, sharing);
  }
  writer.writeNarrow();
  const rows = sharing.group / sharing.threads;
  return writer.launch(`fused ${labelOf(d)}`, sharing, Math.ceil(rowsOf(d) / rows));
}

/** Bytes of what runs of rows are folded to. */
export const partialBytes = (d: FusedDescriptor, chunks: number): number => {
  const folds = valuesOf(d).all.filter(({ kind }) => kind === 'fold');
  return 4 * rowsOf(d) * chunks * folds.length;
};

/** Folds of runs of rows, then what becomes of the whole. Only for what walks over its rows once. */
export function splitLaunches(d: FusedDescriptor, slots: FusedSlots, chunks: number): Launch[] {
  const values = valuesOf(d);
  const [walk] = walksOf(d, values);
  const sharing = { group: usualGroup, threads: usualGroup };
  const [partial] = slots.workspace;

  const before = new Writer(d, values, slots);
  const parts = before.fields.add('chunks', 'u32', chunks);
  before.lines.push(
    `let row = item / ${parts};`,
    'let inside = row < p.rows;',
    'let r = min(row, p.rows - 1u);',
    `let run = (p.length + ${parts} - 1u) / ${parts};`,
    `let first = min(item % ${parts} * run, p.length);`,
    'let end = select(0u, min(first + run, p.length), inside);',
  );
  before.begin([walk]);
  before.narrow(0);
  before.walk(walk, sharing.threads);
  before.meet(walk.folds, 0, sharing);
  const to = before.bind('partial', partial, 'write', 'f32');
  const at = (index: string, j: number): string => `(${index}) * ${walk.folds.length}u + ${j}u`;
  before.lines.push(
    'if (inside && lane == 0u) {',
    ...walk.folds.map((i, j) => `${to}[${at('item', j)}] = v${i};`),
    '}',
  );

  const after = new Writer(d, values, slots);
  const from = after.bind('partial', partial, 'read', 'f32');
  const runs = after.fields.add('chunks', 'u32', chunks);
  after.lines.push('let row = item;', 'let inside = row < p.rows;', 'let r = min(row, p.rows - 1u);');
  after.begin([]);
  after.narrow(0);
  const texts = walk.folds.map((i) => foldText[(values.all[i] as Extract<Value, { kind: 'fold' }>).fold]);
  after.lines.push(
    ...walk.folds.map((i, j) => `var v${i}: f32 = ${texts[j].start};`),
    `for (var c = lane; inside && c < ${runs}; c += ${sharing.threads}u) {`,
    ...walk.folds.map((i, j) => `v${i} = ${texts[j].both(`v${i}`, `${from}[${at(`r * ${runs} + c`, j)}]`)};`),
    '}',
  );
  after.meet(walk.folds, 0, sharing);
  after.narrow(1);
  after.writeNarrow();
  return [
    before.launch(`fused ${labelOf(d)}, runs of rows`, sharing, rowsOf(d) * chunks),
    after.launch(`fused ${labelOf(d)}, whole rows`, sharing, rowsOf(d)),
  ];
}
