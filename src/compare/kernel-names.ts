/**
 * @file Which of cuDNN's algorithms a kernel belongs to, by its name in a profile.
 *
 * PyTorch does not tell which algorithm cuDNN took; the names of the kernels that ran do. They are not documented,
 * differ by version and architecture, and several algorithms share some, so a name that no row knows gives nothing
 * rather than a guess. "relu" in a name says little: it also stands in kernels that were not fused.
 */

export interface KernelAlgorithm {
  /** cuDNN's name, `'IMPLICIT_PRECOMP_GEMM'`; for what is not a convolution itself, what it does. */
  readonly algorithm: string;
  readonly direction: 'forward' | 'backward data' | 'backward filter' | 'any';
  readonly tensorCores: boolean;
}

type Row = readonly [RegExp, string, KernelAlgorithm['direction']];

/** The first row that matches counts: the special before the general. Held against the names within libcudnn 9.24. */
const rows: readonly Row[] = [
  [
    /winograd_nonfused|winogradForward(Data|Filter|Output)|winogradWgrad(Data|Delta|Output)/i,
    'WINOGRAD_NONFUSED',
    'any',
  ],
  [/winograd/i, 'WINOGRAD', 'any'],
  [/fft[123]d_[rc]2[rc]|DSE::\w*_fft|pointwise_mult_and_sum_complex/i, 'FFT', 'any'],
  [/grouped_direct_kernel|conv_depthwise2d/i, 'grouped direct', 'any'],
  [/dgrad2d_alg1|dgrad_alg1\w*_engine/, 'ALGO_1', 'backward data'],
  [/dgrad(_float|_half)?_engine|dgrad_alg0/, 'ALGO_0', 'backward data'],
  [/wgrad_alg0\w*_engine/, 'ALGO_0', 'backward filter'],
  [/wgrad_alg1\w*_engine|wgrad2d_c1_k1/, 'ALGO_1', 'backward filter'],
  [/wgrad_alg3/, 'ALGO_3', 'backward filter'],
  [/(cutlass|xmma|[a-z\d]cudnn_).*dgrad/i, 'implicit GEMM', 'backward data'],
  [/(cutlass|xmma|[a-z\d]cudnn_).*wgrad/i, 'implicit GEMM', 'backward filter'],
  [/(cutlass|xmma).*fprop/i, 'implicit GEMM', 'forward'],
  [/precomputed_convolve_\w*gemm|(maxwell|volta|turing|ampere)_\w*cudnn_/i, 'IMPLICIT_PRECOMP_GEMM', 'any'],
  [/implicit_convolve(Nd)?_\w*gemm/i, 'IMPLICIT_GEMM', 'any'],
  [/explicit_convolve_\w*gemm|im2col/i, 'GEMM', 'any'],
  [/(nchw|nhwc)To(folded)?(nchw|nhwc)|(nchw|nhwc)AddPadding/i, 'change of layout', 'any'],
];

/**
 * The instruction of the tensor cores by its shape, as in `s884` or `tensorop`. XMMA's kernels use them all but those
 * of plain fused multiply-adds, which are what float32 without TF32 runs on.
 */
const onTensorCores = /tensorop|[his](884|1688|8816|16816)cudnn|xmma(?!.*_ffma)/i;

/** The algorithm of a kernel; `undefined` where the name says nothing. */
export function algorithmOfKernel(name: string): KernelAlgorithm | undefined {
  const row = rows.find(([pattern]) => pattern.test(name));
  return row && { algorithm: row[1], direction: row[2], tensorCores: onTensorCores.test(name) };
}
