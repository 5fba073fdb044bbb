/**
 * @file Shapes, devices and dtypes: reshape, permute, expand, flatten, to, detach. None of these copies an element unless it must.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { detached, isLeafNode, toDevice } from '../../graph/ops/identity.ts';
import { leaf } from '../../graph/record.ts';
import type { Device, DeviceType } from '../device.ts';
import { device as deviceOf } from '../device.ts';
import type { Size } from '../size.ts';
import type { Methods } from '../tensor.ts';
import { inOwnMemory, isContiguous as liesContiguous } from '../memory.ts';
import { Tensor, attach } from '../tensor.ts';

const listed = (sizes: readonly (number | Shape)[]): number[] => sizes.flat() as number[];

/** The shape with its −1 worked out, for as many elements as the tensor has. */
function completed(what: string, self: Tensor, shape: Shape): Shape {
  const total = sizeOf(self.node.shape);
  const open = shape.indexOf(-1);
  if (open >= 0 && shape.includes(-1, open + 1)) fail(`${what}: ${formatShape(shape)} leaves more than one size open; one −1 can be worked out`);
  if (open < 0 && sizeOf(shape) !== total) fail(`${what}: ${self.shape} has ${total} elements, ${formatShape(shape)} needs ${sizeOf(shape)}`);
  if (open < 0) return shape;
  const rest = sizeOf(shape.toSpliced(open, 1));
  if (rest === 0 || total % rest !== 0) fail(`${what}: ${formatShape(shape)} cannot hold the ${total} elements of ${self.shape}; ${total} is no multiple of ${rest}`);
  return shape.with(open, total / rest);
}

/** Another shape of as many elements; one size may be −1 and is worked out. A view where the elements' places in memory allow one, else a copy. */
export function reshape(self: Tensor, ...sizes: (number | Shape)[]): Tensor {
  return new Tensor(e.reshape(self.node, completed('reshape', self, listed(sizes))));
}

/** As `reshape`, of the same memory; an error where that cannot be, as after a transpose. */
export function view(self: Tensor, ...sizes: (number | Shape)[]): Tensor {
  return viewed('view', self, listed(sizes));
}

/** A view for `what`, which never copies. */
export function viewed(what: string, self: Tensor, sizes: Shape): Tensor {
  const shape = completed(what, self, sizes);
  const result = new Tensor(e.reshape(self.node, shape));
  if (result.place.memory !== self.place.memory) {
    fail(`${what}: a tensor of shape ${self.shape} with strides ${formatShape(stride(self))} cannot be seen as ${formatShape(shape)} without a copy; use reshape(), or contiguous() first`);
  }
  return result;
}

export function permute(self: Tensor, ...dims: (number | readonly number[])[]): Tensor {
  return new Tensor(e.permute(self.node, listed(dims).map((d) => normalizeDim('permute', d, self.ndim))));
}

/** Exchanges two dimensions. */
export function transpose(self: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [normalizeDim('transpose', dim0, self.ndim), normalizeDim('transpose', dim1, self.ndim)];
  const dims = self.node.shape.map((_, d) => (d === a ? b : d === b ? a : d));
  return new Tensor(e.permute(self.node, dims));
}

/** Dimensions of size 1 repeated; −1 keeps a size. */
export function expand(self: Tensor, ...sizes: (number | Shape)[]): Tensor {
  const shape = listed(sizes);
  const lead = shape.length - self.ndim;
  return new Tensor(e.expand(self.node, shape.map((size, d) => (size === -1 && d >= lead ? self.node.shape[d - lead] : size))));
}

/** Merges dimensions `startDim` to `endDim` into one. */
export function flatten(self: Tensor, startDim = 0, endDim = -1): Tensor {
  if (self.ndim === 0) return reshape(self, [1]);
  const [a, b] = [normalizeDim('flatten', startDim, self.ndim), normalizeDim('flatten', endDim, self.ndim)];
  if (a > b) fail(`flatten: startDim ${startDim} comes after endDim ${endDim}`);
  const shape = self.node.shape;
  return reshape(self, [...shape.slice(0, a), sizeOf(shape.slice(a, b + 1)), ...shape.slice(b + 1)]);
}

