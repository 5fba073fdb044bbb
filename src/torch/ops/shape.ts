/**
 * @file Shapes, devices and dtypes: reshape, permute, expand, flatten, to, detach. None of these copies an element
 * unless it must.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import { looksAtHost } from '../../graph/capture.ts';
import * as e from '../../graph/expr.ts';
import { detached, isLeafNode, toDevice } from '../../graph/ops/identity.ts';
import { leaf } from '../../graph/record.ts';
import type { Device, DeviceType } from '../device.ts';
import { device as deviceOf } from '../device.ts';
import type { Size } from '../size.ts';
import type { Dims, MethodsOf } from '../signature.ts';
import { fn, methods, overloads, p } from '../signature.ts';
import { inOwnMemory, isContiguous as liesContiguous } from '../memory.ts';
import { Tensor } from '../tensor.ts';
import { completeShape, viewOf } from './view-shapes.ts';
import { convertedTo } from './int64.ts';

const listed = (sizes: Dims): Shape => (typeof sizes === 'number' ? [sizes] : sizes);
const input = p.tensor('input');
/** Elements lie here in one order alone. */
const memoryFormat = p.refused('memoryFormat', null, 'leave it out; permute() says in which order dimensions lie');

/**
 * The same elements in another shape; one size may be −1 and is computed. A view if the memory layout allows one,
 * otherwise a copy.
 */
export const reshape = fn(
  'torch.reshape',
  [input, p.ints('shape')],
  (self, sizes): Tensor => {
    return new Tensor(e.reshape(self.node, completeShape('reshape', self, listed(sizes))));
  },
  { pythonCall: true },
);

/** Like `reshape`, but always of the same memory; an error if that is impossible, as after a transpose. */
const view = fn(
  '.view',
  [input, p.ints('size')],
  (self, sizes): Tensor => {
    return viewOf('view', self, listed(sizes));
  },
  { pythonCall: true },
);

/** The dimensions in another order: `x.permute(0, 2, 3, 1)`. A view. */
export const permute = fn('torch.permute', [input, p.ints('dims')], (self, dims): Tensor => {
  return new Tensor(
    e.permute(
      self.node,
      listed(dims).map((d) => normalizeDim('permute', d, self.ndim)),
    ),
  );
});

/** Exchanges two dimensions. */
export const transpose = fn(
  'torch.transpose',
  [input, p.int('dim0'), p.int('dim1')],
  (self, dim0, dim1): Tensor => {
    const [a, b] = [normalizeDim('transpose', dim0, self.ndim), normalizeDim('transpose', dim1, self.ndim)];
    const dims = self.node.shape.map((_, d) => (d === a ? b : d === b ? a : d));
    return new Tensor(e.permute(self.node, dims));
  },
  { pythonCall: true },
);

/** Dimensions of size 1 repeated; −1 keeps a size. */
export const expand = fn(
  '.expand',
  [input, p.ints('size')],
  (self, sizes): Tensor => {
    const shape = listed(sizes);
    const lead = shape.length - self.ndim;
    return new Tensor(
      e.expand(
        self.node,
        shape.map((size, d) => (size === -1 && d >= lead ? self.node.shape[d - lead] : size)),
      ),
    );
  },
  { pythonCall: true },
);

/** Merges dimensions `startDim` to `endDim` into one. */
export const flatten = fn(
  'torch.flatten',
  [input, p.int('startDim', 0), p.int('endDim', -1)],
  (self, startDim, endDim): Tensor => {
    const shape = self.ndim === 0 ? [1] : self.node.shape;
    const [a, b] = [normalizeDim('flatten', startDim, shape.length), normalizeDim('flatten', endDim, shape.length)];
    if (a > b) fail(`flatten: startDim ${startDim} comes after endDim ${endDim}`);
    return reshape(self, [...shape.slice(0, a), sizeOf(shape.slice(a, b + 1)), ...shape.slice(b + 1)]);
  },
  { pythonCall: true },
);

/** The same value, through which no gradient flows. */
export const detach = fn('torch.detach', [input], (self): Tensor => {
  return new Tensor(detached(self.node));
});

/** A copy in its own memory; gradients flow through it. */
export const clone = fn(
  'torch.clone',
  [input, '*', memoryFormat],
  (self): Tensor => {
    return new Tensor(e.copy(self.node));
  },
  { pythonCall: true },
);

/** Whether the elements are in row-major order in memory, without gaps. */
const isContiguous = fn('.is_contiguous', [input, '*', memoryFormat], (self): boolean =>
  liesContiguous(self.place.layout),
);

