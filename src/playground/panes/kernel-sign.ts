/**
 * @file A kernel's colour and letter: those of the algorithm that it belongs to, as its path tells; else of its folder.
 */
import { algorithmOfKernel } from '../../compare/kernel-names.ts';
import type { Sign } from './palette.ts';
import { signOf } from './palette.ts';

/** Beginnings of kernels' names, the more particular first. */
const algorithms: readonly (readonly [start: string, algorithm: string])[] = [
  ['conv2d/direct/', 'DIRECT'],
  ['conv2d/im2col', 'GEMM'],
  ['conv2d/implicit/precomp_gemm', 'IMPLICIT_PRECOMP_GEMM'],
  ['conv2d/implicit/filter_order', 'IMPLICIT_PRECOMP_GEMM'],
  ['conv2d/index_table', 'IMPLICIT_PRECOMP_GEMM'],
  ['conv2d/implicit/', 'IMPLICIT_GEMM'],
  ['conv2d/winograd/nonfused', 'WINOGRAD_NONFUSED'],
  ['conv2d/winograd/', 'WINOGRAD'],
  ['conv2d/fft/', 'FFT'],
  ['gemm/1_naive', 'NAIVE'],
  ['gemm/5_shared', 'SHARED'],
  ['gemm/split_k', 'SPLIT_K'],
  ['gemm/', 'TILED'],
  ['pool/1_direct', 'DIRECT'],
  ['pool/2_sliding', 'SLIDING'],
  ['pool/3_workgroup', 'WORKGROUP'],
  ['pool/backward/1_gather', 'GATHER'],
  ['pool/backward/2_tiles', 'TILES'],
  ['pool/backward/3_scatter', 'SCATTER'],
  ['attention/1_efficient', 'EFFICIENT_ATTENTION'],
  ['attention/2_flash', 'FLASH_ATTENTION'],
  ['attention/', 'MATH'],
];

export function kernelSign(name: string): Sign {
  const [, algorithm] = algorithms.find(([start]) => name.startsWith(start)) ?? [];
  return signOf(algorithm ?? familyOf(name));
}

/** Of a kernel of CUDA, that of the algorithm that its name tells; most tell none. */
export function cudaSign(name: string): Sign | undefined {
  const found = algorithmOfKernel(name);
  return found && signOf(found.algorithm);
}

/** `'backward_filter'` of `'conv2d/backward_filter/4_depthwise'`, `'reduce'` of `'reduce/1_serial sum'`. */
function familyOf(name: string): string {
  const [path] = name.split(' ');
  return path.split('/').slice(0, -1).at(-1) ?? path;
}