/** The same value, through which no gradient flows. */
export function detach(self: Tensor): Tensor {
  return new Tensor(detached(self.node));
}

/** A copy in memory of its own, through which gradients flow. */
export function clone(self: Tensor): Tensor {
  return new Tensor(e.copy(self.node));
}

/** Whether the elements lie in row-major order in a memory without gaps. */
export const isContiguous = (self: Tensor): boolean => liesContiguous(self.place.layout);

/** From one element to the next in memory, along every dimension, or along one. */
export function stride(self: Tensor): number[];
export function stride(self: Tensor, dim: number): number;
export function stride(self: Tensor, at?: number): number[] | number {
  const { strides } = self.place.layout;
  return at === undefined ? [...strides] : strides[normalizeDim('stride', at, self.ndim)];
}

/** The tensor itself where its elements lie in row-major order, else a copy where they do. */
export const contiguous = (self: Tensor): Tensor => (isContiguous(self) ? self : new Tensor(inOwnMemory(e.copy(self.node))));

/** On another device, of another dtype, or both; the tensor itself where nothing changes. */
export function to(self: Tensor, target: Device | DeviceType | DType, dtype?: DType): Tensor {
  const name = String(target);
  const isDtype = Object.hasOwn(dtypes, name);
  if (!isDtype && typeof target === 'string' && !/^(cpu|webgpu|cuda)\b/.test(name)) fail(`to: '${name}' is no dtype (${Object.keys(dtypes).join(', ')}) and no device (webgpu, cpu)`);
  const toType = isDtype ? (name as DType) : dtype;
  const type = isDtype ? self.node.device : deviceOf(target as Device | DeviceType).type;
  if (type === self.node.device && (toType ?? self.dtype) === self.dtype) return self;
  const host = self.node.value?.host;
  // A leaf whose numbers are on the host needs no copy: both devices read them from there.
  const isPlainLeaf = host && isLeafNode(self.node) && !self.requiresGrad;
  const moved = isPlainLeaf ? leaf(self.node, type, host) : toDevice(self.node, type);
  return new Tensor(e.cast(moved, toType ?? self.dtype));
}

/** How many elements there are. */
export const numel = (self: Tensor): number => sizeOf(self.node.shape);
/** The number of dimensions. */
export const dim = (self: Tensor): number => self.ndim;

/** All sizes, or that of one dimension. */
export function size(self: Tensor): Size;
export function size(self: Tensor, dim: number): number;
export function size(self: Tensor, at?: number): Size | number {
  return at === undefined ? self.shape : self.node.shape[normalizeDim('size', at, self.ndim)];
}

/** `to` by the names of dtypes and of the host. */
export const float = (self: Tensor): Tensor => to(self, 'float32');
export const half = (self: Tensor): Tensor => to(self, 'float16');
export const int = (self: Tensor): Tensor => to(self, 'int32');
/** The widest integer here, int32: there is no int64 on the device. */
export const long = int;
export const bool = (self: Tensor): Tensor => to(self, 'bool');
export const cpu = (self: Tensor): Tensor => to(self, 'cpu');

const shapes = { reshape, view, permute, transpose, expand, flatten, detach, clone, contiguous, isContiguous, to, numel, dim, float, half, int, long, bool, cpu };
/** As programs call them. */
export const called = attach({ ...shapes, size, stride }, {
  reshape: '.reshape',
  view: '.view',
  transpose: '.transpose',
  expand: '.expand',
  flatten: '.flatten',
  clone: '.clone',
  contiguous: '.contiguous',
});

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof shapes> {
    size(): Size;
    size(dim: number): number;
    /** From one element to the next in memory, in elements, along every dimension. */
    stride(): number[];
    stride(dim: number): number;
  }
}
