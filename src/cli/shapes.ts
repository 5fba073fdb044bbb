/**
 * @file Problems as text: a row of sizes, of which the last may be left out. A convolution is the sizes alone, and
 * after them what it ends in, `+bias+relu+pool`; the others begin with their name, `matmul:512,512,512`.
 */
import { fail } from '../base/errors.ts';
import type { AttentionDescriptor } from '../dnn/attention/descriptor.ts';
import { attentionProblem } from '../dnn/attention/problem.ts';
import { convProblemOf, convSizeNames, leastConvSizes } from '../dnn/conv2d/sizes.ts';
import type { Epilogue, FloatType } from '../dnn/kernels/epilogue.ts';
import { noEpilogue } from '../dnn/kernels/epilogue.ts';
import { gemmDescriptor } from '../dnn/gemm/descriptor.ts';
import { gemmProblem } from '../dnn/gemm/problem.ts';
import { poolProblem } from '../dnn/pool/problem.ts';
import type { Problem } from '../dnn/problem.ts';
import type { Direction } from '../dnn/choice/records.ts';
import { activationNames } from '../graph/ops/conv2d-fused.ts';
import { maxPool2d } from '../graph/ops/pool2d.ts';

/** What a convolution can end in, in the order in which it happens; one word of each row. */
const endings: readonly Readonly<Record<string, Partial<Epilogue>>>[] = [
  { bias: { bias: true } },
  { residual: { residual: true } },
  Object.fromEntries(
    activationNames.filter((name) => name !== 'identity').map((activation) => [activation, { activation }]),
  ),
  { pool: { pool: 'max 2x2' } },
];

const endingWords: readonly string[] = endings.flatMap((row) => Object.keys(row));

export const shapeHelp = `A SHAPE is a convolution, a matrix product, a max pooling or an attention:
  N,C,H,W,K,R,S[,STRIDE[,PADDING[,DILATION[,GROUPS]]]]  images, channels, height, width, filters, filter height and width;
                                                        append, with + and in this order: bias, residual,
                                                        an activation such as relu, pool (maximum of 2×2)
  matmul:M,N,K[,BATCH]                                  rows, columns, terms of each sum, products
  pool:N,C,H,W,R,S[,STRIDE[,PADDING[,DILATION]]]        the window's height and width; STRIDE defaults to its size
  attention:HEADS,QUERIES,KEYS,SIZE[,VALUESIZE]         heads of all images together, numbers of a key and of a value
For example 4,3,32,32,16,3,3,1,1 or 4,3,32,32,16,3,3,1,1+bias+relu+pool or pool:1,64,112,112,3,3,2,1.`;

/** The words of `--direction`. */
const directions: Readonly<Record<string, Direction>> = {
  forward: 'forward',
  data: 'backward data',
  filter: 'backward filter',
};

export interface ShapeOptions {
  /** `forward`, `data` or `filter`. */
  readonly direction?: string;
  readonly dtype?: string;
}

interface Form {
  /** The sizes in order; those from `least` on may be left out. */
  readonly sizes: readonly string[];
  readonly least: number;
  readonly directions: readonly Direction[];
  readonly problem: (sizes: readonly number[], direction: Direction, dtype: FloatType, epilogue: Epilogue) => Problem;
}