/** The distance in memory from one element to the next, along every dimension or along one. */
const stride = overloads(
  fn('.stride', [input], (self): number[] => [...self.place.layout.strides]),
  fn(
    '.stride',
    [input, p.int('dim')],
    (self, dim): number => self.place.layout.strides[normalizeDim('stride', dim, self.ndim)],
  ),
);

/** The tensor itself if its elements are in row-major order, otherwise a copy in that order. */
const contiguous = fn(
  '.contiguous',
  [input, '*', memoryFormat],
  (self): Tensor => (isContiguous(self) ? self : new Tensor(inOwnMemory(e.copy(self.node)))),
  { pythonCall: true },
);

/** On another device, of another dtype, or both. */
function moved(self: Tensor, toDevice_: Device | DeviceType | null, toType: DType | null, copy: boolean): Tensor {
  const type = toDevice_ === null ? self.node.device : deviceOf(toDevice_).type;
  const dtype = toType ?? self.dtype;
  if (type === self.node.device && dtype === self.dtype) return copy ? clone(self) : self;
  const host = self.node.value?.host;
  looksAtHost(self.node);
  // A leaf whose numbers are on the host needs no copy: both devices read them from there.
  const isPlainLeaf = host && isLeafNode(self.node) && !self.requiresGrad;
  const there = isPlainLeaf ? leaf(self.node, type, host) : toDevice(self.node, type);
  return new Tensor(convertedTo(there, dtype));
}

/** Where one string stands for a device and another for a dtype, what is neither is told so. */
const target = p.nullable({
  ...p.device('device'),
  kind: {
    ...p.device('device').kind,
    explain: (what, v) =>
      typeof v === 'string' && !v.startsWith('cuda')
        ? `${what}: '${v}' is not a dtype (${Object.keys(dtypes).join(', ')}) or a device (webgpu, cpu)`
        : p.device('device').kind.explain?.(what, v),
  },
});
const [nonBlocking, copy] = [p.flag('nonBlocking', false), p.flag('copy', false)];
/**
 * The tensor on another device, in another dtype, or both, or as another tensor has them; the tensor itself if nothing
 * changes, unless `copy` is set.
 */
const to = overloads(
  fn('.to', [input, target, p.dtype('dtype', null), nonBlocking, copy], (self, device, dtype, _, copy): Tensor =>
    moved(self, device, dtype, copy),
  ),
  fn('.to', [input, p.dtype('dtype'), nonBlocking, copy], (self, dtype, _, copy): Tensor =>
    moved(self, null, dtype, copy),
  ),
  fn('.to', [input, p.tensor('other'), nonBlocking, copy], (self, other, _, copy): Tensor =>
    moved(self, other.device, other.dtype, copy),
  ),
);

/** How many elements there are. */
const numel = fn('torch.numel', [input], (self): number => sizeOf(self.node.shape));
/** The number of dimensions. */
const dim = fn('.dim', [input], (self): number => self.ndim);

/** All sizes, or that of one dimension. */
const size = overloads(
  fn('.size', [input], (self): Size => self.shape),
  fn('.size', [input, p.int('dim')], (self, dim): number => self.node.shape[normalizeDim('size', dim, self.ndim)]),
);

/** `to` by the names of dtypes and of the host. */
const converted = (name: string, dtype: DType) =>
  fn(name, [input, '*', memoryFormat], (self): Tensor => moved(self, null, dtype, false));
/** The tensor as float32. */
const float = converted('.float', 'float32');
/** The tensor as float16. */
const half = converted('.half', 'float16');
/** The tensor as bfloat16. */
const bfloat16 = converted('.bfloat16', 'bfloat16');
/** The tensor as int32. */
const int = converted('.int', 'int32');
/** The tensor as int64. */
const long = converted('.long', 'int64');
/** The tensor as bool: whether each element is not 0. */
const bool = converted('.bool', 'bool');
/** The tensor on the host. */
const cpu = fn('.cpu', [input, '*', memoryFormat], (self): Tensor => moved(self, 'cpu', null, false));

const shapes = {
  reshape,
  view,
  permute,
  transpose,
  expand,
  flatten,
  detach,
  clone,
  contiguous,
  isContiguous,
  stride,
  to,
  numel,
  dim,
  size,
  float,
  half,
  bfloat16,
  int,
  long,
  bool,
  cpu,
};
methods(shapes);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof shapes> {}
}
