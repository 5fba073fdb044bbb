/**
 * @file Texts packed for an address: deflated, in base64url. What is unpacked is bounded, however little it was packed
 * to.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { fail } from '../base/errors.ts';
import { readJson } from '../base/json.ts';
import { plainText } from '../base/text.ts';
import { say } from './language.ts';

export function pack(text: string): string {
  const bytes = deflateSync(strToU8(text), { level: 9 });
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Throws where the text is no packed one, or of more than `most` bytes; `what` names it. */
export function unpack(text: string, what: string, most: number): string {
  let bytes: Uint8Array;
  try {
    const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    bytes = inflateSync(packed, { out: new Uint8Array(most + 1) });
  } catch (cause) {
    throw new Error(
      say({
        en: `link: its ${what} cannot be unpacked; was the whole link copied?`,
        zh: `链接：无法解开其中的${what}；链接是否复制完整？`,
      }),
      { cause },
    );
  }
  if (bytes.length > most)
    fail(say({ en: `link: its ${what} is longer than ${most} bytes`, zh: `链接：其中的${what}超过 ${most} 字节` }));
  return strFromU8(bytes);
}

/** The JSON that was packed to the text. A stranger may have written it: its texts are made plain. */
export const readPacked = (text: string, what: string, most: number): unknown =>
  plainTexts(readJson(unpack(text, what, most)));

function plainTexts(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plainTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [plainText(name), plainTexts(part)]));
}