const forms: Record<'conv' | 'matmul' | 'pool' | 'attention', Form> = {
  conv: {
    sizes: convSizeNames,
    least: leastConvSizes,
    directions: ['forward', 'backward data', 'backward filter'],
    problem: (sizes, direction, dtype, epilogue) => convProblemOf(sizes, { direction, dtype, epilogue }),
  },
  matmul: {
    sizes: ['M', 'N', 'K', 'BATCH'],
    least: 3,
    directions: ['forward'],
    problem: ([M, N, K, inner = 1], _, dtype) => gemmProblem(gemmDescriptor(M, N, K, { inner, dtype })),
  },
  pool: {
    sizes: ['N', 'C', 'H', 'W', 'R', 'S', 'STRIDE', 'PADDING', 'DILATION'],
    least: 6,
    directions: ['forward', 'backward data'],
    problem: ([N, C, H, W, R, S, stride, pad = 0, dilation = 1], direction, dtype) => {
      const [strideH, strideW] = stride === undefined ? [R, S] : [stride, stride];
      const attrs = {
        kernel: [R, S],
        stride: [strideH, strideW],
        padding: [pad, pad],
        dilation: [dilation, dilation],
        ceilMode: false,
      } as const;
      const [, , P, Q] = maxPool2d.infer([{ shape: [N, C, H, W], dtype }], attrs).shape;
      const keeps = direction === 'forward' ? 'value' : 'place';
      return poolProblem({
        direction: direction as 'forward',
        mode: 'max',
        keeps,
        N,
        C,
        H,
        W,
        P,
        Q,
        R,
        S,
        strideH,
        strideW,
        padH: pad,
        padW: pad,
        dilationH: dilation,
        dilationW: dilation,
        dtype,
      });
    },
  },
  attention: {
    sizes: ['HEADS', 'QUERIES', 'KEYS', 'SIZE', 'VALUESIZE'],
    least: 4,
    directions: ['forward'],
    problem: ([heads, L, S, E, Ev = E], _, dtype) => {
      const matrix = (rows: number, columns: number): AttentionDescriptor['q'] => ({
        offset: 0,
        outer: 0,
        inner: rows * columns,
        row: columns,
        column: 1,
      });
      return attentionProblem({
        outer: 1,
        inner: heads,
        L,
        S,
        E,
        Ev,
        q: matrix(L, E),
        k: matrix(S, E),
        v: matrix(S, Ev),
        mask: 'none',
        scale: 1 / Math.sqrt(E),
        dtype,
      });
    },
  },
};

/** Throws where the text is no shape, or the shape makes no sense. */
export function parseShape(text: string, { direction = 'forward', dtype = 'float32' }: ShapeOptions = {}): Problem {
  const [, name = 'conv', list] = /^\s*(?:(\w+)\s*:)?(.*)$/s.exec(text)!;
  if (!Object.hasOwn(forms, name))
    fail(`shape: there is no '${name}' to measure; there are ${Object.keys(forms).join(', ')}`);
  const form = forms[name as keyof typeof forms];
  const [row, ...words] = list.split('+');
  const epilogue = epilogueOf(
    text,
    words.map((word) => word.trim()),
  );
  if (words.length && (name !== 'conv' || direction !== 'forward'))
    fail(`shape: '${text}' ends in ${words.join(' + ').trim()}, which only a forward convolution can do; leave it out`);
  const sizes = row
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  if (
    sizes.length < form.least ||
    sizes.length > form.sizes.length ||
    !sizes.every((n) => Number.isInteger(n) && n >= 0)
  ) {
    fail(`shape: '${text}' is not ${form.least} to ${form.sizes.length} whole numbers; write ${form.sizes.join(',')}`);
  }
  const zero = sizes.findIndex((size, i) => size === 0 && form.sizes[i] !== 'PADDING');
  if (zero >= 0) fail(`shape: ${form.sizes[zero]} of '${text}' is 0; it is at least 1`);
  const wanted = directionOf(direction);
  if (!form.directions.includes(wanted)) {
    fail(
      `--direction ${direction}: ${name} has no such direction; it has ${Object.keys(directions)
        .filter((word) => form.directions.includes(directions[word]))
        .join(', ')}`,
    );
  }
  if (dtype !== 'float32' && dtype !== 'float16')
    fail(`--dtype ${dtype} is unknown for ${name}; give float32 or float16`);
  return form.problem(sizes, wanted, dtype as FloatType, epilogue);
}

/** Throws where the word is none of `--direction`. */
export function directionOf(word = 'forward'): Direction {
  return Object.hasOwn(directions, word)
    ? directions[word]
    : fail(`--direction ${word} is unknown; give ${Object.keys(directions).join(', ')}`);
}

function epilogueOf(text: string, words: readonly string[]): Epilogue {
  let last = -1;
  return words.reduce<Epilogue>((epilogue, word) => {
    const place = endings.findIndex((row) => Object.hasOwn(row, word));
    if (place < 0) fail(`shape: a convolution cannot end in '${word}'; known are ${endingWords.join(', ')}`);
    if (place <= last)
      fail(`shape: '${text}' ends in the wrong order; the order is bias, residual, one activation, pool`);
    last = place;
    return { ...epilogue, ...endings[place][word] };
  }, noEpilogue);
}

/** The shapes of a suite: one a line; `#` begins a comment. */
export function parseSuite(text: string, options: ShapeOptions = {}): Problem[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
  if (lines.length === 0) fail('suite: the file has no shape; write one per line');
  return lines.map((line) => parseShape(line, options));
}
