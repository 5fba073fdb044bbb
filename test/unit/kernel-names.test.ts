/** Kernel names as profiles of PyTorch show them, and the algorithm that each tells. */
import { expect, test } from 'vitest';
import { algorithmOfKernel } from '../../src/compare/kernel-names.ts';

test.each([
  ['void implicit_convolve_sgemm<float, float, 1024, 5, 5, 3, 3, 3, 1, false, false, true>(int, ...)', 'IMPLICIT_GEMM', false],
  ['void explicit_convolve_sgemm<float, int, 1024, 6, 7, 3, 3, 5, 0, false>', 'GEMM', false],
  ['void precomputed_convolve_sgemm<float, 512, 5, 5, 3, 3, 3, 0, false>', 'IMPLICIT_PRECOMP_GEMM', false],
  ['volta_scudnn_128x64_relu_interior_nn_v1', 'IMPLICIT_PRECOMP_GEMM', false],
  ['ampere_scudnn_128x32_relu_small_nn_v1', 'IMPLICIT_PRECOMP_GEMM', false],
  ['ampere_scudnn_winograd_128x128_ldg1_ldg4_relu_tile148t_nt_v1', 'WINOGRAD', false],
  ['maxwell_scudnn_winograd_128x128_ldg1_ldg4_tile148n_nt', 'WINOGRAD', false],
  ['void cudnn::winograd::generateWinogradTilesKernel<0, float, float>', 'WINOGRAD', false],
  ['void cudnn::winograd_nonfused::winogradForwardData4x4<float, float>', 'WINOGRAD_NONFUSED', false],
  ['void fft2d_r2c_32x32<float, false, 0u, false>', 'FFT', false],
  ['cutlass_tensorop_s1688fprop_optimized_tf32_128x128_16x4_nhwc_align4', 'implicit GEMM', true],
  ['sm80_xmma_fprop_implicit_gemm_tf32f32_tf32f32_f32_nhwckrsc_nhwc_tilesize128x128x16', 'implicit GEMM', true],
  ['sm90_xmma_fprop_implicit_gemm_f16f16_f16f32_f32_nhwckrsc_nhwc', 'implicit GEMM', true],
  ['void cudnn::cnn::dgrad2d_alg1_1<float, 0, 6, 7, 5, 4, 5, false, true>', 'ALGO_1', false],
  ['void cudnn::cnn::wgrad_alg0_engine<float, 128, 5, 5, 3, 3, 3, false, 512>', 'ALGO_0', false],
  ['void cudnn::ops::nchwToNhwcKernel<float, float, float, false, true, (cudnnKernelDataType_t)2>', 'change of layout', false],
  ['void cudnn::cnn::conv2d_grouped_direct_kernel<false, true, false, false, 0, 0, int, float>', 'grouped direct', false],
])('%s is %s', (name, algorithm, tensorCores) => {
  expect(algorithmOfKernel(name)).toMatchObject({ algorithm, tensorCores });
});

test('a kernel that is no convolution tells nothing', () => {
  expect(algorithmOfKernel('void at::native::vectorized_elementwise_kernel<4, at::native::relu>')).toBeUndefined();
  expect(algorithmOfKernel('ampere_sgemm_128x64_nn')).toBeUndefined();
});
