/**
 * @file One colour and one letter for each algorithm, the same in every pane. The colours can be told apart by
 * colour-blind people, and have the contrast of text on the page's paper in both themes; the letter is the second sign.
 */

export interface Sign {
  /** A CSS colour of both themes. */
  readonly colour: string;
  readonly letter: string;
}

const colours = {
  blue: 'light-dark(#0060a8, #62aeea)',
  orange: 'light-dark(#a35a00, #f0ae4c)',
  green: 'light-dark(#00704f, #41c79c)',
  purple: 'light-dark(#8a3a86, #df9bd9)',
  vermilion: 'light-dark(#b93d0c, #f78a5e)',
  teal: 'light-dark(#006f83, #5fc6da)',
  olive: 'light-dark(#666400, #cfc64a)',
  slate: 'light-dark(#4a5568, #a9b4c4)',
} as const;

const sign = (colour: keyof typeof colours, letter: string): Sign => ({ colour: colours[colour], letter });

/** Algorithms that never meet in one problem may share a colour. */
const signs: Readonly<Record<string, Sign>> = {
  DIRECT: sign('blue', 'D'),
  GEMM: sign('orange', 'G'),
  IMPLICIT_GEMM: sign('green', 'I'),
  IMPLICIT_PRECOMP_GEMM: sign('teal', 'P'),
  WINOGRAD: sign('purple', 'W'),
  WINOGRAD_NONFUSED: sign('vermilion', 'N'),
  FFT: sign('olive', 'F'),
  FFT_TILING: sign('slate', 'T'),

  ALGO_0: sign('orange', '0'),
  ALGO_1: sign('green', '1'),
  ALGO_3: sign('teal', '3'),

  NAIVE: sign('slate', 'N'),
  TILED: sign('blue', 'T'),
  REGISTER: sign('purple', 'R'),
  VEC4: sign('teal', 'V'),
  SHARED: sign('green', 'S'),
  SPLIT_K: sign('vermilion', 'K'),

  SLIDING: sign('green', 'S'),
  TILES: sign('teal', 'T'),
  GATHER: sign('blue', 'G'),
  SCATTER: sign('orange', 'S'),
  WORKGROUP: sign('purple', 'W'),

  MATH: sign('orange', 'M'),
  FLASH_ATTENTION: sign('blue', 'F'),
  EFFICIENT_ATTENTION: sign('green', 'E'),

  SERIAL: sign('blue', '1'),
  SPLIT: sign('green', 'S'),
};

/** An algorithm of another's making has its own first letter, and a colour by its name. */
export function signOf(algo: string): Sign {
  if (Object.hasOwn(signs, algo)) return signs[algo];
  const all = Object.values(colours);
  const sum = Array.from(algo, (letter) => letter.codePointAt(0)!).reduce((a, b) => a + b, 0);
  return { colour: all[sum % all.length], letter: algo.charAt(0).toUpperCase() || '?' };
}
