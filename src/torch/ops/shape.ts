/**
 * @file Shapes, devices and dtypes: reshape, permute, expand, flatten, to, detach. None of these copies an element unless it must.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { contiguousStrides, formatShape, normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { detached, isLeafNode, toDevice } from '../../graph/ops/identity.ts';
import { leaf } from '../../graph/record.ts';
import type { Device, DeviceType } from '../device.ts';
import { device as deviceOf } from '../device.ts';
import type { Size } from '../size.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';

const listed = (sizes: readonly (number | Shape)[]): number[] => sizes.flat() as number[];

/** Another shape of as many elements; one size may be −1 and is worked out. */
export function reshape(self: Tensor, ...sizes: (number | Shape)[]): Tensor {
  const shape = listed(sizes);
  const open = shape.indexOf(-1);
  if (shape.indexOf(-1, open + 1) > open && open >= 0) fail(`reshape: ${formatShape(shape)} leaves more than one size open; one −1 can be worked out`);
  if (open >= 0) {
    const rest = sizeOf(shape.toSpliced(open, 1));
    const total = sizeOf(self.node.shape);
    if (rest === 0 || total % rest !== 0) fail(`reshape: ${formatShape(shape)} cannot hold the ${total} elements of ${self.shape}; ${total} is no multiple of ${rest}`);
    shape[open] = total / rest;
  }
  return new Tensor(e.reshape(self.node, shape));
}

export const view = reshape;

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
export function isContiguous(self: Tensor): boolean {
  const { strides } = self.place.layout;
  const expected = contiguousStrides(self.node.shape);
  return self.node.shape.every((size, d) => size === 1 || strides[d] === expected[d]) || sizeOf(self.node.shape) === 0;
}

/** The tensor itself where its elements lie in row-major order, else a copy where they do. */
export const contiguous = (self: Tensor): Tensor => (isContiguous(self) ? self : clone(self));

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
export const called = attach({ ...shapes, size }, {
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
  }
}
