/**
 * @file Other resolutions: interpolate, pixelShuffle.
 *
 * Interpolation treats one dimension after another: each output element reads one element (nearest) or mixes two
 * neighbours (linear), at places that are known beforehand. Gathering differentiates, so gradients need nothing of
 * their own.
 */
import { encode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { leaf } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import { takeAlong } from '../ops/index-nodes.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

/** Which modes there are, and for how many dimensions behind batch and channels. */
const modes = { nearest: [1, 2, 3], 'nearest-exact': [1, 2, 3], linear: [1], bilinear: [2], trilinear: [3] } as const;

type Mode = keyof typeof modes;

/** One number for all dimensions behind batch and channels, or one for each. */
type Sizes = number | readonly number[];
const sizes = p.kind<Sizes>(
  'a number or an array of them',
  'one number, or one for each dimension',
  (v) => typeof v === 'number' || (Array.isArray(v) && v.every((n) => typeof n === 'number')),
);

/**
 * Where output elements read. Places are computed with PyTorch's roundings (float32, a product and a sum as one), so
 * that both fall alike.
 */
interface Axis {
  readonly size: number;
  readonly count: number;
  /** Input elements to an output element. */
  readonly scale: number;
}

/**
 * input [N, C, …] at another size of the dimensions behind: `size`, or `scaleFactor` times what they are. With
 * `alignCorners` the corners' centres meet in linear modes, instead of their outer edges.
 */
export const interpolate = fn(
  'F.interpolate',
  [
    p.tensor('input'),
    sizes('size', null),
    sizes('scaleFactor', null),
    p.choice(Object.keys(modes) as Mode[])('mode', 'nearest'),
    p.flag('alignCorners', null),
    p.refused('recomputeScaleFactor', null, 'give the size'),
    p.refused('antialias', false, 'blur before a reduction'),
  ],
  (input, size, scaleFactor, mode, corners): Tensor => {
    const ranks: readonly number[] = modes[mode];
    const spatial = input.ndim - 2;
    if (!ranks.includes(spatial))
      fail(
        `interpolate: mode '${mode}' takes ${ranks.map((r) => r + 2).join(', ')} dimensions, got shape ${input.shape}`,
      );
    const nearest = mode.startsWith('nearest');
    if (nearest && corners !== null) fail(`interpolate: alignCorners has no meaning for mode '${mode}'`);
    const alignCorners = corners ?? false;
    let x = input.node;
    axes(input, spatial, { size, scaleFactor }, alignCorners).forEach((axis, i) => {
      if (axis.count !== axis.size || axis.scale !== 1)
        x = nearest
          ? nearestAlong(x, 2 + i, axis, mode === 'nearest-exact')
          : linearAlong(x, 2 + i, axis, alignCorners);
    });
    return new Tensor(x === input.node ? e.copy(x) : x);
  },
  { pythonCall: true },
);

function axes(
  input: Tensor,
  spatial: number,
  { size, scaleFactor }: { size: Sizes | null; scaleFactor: Sizes | null },
  alignCorners: boolean,
): Axis[] {
  if ((size === null) === (scaleFactor === null)) fail('interpolate: give either size or scaleFactor');
  const given = size ?? scaleFactor!;
  const list = typeof given === 'number' ? new Array<number>(spatial).fill(given) : given;
  if (list.length !== spatial) fail(`interpolate: ${list.length} numbers for ${spatial} dimensions; give one for each`);
  return list.map((value, i) => {
    const length = input.shape[2 + i];
    const count = size === null ? Math.floor(length * value) : value;
    if (!Number.isInteger(count) || count < 1 || length < 1)
      fail(`interpolate: cannot go from size ${length} to ${count}; both must be at least 1`);
    const ratio = size === null ? 1 / value : length / count;
    return {
      size: length,
      count,
      scale: Math.fround(alignCorners ? (count > 1 ? (length - 1) / (count - 1) : 0) : ratio),
    };
  });
}

function nearestAlong(x: Node, dim: number, { size, count, scale }: Axis, exact: boolean): Node {
  return takeAlong(
    x,
    dim,
    Int32Array.from({ length: count }, (_, i) =>
      Math.min(size - 1, Math.floor(Math.fround((exact ? i + 0.5 : i) * scale))),
    ),
  );
}

function linearAlong(x: Node, dim: number, { size, count, scale }: Axis, alignCorners: boolean): Node {
  const at = Float64Array.from({ length: count }, (_, i) =>
    alignCorners ? i * scale : Math.max(0, Math.fround((i + 0.5) * scale - 0.5)),
  );
  const lower = Int32Array.from(at, (v) => Math.min(size - 1, Math.floor(v)));
  const upper = lower.map((i) => Math.min(size - 1, i + 1));
  const weights = (values: Float64Array): Node =>
    leaf({ shape: x.shape.map((_, d) => (d === dim ? count : 1)), dtype: x.dtype }, x.device, encode(x.dtype, values));
  const share = at.map((v, i) => Math.fround(v - lower[i]));
  return e.add(
    e.mul(takeAlong(x, dim, lower), weights(share.map((w) => 1 - w))),
    e.mul(takeAlong(x, dim, upper), weights(share)),
  );
}

/** Channels become pixels: [..., C·r², H, W] to [..., C, H·r, W·r]. */
export const pixelShuffle = fn(
  'F.pixel_shuffle',
  [p.tensor('input'), p.int('upscaleFactor')],
  (input, upscaleFactor): Tensor => {
    const { lead, C, H, W } = imageOf('pixelShuffle', input);
    const r = upscaleFactor;
    if (!Number.isInteger(r) || r < 1 || C % (r * r) !== 0) fail(`pixelShuffle: ${C} channels do not divide by ${r}²`);
    const n = lead.length;
    const apart = e.reshape(input.node, [...lead, C / (r * r), r, r, H, W]);
    const order = [...lead.keys(), n, n + 3, n + 1, n + 4, n + 2];
    return new Tensor(inOwnMemory(e.reshape(e.permute(apart, order), [...lead, C / (r * r), H * r, W * r])));
  },
  { pythonCall: true },
);

/** Channels [N, C, …] dealt out anew: of `groups` groups, first the first of each, then the second. */
export const channelShuffle = fn(
  'F.channel_shuffle',
  [p.tensor('input'), p.int('groups')],
  (input, groups): Tensor => {
    const { shape } = input.node;
    if (shape.length < 3) fail(`channelShuffle: the input has shape ${input.shape}; expected [N, C, …]`);
    const [N, C, ...rest] = shape;
    if (groups < 1 || C % groups !== 0) fail(`channelShuffle: ${C} channels do not divide into ${groups} groups`);
    const apart = e.reshape(input.node, [N, groups, C / groups, ...rest]);
    const dealt = e.permute(apart, [0, 2, 1, ...rest.map((_, i) => i + 3)]);
    return new Tensor(inOwnMemory(e.reshape(dealt, shape)));
  },
  { pythonCall: true },
);

/** Pixels become channels: [..., C, H·r, W·r] to [..., C·r², H, W]. */
export const pixelUnshuffle = fn(
  'F.pixel_unshuffle',
  [p.tensor('input'), p.int('downscaleFactor')],
  (input, downscaleFactor): Tensor => {
    const { lead, C, H, W } = imageOf('pixelUnshuffle', input);
    const r = downscaleFactor;
    if (!Number.isInteger(r) || r < 1 || H % r !== 0 || W % r !== 0)
      fail(`pixelUnshuffle: a plane of [${H}, ${W}] does not divide by ${r}`);
    const n = lead.length;
    const apart = e.reshape(input.node, [...lead, C, H / r, r, W / r, r]);
    const order = [...lead.keys(), n, n + 2, n + 4, n + 1, n + 3];
    return new Tensor(inOwnMemory(e.reshape(e.permute(apart, order), [...lead, C * r * r, H / r, W / r])));
  },
  { pythonCall: true },
);

function imageOf(what: string, input: Tensor): { lead: number[]; C: number; H: number; W: number } {
  if (input.ndim < 3) fail(`${what}: input has shape ${input.shape}; expected at least 3 dimensions`);
  const [C, H, W] = input.shape.slice(-3);
  return { lead: input.shape.slice(0, -3), C, H, W };
}
