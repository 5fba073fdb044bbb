/**
 * @file A program's own convolution kernels, among ours.
 */
import { fail } from '../../base/errors.ts';
import { isPlain } from '../../base/options.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import type { OwnConvolution, Workgroups } from '../../dnn/conv2d/own.ts';
import { addOwnConvolution, convolutionTemplate as templateOf, hasEntry } from '../../dnn/conv2d/own.ts';
import { convTable } from '../../dnn/conv2d/table.ts';
import { fn, p } from '../signature.ts';

const isSize = (v: unknown): boolean => Number.isSafeInteger(v) && (v as number) >= 1;

const workgroups = p.kind<OwnConvolution['workgroups']>(
  'a number of workgroups',
  'a whole number, [x, y, z], or a function of the problem that gives one of them',
  (v) => typeof v === 'function' || isSize(v) || (Array.isArray(v) && v.length === 3 && v.every(isSize)),
  { plain: true },
);
const constants = p.kind<OwnConvolution['constants']>(
  'an object of whole numbers',
  'one such as { TILE: 8 }, or a function of the problem that gives one',
  (v) => typeof v === 'function' || (isPlain(v) && Object.values(v).every((value) => Number.isSafeInteger(value))),
  { plain: true },
);
const runs = p.kind<(problem: ConvDescriptor) => true | string | false>(
  'a function',
  "one such as (problem) => problem.R === 3 || 'needs 3×3'",
  (v) => typeof v === 'function',
);

const mostFiles = 32;
const files = p.kind<readonly string[]>(
  'an array of paths',
  `at most ${mostFiles} of wuDNN's files below shaders/, such as ['block/unit.wgsl']`,
  (v) => Array.isArray(v) && v.length <= mostFiles && v.every((path) => typeof path === 'string'),
);

const what = 'dnn.customConvolution';
const longestName = 40;
const longestProblem = 200;

/**
 * Takes a kernel of the program's into the race: WGSL that computes a convolution in one launch, for every problem of
 * its direction, until the program ends. It is compiled, verified against float64 and timed as ours are
 * (`torch.backends.cudnn.benchmark = true`), runs where it is the fastest, and can be asked for by its name.
 * Bindings of group 0: what it reads (0 and 1: x, w; for the gradient of the data dy, w; of the filter x, dy), the
 * result (2), `var<uniform> conv: Conv` (3). Constants: N, C, H, W, K, R, S, P, Q, STRIDE_H, STRIDE_W, PAD_TOP,
 * PAD_LEFT, DILATION_H, DILATION_W, GROUPS, and GROUP, the workgroup's size. Elements are `Elem`, sums `Acc`.
 * `workgroups`, `constants` and `runs` may depend on the problem, a descriptor with these letters. `files` are wuDNN's
 * WGSL files that the text builds upon; `only` is the one problem that it is for, as the race calls it without what it
 * ends in: `'4×3×32×32 * 16×3×3×3, padding 1, float32'`.
 */
export const customConvolution = fn(
  'ours.custom_convolution',
  [
    p.text('name'),
    p.text('wgsl'),
    '*',
    workgroups('workgroups'),
    p.choice(['forward', 'backward data', 'backward filter'])('direction', 'forward'),
    p.int('workgroupSize', 64),
    constants('constants', {}),
    runs('runs', null),
    p.flag('deterministic', true),
    files('files', []),
    p.text('only', null),
  ],
  (name, wgsl, workgroups, direction, workgroupSize, constants, runs, deterministic, files, only): void => {
    if (name.trim() !== name || name.length === 0 || name.length > longestName)
      fail(`${what}: the name '${name.slice(0, 80)}' has ${name.length} characters; give 1 to ${longestName}`);
    if (Object.hasOwn(convTable[direction], name)) fail(`${what}: ${name} is an algorithm of ours; give another name`);
    if (!hasEntry({ name, wgsl, files }))
      fail(`${what}: ${name} has no fn main; begin with dnn.convolutionTemplate('${direction}')`);
    if (workgroupSize < 1) fail(`${what}: workgroupSize is ${workgroupSize}; give a whole number of at least 1`);
    if (only !== null && only.length > longestProblem)
      fail(`${what}: only is of ${only.length} characters; give a problem as the race calls it`);
    addOwnConvolution({
      name,
      wgsl,
      direction,
      workgroups: workgroups as Workgroups,
      workgroupSize,
      constants,
      files: [...new Set(files)],
      only: only ?? undefined,
      runs: runs ?? undefined,
      deterministic,
      stack: new Error('customConvolution').stack,
    });
  },
);

/**
 * The plainest kernel of a direction, to begin with: one invocation of 64 in a workgroup computes an element of the
 * result.
 */
export const convolutionTemplate = fn(
  'ours.convolution_template',
  [p.choice(['forward', 'backward data', 'backward filter'])('direction', 'forward')],
  (direction): string => templateOf(direction),
);
