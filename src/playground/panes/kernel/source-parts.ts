/**
 * @file The linked text of a kernel, divided into the files that it was linked from.
 */
import type { KernelRecord, KernelText } from '../../../compile/compilation.ts';
import { bannerLines } from './edits.ts';

export interface SourcePart {
  /** `'shaders/pool/1_direct.wgsl'`, or what else it is. */
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  /** What the kernel itself is, and not what it builds upon. */
  readonly isOwn: boolean;
}

/**
 * What is the kernel's own comes first: WGSL has no order. A file stands without the banner that the linker puts before
 * it, so that its lines are those that errors name.
 */
export function partsOf({ code, segments }: KernelText, { name }: Pick<KernelRecord, 'name'>): readonly SourcePart[] {
  const lines = code.split('\n');
  const own = `shaders/${name.split(' ')[0]}.wgsl`;
  const parts = segments.map(({ file, start, lines: count }) => {
    const banner = bannerLines(file);
    const text = lines.slice(start - 1 + banner, start - 1 + count).join('\n');
    return { file, text, lines: count - banner, isOwn: banner === 0 || file === own };
  });
  const rank = ({ file, isOwn }: SourcePart): number =>
    file === own || file.startsWith('generated') ? 0 : isOwn ? 1 : 2;
  return parts.toSorted((a, b) => rank(a) - rank(b));
}
