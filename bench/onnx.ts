/**
 * @file ONNX models written as protocol buffers by hand (onnx.proto3's field numbers).
 */

export type Attribute = number | string | readonly number[] | { readonly float: number };

/**
 * A node: its operator, inputs and outputs by name (`''`: an input left out), and attributes; whole numbers are ints.
 */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );
}

/** A constant: numbers of float32, or whole numbers as int64. */
export function initializer(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): Uint8Array {
  return message(
    ...dims.map((d) => number(1, d)),
    number(2, data instanceof Float32Array ? 1 : 7),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
}

/** A model from one float32 input to one output. */
export function model(
  nodes: readonly Uint8Array[],
  initializers: readonly Uint8Array[],
  input: { readonly name: string; readonly dims: readonly number[] },
  output: { readonly name: string; readonly dims: readonly number[] },
): Uint8Array {
  const graph = message(
    ...nodes.map((n) => bytes(1, n)),
    text(2, 'model'),
    ...initializers.map((i) => bytes(5, i)),
    bytes(11, value(input.name, input.dims)),
    bytes(12, value(output.name, output.dims)),
  );
  return message(number(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), number(2, 17))));
}

/** AttributeProto: FLOAT, INT, STRING or INTS. */
function attribute(name: string, given: Attribute): Uint8Array {
  const field = (type: number, ...parts: readonly Part[]): Uint8Array =>
    bytes(5, message(text(1, name), ...parts, number(20, type)));
  if (typeof given === 'number') return field(2, number(3, given));
  if (typeof given === 'string') return field(3, text(4, given));
  if ('float' in given) {
    const bits = new Uint8Array(Float32Array.of(given.float).buffer);
    return field(1, message(varint(2 * 8 + 5), bits));
  }
  return field(
    7,
    given.map((v) => number(8, v)),
  );
}

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

/** A negative number is that of its 64 bits. */
function varint(n: number): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(n));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...out, Number(rest));
}

const number = (field: number, n: number): Uint8Array => message(varint(field * 8), varint(n));
const bytes = (field: number, data: Uint8Array): Uint8Array =>
  message(varint(field * 8 + 2), varint(data.length), data);
const text = (field: number, s: string): Uint8Array => bytes(field, new TextEncoder().encode(s));
