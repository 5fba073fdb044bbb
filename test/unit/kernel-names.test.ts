/** Kernel names as profiles of PyTorch show them, and the algorithm that each tells. */
import { expect, test } from 'vitest';
import { algorithmOfKernel } from '../../src/compare/kernel-names.ts';

test.each([
  [
    'void implicit_convolve_sgemm<float, float, 1024, 5, 5, 3, 3, 3, 1, false, false, true>(int, ...)',
    'IMPLICIT_GEMM',
    false,
  ],
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
  [
    'void cudnn::ops::nchwToNhwcKernel<float, float, float, false, true, (cudnnKernelDataType_t)2>',
    'change of layout',
    false,
  ],
  [
    'void cudnn::cnn::conv2d_grouped_direct_kernel<false, true, false, false, 0, 0, int, float>',
    'grouped direct',
    false,
  ],
  // From here on as they stand in libcudnn 9.24.
  [
    'sm80_xmma_fprop_implicit_gemm_f32f32_f32f32_f32_nchwkcrs_nchw_tilesize32x32x8_stage3_warpsize1x2x1_g1_ffma_aligna4_alignc4_execute_kernel__5x_cudnn',
    'implicit GEMM',
    false,
  ],
  ['volta_s884cudnn_fp16_128x128_ldg8_dgrad_exp_interior_nhwc_tt_v1', 'implicit GEMM', true],
  ['turing_s1688cudnn_fp16_128x64_sliced1x4_ldg8_wgrad_idx_exp_interior_nhwc_nt_v1', 'implicit GEMM', true],
  ['ampere_scudnn_128x128_dgrad_exp_interior_nhwc_tt_v1', 'implicit GEMM', false],
  ['ampere_fp16_i8816cudnn_int8_128x128_ldg16_relu_interior_nt_v1', 'IMPLICIT_PRECOMP_GEMM', true],
  [
    'cutlass3x_sm100_tensorop_h128x128x16implicit_gemm_dgrad_f16_f16_f16_f16_f16_f16_128x128x64_dyn_cga_ndhwc_ndhwc_ndhwc_align8_1sm',
    'implicit GEMM',
    true,
  ],
  [
    'void precomputed_convolve_dgemm<int, 128, 5, 5, 3, 3, 3, 0, false>(int, int, int, double const*)',
    'IMPLICIT_PRECOMP_GEMM',
    false,
  ],
  [
    'void implicit_convolveNd_sgemm<__half, 3, 1024, 5, 5, 3, 3, 3, 0, false, false, false>(int, int, int)',
    'IMPLICIT_GEMM',
    false,
  ],
  ['void dgrad_alg1_nd_half_engine<__half, 3, 128, 6, 7, 3, 3, 5, 0, false, false>(int, int, int)', 'ALGO_1', false],
  ['void convolveNd_dgrad_float_engine<__half, 3, 128, 6, 7, 3, 3, 5, false>(int, int, int)', 'ALGO_0', false],
  ['void wgrad_alg1_nd_float_engine<__half, float, 3, 0, 5, 7, 4, 3, 5, false, false>(int, int, int)', 'ALGO_1', false],
  [
    'void cudnn::cnn::wgrad2d_grouped_direct_kernel<false, false, int, __half>(cudnn::cnn::WgradGroupedDirectParams)',
    'grouped direct',
    false,
  ],
  ['void fft1d_c2r_32<float2, float, __half, false>(__half*, float2 const*)', 'FFT', false],
  ['void DSE::vector_fft<0, 1, 128, 8, 8, 1, __half, float, float2>(float2*, float2*)', 'FFT', false],
  [
    'void nchwToFoldedNhwcKernel<__half, __half, float, false, (cudnnKernelDataType_t)0>(int, int)',
    'change of layout',
    false,
  ],
])('%s is %s', (name, algorithm, tensorCores) => {
  expect(algorithmOfKernel(name)).toMatchObject({ algorithm, tensorCores });
});

test('a kernel that is no convolution tells nothing', () => {
  expect(algorithmOfKernel('void at::native::vectorized_elementwise_kernel<4, at::native::relu>')).toBeUndefined();
  expect(algorithmOfKernel('ampere_sgemm_128x64_nn')).toBeUndefined();
  expect(
    algorithmOfKernel('void cudnn::batchnorm_fwtr_nhwc_semiPersist<__half, float, __half, 512, 16, 5, 1, 1, 0>'),
  ).toBeUndefined();
});
