/**
 * @file Which of cuDNN's algorithms a kernel belongs to, by its name in a profile.
 *
 * PyTorch does not tell which algorithm cuDNN took; the names of the kernels that ran do. They are not documented, differ by
 * version and architecture, and several algorithms share some, so a name that no row knows gives nothing rather than a guess.
 * "relu" in a name says little: it also stands in kernels that were not fused.
 */

export interface KernelAlgorithm {
  /** cuDNN's name, `'IMPLICIT_PRECOMP_GEMM'`; for what is not a convolution itself, what it does. */
  readonly algorithm: string;
  readonly direction: 'forward' | 'backward data' | 'backward filter' | 'any';
  readonly tensorCores: boolean;
}

type Row = readonly [RegExp, string, KernelAlgorithm['direction'], 'tensor cores'?];

/** The first row that matches counts: the special before the general. */
const rows: readonly Row[] = [
  [/winograd_nonfused|winogradForward(Data|Filter|Output)|winogradWgrad(Data|Delta|Output)/i, 'WINOGRAD_NONFUSED', 'any'],
  [/scudnn_winograd|winograd3x3Kernel|winograd/i, 'WINOGRAD', 'any'],
  [/fft2d_[rc]2[rc]|fft1d_|pointwise_mult_and_sum_complex/i, 'FFT', 'any'],
  [/dgrad2d_alg1|dgrad_alg1_engine/, 'ALGO_1', 'backward data'],
  [/dgrad_engine|dgrad2d_grouped_direct|dgrad_alg0/, 'ALGO_0', 'backward data'],
  [/wgrad_alg0_engine/, 'ALGO_0', 'backward filter'],
  [/wgrad_alg1_engine|wgrad2d_c1_k1/, 'ALGO_1', 'backward filter'],
  [/wgrad2d_grouped_direct|wgrad_alg3/, 'ALGO_3', 'backward filter'],
  [/(cutlass|xmma|sm\d+).*dgrad.*implicit_gemm|(tensorop|cutlass3x|xmma).*dgrad/i, 'implicit GEMM', 'backward data', 'tensor cores'],
  [/(cutlass|xmma|sm\d+).*wgrad.*implicit_gemm|(tensorop|cutlass3x|xmma).*wgrad/i, 'implicit GEMM', 'backward filter', 'tensor cores'],
  [/(tensorop|cutlass3x|xmma).*fprop/i, 'implicit GEMM', 'forward', 'tensor cores'],
  [/precomputed_convolve_sgemm|(maxwell|volta|ampere)_\w*cudnn_/i, 'IMPLICIT_PRECOMP_GEMM', 'any'],
  [/implicit_convolve_\w*gemm/i, 'IMPLICIT_GEMM', 'any'],
  [/explicit_convolve_\w*gemm|im2col/i, 'GEMM', 'any'],
  [/conv2d_grouped_direct_kernel|conv_depthwise2d/i, 'grouped direct', 'any'],
  [/nchwToNhwcKernel|nhwcToNchwKernel|nchwAddPadding|nhwcAddPadding/i, 'change of layout', 'any'],
];

/** The algorithm of a kernel; `undefined` where the name says nothing. */
export function algorithmOfKernel(name: string): KernelAlgorithm | undefined {
  const row = rows.find(([pattern]) => pattern.test(name));
  return row && { algorithm: row[1], direction: row[2], tensorCores: row[3] !== undefined };
}
