/**
 * @file The safetensors format: named tensors in one file, read by Hugging Face's library and by ours.
 *
 * The file is an 8-byte little-endian header length, a JSON header (`name → dtype, shape, data_offsets`), and the bytes
 * of the tensors, row-major and without gaps. `decodeSafetensors` takes bytes from anywhere: every length, offset and
 * size is checked before it is used.
 * Format: https://github.com/huggingface/safetensors#format
 */
import type { DType, HostArray } from './dtype.ts';
import { dtypes } from './dtype.ts';
import { fail } from './errors.ts';
import type { Shape } from './shape.ts';
import { formatShape, sizeOf } from './shape.ts';

/** A tensor outside of the engine: what files and remotes hold. Elements are row-major. */
export interface HostTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: HostArray;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** The header's `__metadata__`: free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's own limit on the header. */
const maxHeaderBytes = 100_000_000;
const maxTensors = 100_000;
const maxRank = 16;
const metadataKey = '__metadata__';

/** How an element of the format is read, and what becomes of it here. */
interface Reader {
  readonly dtype: DType;
  readonly bytes: number;
  /** Reads an element of a dtype that is not ours; absent where the bytes are taken as they are. */
  readonly read?: (view: DataView, at: number) => number;
}

/** Our dtypes, and others that files from PyTorch have: each becomes the nearest of ours. */
const readers = new Map<string, Reader>([
  ...Object.values(dtypes).map((info): [string, Reader] => [
    info.safetensors,
    { dtype: info.name, bytes: info.hostBytes },
  ]),
  ['F64', { dtype: 'float32', bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
  ['I64', { dtype: 'int64', bytes: 8, read: (view, at) => narrowed(view.getBigInt64(at, true)) }],
  ['I16', { dtype: 'int32', bytes: 2, read: (view, at) => view.getInt16(at, true) }],
]);

function narrowed(value: bigint): number {
  if (BigInt.asIntN(32, value) !== value)
    fail(`safetensors: the int64 number ${value} is beyond int32, and int64 has 32 bits here; save it as float32`);
  return Number(value);
}

/** An element's bytes in a file. */
const fileBytes = (dtype: DType): number => (dtype === 'int64' ? 8 : dtypes[dtype].hostBytes);

/** A tensor's bytes in a file. */
export function bytesOf({ dtype, data }: Pick<HostTensor, 'dtype' | 'data'>): Uint8Array {
  const stored = dtype === 'int64' ? BigInt64Array.from(data as Int32Array, BigInt) : data;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/** The bytes of a safetensors file. Tensors lie by falling element size, so that each is aligned to its own. */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, HostTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].toSorted((a, b) => fileBytes(b[1].dtype) - fileBytes(a[1].dtype));
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(metadataKey, metadata);
  let size = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === metadataKey) fail(`safetensors: the name '${metadataKey}' is reserved by the format`);
    if (header.has(name)) fail(`safetensors: two tensors are named '${name}'`);
    if (data.length !== sizeOf(shape)) {
      fail(`safetensors: ${name} has ${data.length} elements; its shape ${formatShape(shape)} needs ${sizeOf(shape)}`);
    }
    const bytes = data.length * fileBytes(dtype);
    header.set(name, { dtype: dtypes[dtype].safetensors, shape, data_offsets: [size, size + bytes] });
    size += bytes;
  }

  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const out = new Uint8Array(start + size);
  new DataView(out.buffer).setBigUint64(0, BigInt(start - 8), true);
  out.fill(0x20, 8, start);
  out.set(text, 8);
  let at = start;
  for (const [, tensor] of sorted) {
    const bytes = bytesOf(tensor);
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/** Reads a file of unknown origin. Throws with the reason on anything that the format does not allow. */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, start } = readHeader(bytes);
  const body = bytes.subarray(start);
  const entries = Object.entries(header);
  if (entries.length > maxTensors) fail(`safetensors: ${entries.length} tensors are above the limit of ${maxTensors}`);

  const tensors = new Map<string, HostTensor>();
  const spans: Span[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of entries) {
    if (name === metadataKey) {
      metadata = readMetadata(entry);
      continue;
    }
    const {
      reader: { dtype, bytes: size, read },
      shape,
      begin,
      end,
    } = readEntry(name, entry, body.length);
    spans.push({ name, begin, end });
    // A copy, since the file's bytes need not be aligned to the element.
    const data = new dtypes[dtype].array(sizeOf(shape));
    if (read) {
      const view = new DataView(body.buffer, body.byteOffset + begin, end - begin);
      for (let i = 0; i < data.length; i++) data[i] = read(view, i * size);
    } else new Uint8Array(data.buffer).set(body.subarray(begin, end));
    tensors.set(name, { dtype, shape, data });
  }
  checkNoGaps(spans, body.length);
  return { tensors, metadata };
}

interface Span {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) fail(`safetensors: ${bytes.length} bytes are too few for the header's length`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(maxHeaderBytes, bytes.length - 8))) {
    fail(`safetensors: the header claims ${length} bytes; the file has ${bytes.length - 8} after the length`);
  }
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (cause) {
    throw new Error('safetensors: the header is not JSON in UTF-8', { cause });
  }
  if (!isRecord(header)) fail('safetensors: the header is not a JSON object');
  return { header, start };
}

function readEntry(name: string, entry: unknown, bodyBytes: number): Span & { reader: Reader; shape: number[] } {
  if (!isRecord(entry)) fail(`safetensors: the entry of '${name}' is not an object`);
  const code = String(entry['dtype']);
  const reader = readers.get(code);
  if (!reader) fail(`safetensors: '${name}' has the dtype ${code}; known are ${[...readers.keys()].join(', ')}`);
  const { shape, data_offsets: offsets } = entry;
  if (!isCounts(shape) || shape.length > maxRank)
    fail(`safetensors: the shape of '${name}' is not a list of at most ${maxRank} sizes`);
  if (!isCounts(offsets) || offsets.length !== 2) fail(`safetensors: the offsets of '${name}' are not two numbers`);
  const [begin, end] = offsets;
  if (begin > end || end > bodyBytes) fail(`safetensors: '${name}' lies at ${begin} to ${end} of ${bodyBytes} bytes`);
  const needed = sizeOf(shape) * reader.bytes;
  if (needed !== end - begin)
    fail(
      `safetensors: '${name}' has ${end - begin} bytes; ${formatShape(shape)} of ${reader.read ? code : reader.dtype} needs ${needed}`,
    );
  return { name, reader, shape, begin, end };
}

function readMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry) || !Object.values(entry).every((v) => typeof v === 'string')) {
    fail(`safetensors: ${metadataKey} is not a map from text to text`);
  }
  return entry as Record<string, string>;
}

/** The format allows no hole and no overlap, so that a file cannot hide bytes. */
function checkNoGaps(spans: Span[], bodyBytes: number): void {
  let at = 0;
  for (const { name, begin, end } of spans.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) fail(`safetensors: '${name}' begins at ${begin}, the tensor before it ends at ${at}`);
    at = end;
  }
  if (at !== bodyBytes) fail(`safetensors: ${bodyBytes - at} bytes at the end belong to no tensor`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
