/** safetensors: what is written is read back bit for bit, and a damaged or hostile file is refused with its reason. */
import { describe, expect, test } from 'vitest';
import { encode } from '../../src/base/dtype.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/base/safetensors.ts';
import type { HostTensor } from '../../src/base/safetensors.ts';

const tensor = (dtype: HostTensor['dtype'], shape: number[], values: number[]): HostTensor => ({
  dtype,
  shape,
  data: encode(dtype, values),
});

/** A file with the given header and body, made by hand so that it may be wrong. */
function file(header: unknown, body: Uint8Array = new Uint8Array(0), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + body.length);
  new DataView(out.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  out.set(text, 8);
  out.set(body, 8 + text.length);
  return out;
}

describe('safetensors', () => {
  test('every dtype, an empty tensor, a scalar and metadata survive the round trip', () => {
    const tensors = new Map<string, HostTensor>([
      ['mask', tensor('bool', [3], [1, 0, 1])],
      ['bytes', tensor('uint8', [2], [0, 255])],
      ['signed', tensor('int8', [2], [-128, 127])],
      ['half', tensor('float16', [3], [1.5, -0.25, 65504])],
      ['brief', tensor('bfloat16', [3], [1.5, -0.25, 3e38])],
      ['index', tensor('int32', [1, 2], [-7, 2 ** 30])],
      ['weight', tensor('float32', [2, 2], [1, -2, NaN, Infinity])],
      ['scalar', tensor('float32', [], [3])],
      ['empty', tensor('float32', [0, 4], [])],
    ]);
    const bytes = encodeSafetensors(tensors, { model: 'SimpleCNN' });
    const back = decodeSafetensors(bytes);
    expect(back.metadata).toEqual({ model: 'SimpleCNN' });
    expect(new Map([...back.tensors].sort())).toEqual(new Map([...tensors].sort()));
  });

  test('a file at an odd address in a larger buffer is read alike', () => {
    const bytes = encodeSafetensors([['w', tensor('float32', [2], [1, 2])]]);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(decodeSafetensors(shifted).tensors.get('w')!.data).toEqual(new Float32Array([1, 2]));
  });

  test('the data of a float32 tensor is aligned to 4 bytes in the file', () => {
    const bytes = encodeSafetensors([
      ['a', tensor('uint8', [1], [1])],
      ['b', tensor('float32', [1], [1])],
    ]);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect((8 + length + header.b.data_offsets[0]) % 4).toBe(0);
  });

  const f32 = (begin: number, end: number, shape: unknown = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  const eight = new Uint8Array(8);
  test.each<[string, Uint8Array, RegExp]>([
    ['no header', new Uint8Array(7), /7 bytes are too few/],
    ['a header longer than the file', file({}, eight, 1n << 60n), /claims 1152921504606846976 bytes/],
    ['a header that is no JSON', file('{"a":'), /not JSON/],
    ['a header that is a list', file([]), /not a JSON object/],
    ['an unknown dtype', file({ a: { ...f32(0, 8), dtype: 'F8_E4M3' } }, eight), /dtype F8_E4M3/],
    ['a negative size', file({ a: f32(0, 8, [-1, -2]) }, eight), /not a list/],
    ['a fractional size', file({ a: f32(0, 8, [0.5, 4]) }, eight), /not a list/],
    ['an endless rank', file({ a: f32(0, 8, Array(17).fill(1)) }, eight), /at most 16 sizes/],
    ['a product beyond all memory', file({ a: f32(0, 8, [2 ** 40, 2 ** 40]) }, eight), /needs/],
    ['offsets past the end', file({ a: f32(0, 12) }, eight), /lies at 0 to 12 of 8/],
    ['offsets in reverse', file({ a: f32(8, 0) }, eight), /lies at 8 to 0|not a list/],
    [
      'a shape that does not fill its bytes',
      file({ a: f32(0, 8, [3]) }, eight),
      /has 8 bytes; \[3\] of float32 needs 12/,
    ],
    ['overlapping tensors', file({ a: f32(0, 8), b: f32(4, 8) }, eight), /begins at 4/],
    ['a gap', file({ a: f32(4, 8) }, eight), /begins at 4/],
    ['bytes of no tensor', file({ a: f32(0, 4) }, eight), /4 bytes at the end/],
    ['metadata that is not text', file({ __metadata__: { a: 1 } }), /not a map/],
  ])('%s is refused', (_what, bytes, reason) => {
    expect(() => decodeSafetensors(bytes)).toThrow(reason);
  });

  test('a name given twice, the reserved name and a wrong length are refused when writing', () => {
    const t = tensor('float32', [1], [1]);
    expect(() =>
      encodeSafetensors([
        ['a', t],
        ['a', t],
      ]),
    ).toThrow(/two tensors are named 'a'/);
    expect(() => encodeSafetensors([['__metadata__', t]])).toThrow(/reserved/);
    expect(() => encodeSafetensors([['a', { ...t, shape: [2] }]])).toThrow(/has 1 elements/);
  });

  test('a name that JavaScript treats specially stays a name', () => {
    const bytes = encodeSafetensors([['constructor', tensor('float32', [1], [1])]]);
    expect([...decodeSafetensors(bytes).tensors.keys()]).toEqual(['constructor']);
  });
});
