/**
 * @file The smallest ONNX model: one Conv node, written as protocol buffers by hand (onnx.proto3's field numbers).
 */
import type { ConvShape } from './contender.ts';
import { outputPlane } from './contender.ts';

/** x [N, C, H, W] → y, with the filter as an initializer. */
export function convModel(shape: ConvShape, w: Float32Array): Uint8Array {
  const { stride, pad } = shape;
  const y = [shape.x[0], shape.w[0], ...outputPlane(shape)];
  const node = message(
    text(1, 'x'),
    text(1, 'w'),
    text(2, 'y'),
    text(4, 'Conv'),
    integers('strides', [stride, stride]),
    integers('pads', [pad, pad, pad, pad]),
    integers('kernel_shape', shape.w.slice(2)),
  );
  const weight = message(
    ...shape.w.map((d) => number(1, d)),
    number(2, 1),
    text(8, 'w'),
    bytes(9, new Uint8Array(w.buffer, w.byteOffset, w.byteLength)),
  );
  const graph = message(
    bytes(1, node),
    text(2, 'conv'),
    bytes(5, weight),
    bytes(11, value('x', shape.x)),
    bytes(12, value('y', y)),
  );
  return message(number(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), number(2, 17))));
}

/** AttributeProto of type INTS. */
const integers = (name: string, values: readonly number[]): Uint8Array =>
  bytes(5, message(text(1, name), ...values.map((v) => number(8, v)), number(20, 7)));

/** ValueInfoProto of a float tensor. */
function value(name: string, dims: readonly number[]): Uint8Array {
  const shape = message(...dims.map((d) => bytes(1, message(number(1, d)))));
  return message(text(1, name), bytes(2, message(bytes(1, message(number(1, 1), bytes(2, shape))))));
}

type Part = Uint8Array | readonly Part[];

function message(...parts: readonly Part[]): Uint8Array {
  const flat = (part: Part): Uint8Array[] => (part instanceof Uint8Array ? [part] : part.flatMap(flat));
  const pieces = parts.flatMap(flat);
  const out = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function varint(n: number): Uint8Array {
  const out: number[] = [];
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  return Uint8Array.of(...out, n);
}

const number = (field: number, n: number): Uint8Array => message(varint(field * 8), varint(n));
const bytes = (field: number, data: Uint8Array): Uint8Array =>
  message(varint(field * 8 + 2), varint(data.length), data);
const text = (field: number, s: string): Uint8Array => bytes(field, new TextEncoder().encode(s));
