/**
 * @file One colour and one sign of letters for each algorithm, the same in every pane. The colours can be told apart by
 * colour-blind people, and have the contrast of text on the page's paper in both themes; the letters are the second
 * sign.
 */

export interface Sign {
  /** A CSS colour of both themes. */
  readonly colour: string;
  /** One for a convolution's algorithm, two for another's. */
  readonly letter: string;
}

export const colours = {
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

/** Algorithms that never meet in one problem may share a colour; no two have the same letters. */
export const signs: Readonly<Record<string, Sign>> = {
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

  NAIVE: sign('slate', 'Na'),
  TILED: sign('blue', 'Ti'),
  REGISTER: sign('purple', 'Re'),
  VEC4: sign('teal', 'V4'),
  SHARED: sign('green', 'Sh'),
  SPLIT_K: sign('vermilion', 'Sk'),

  SLIDING: sign('green', 'Sl'),
  TILES: sign('teal', 'Ts'),
  GATHER: sign('blue', 'Ga'),
  SCATTER: sign('orange', 'Sc'),
  WORKGROUP: sign('purple', 'Wg'),

  MATH: sign('orange', 'Ma'),
  FLASH_ATTENTION: sign('blue', 'Fl'),
  EFFICIENT_ATTENTION: sign('green', 'Ef'),

  SERIAL: sign('blue', 'Se'),
  SPLIT: sign('green', 'Sp'),
};

/** An algorithm of another's making has its own first letter, and a colour by its name. */
export function signOf(algo: string): Sign {
  if (Object.hasOwn(signs, algo)) return signs[algo];
  const all = Object.values(colours);
  const sum = Array.from(algo, (letter) => letter.codePointAt(0)!).reduce((a, b) => a + b, 0);
  return { colour: all[sum % all.length], letter: algo.charAt(0).toUpperCase() || '?' };
}
