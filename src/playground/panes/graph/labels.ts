/**
 * @file What stands in a box, and how large the box therefore is.
 */
import { counted, formatBytes, formatDuration, formatFlops, formatSizes } from '../../../base/format.ts';
import { operationsText } from '../../kernel-figures.ts';
import { say } from '../../language.ts';
import type { BoxFigures } from './box-figures.ts';
import type { Box } from './drawing.ts';
import { kindWords } from './words.ts';

export interface Label {
  readonly title: string;
  /** Layer and shape. */
  readonly about: string;
  /** Time, bytes, operations. */
  readonly figures: string;
  readonly width: number;
  readonly height: number;
}

/** Of the page's monospaced face at 12 pixels, and of its sans at 11, in pixels; an estimate that errs to the wide. */
const letter = { title: 7.3, rest: 6.2 };
const width = { least: 84, most: 300, padding: 20 };
const mostLetters = Math.floor((width.most - width.padding) / letter.title);

export function labelOf(box: Box, figures: BoxFigures | undefined): Label {
  const { kind, node } = box;
  if (kind !== 'computed' && kind !== 'layer') {
    const title = kind === 'view' ? node.name : say(kindWords[kind]);
    const about = formatSizes(node.shape);
    return { title, about, figures: '', width: widthOf('', `${title} ${about}`), height: 26 };
  }
  const title = cut(kind === 'layer' ? box.names[0] : operationsText(box.names));
  const operations = say({ en: counted(box.parts.length, 'operation'), zh: `${box.parts.length} 个运算` });
  const about = cut(kind === 'layer' ? operations : `${box.layers.join(' + ')} ${formatSizes(node.shape)}`.trim());
  const text = figures ? figuresText(figures) : '';
  return { title, about, figures: text, width: widthOf(title, about, text), height: text ? 62 : 44 };
}

/** Of a kernel that computes more than the box, only that the box is in it. */
function figuresText({ kernels, isWhole, isOnce, ms, bytes, flops }: BoxFigures): string {
  if (!isWhole)
    return ms === undefined
      ? say({ en: 'in a fused kernel', zh: '在融合的内核中' })
      : say({ en: `in a kernel of ${formatDuration(ms)}`, zh: `在 ${formatDuration(ms)} 的内核中` });
  const all = [
    ms !== undefined &&
      (isOnce ? say({ en: `${formatDuration(ms)} once`, zh: `${formatDuration(ms)}（一次）` }) : formatDuration(ms)),
    formatBytes(bytes),
    flops > 0 && formatFlops(flops),
    kernels.length > 1 && say({ en: `${kernels.length} kernels`, zh: `${kernels.length} 个内核` }),
  ];
  return all.filter(Boolean).join(' · ');
}

const cut = (text: string): string => (text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text);

/** A Chinese character is as wide as two letters. */
const lettersIn = (text: string): number => text.length + (text.match(/[\u2e80-\uffef]/gu)?.length ?? 0);

function widthOf(title: string, ...rest: readonly string[]): number {
  const longest = Math.max(lettersIn(title) * letter.title, ...rest.map((text) => lettersIn(text) * letter.rest));
  return Math.round(Math.min(width.most, Math.max(width.least, longest + width.padding)));
}
