/**
 * @file A kernel's text with the parts that the visitor has edited, and where in it each part lies: the compiler speaks
 * of lines of the whole.
 */
import type { CompilationMessage } from '../../../base/compilation-message.ts';
import type { KernelText } from '../../../compile/compilation.ts';

/** The parts that are other than they were linked, by file. */
export type Edits = ReadonlyMap<string, string>;

interface Place {
  readonly file: string;
  /** Its first line in the whole, from 1. */
  readonly start: number;
  readonly lines: number;
}

export interface EditedText {
  readonly code: string;
  readonly places: readonly Place[];
}

/** A shader's file has the linker's banner before it, which is no part of what is shown. */
export const bannerLines = (file: string): number => (file.startsWith('shaders/') ? 1 : 0);

export function edited({ code, segments }: KernelText, edits: Edits): EditedText {
  const lines = code.split('\n');
  const out: string[] = [];
  const places: Place[] = [];
  let next = 0;
  for (const { file, start, lines: count } of segments) {
    const from = start - 1 + bannerLines(file);
    out.push(...lines.slice(next, from));
    const own = edits.get(file)?.split('\n') ?? lines.slice(from, start - 1 + count);
    places.push({ file, start: out.length + 1, lines: own.length });
    for (const line of own) out.push(line);
    next = start - 1 + count;
  }
  out.push(...lines.slice(next));
  return { code: out.join('\n'), places };
}

/** What the compiler says of a part, with lines of that part; those of no part stand under `undefined`. */
export function messagesByFile(
  messages: readonly CompilationMessage[],
  { places }: Pick<EditedText, 'places'>,
): ReadonlyMap<string | undefined, readonly CompilationMessage[]> {
  const found = new Map<string | undefined, CompilationMessage[]>();
  for (const message of messages) {
    const place = places.find(({ start, lines }) => message.line >= start && message.line < start + lines);
    const own = place ? { ...message, line: message.line - place.start + 1 } : message;
    found.set(place?.file, [...(found.get(place?.file) ?? []), own]);
  }
  return found;
}
