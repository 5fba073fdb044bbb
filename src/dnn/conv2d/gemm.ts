/**
 * @file GEMM: the input written out as a matrix of columns (im2col), then one matrix product with the filters.
 *
 * The matrix has C·R·S·P·Q elements an image. It is made in chunks that stay below a fixed size: several images at a
 * time where they are small, part of an image's pixels where it is large. A 1×1 filter with stride 1 and no padding
 * needs no matrix: x is it already.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { GemmDescriptor } from '../gemm/descriptor.ts';
import { gemmDescriptor } from '../gemm/descriptor.ts';
import { gemmTable } from '../gemm/table.ts';
import type { GemmAlgorithm } from '../gemm/algorithm.ts';
import { convAlgorithm, convParams, convPart, elementBytes, elementPart, refusesPool } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';

const group = 64;

/** Pixels that one invocation of im2col writes. */
const run = 16;

/** The matrix of columns of one chunk takes at most this, or one column of pixels. */
const chunkBytes = 64 * 2 ** 20;

/** The matmuls that may make the product; the others are there to learn from. */
const products = [gemmTable.VEC4, gemmTable.REGISTER, gemmTable.SHARED, gemmTable.SPLIT_K];

interface GemmConvConfig extends Config {
  readonly gemm: GemmAlgorithm;
  readonly gemmConfig: Config;
}

/** A part of the output: all pixels of some images, or some pixels of one. */
interface Chunk {
  readonly image: number;
  readonly images: number;
  readonly pixel: number;
  readonly pixels: number;
}

export const gemm = convAlgorithm<GemmConvConfig>({
  name: 'GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: (d) => refusesPool(d, 'its product writes rows of pixels, and a window lies in two of them') ?? true,
  configs: (d, device) => {
    const chunks = chunksOf(d).map((chunk) => productOf(d, chunk));
    const [product] = chunks;
    return products
      .filter((algorithm) => chunks.every((chunk) => algorithm.supports(chunk, device) === true))
      .flatMap((algorithm) =>
        algorithm
          .configs(product, device)
          .map((gemmConfig) => ({
            label: [algorithm.name.toLowerCase(), gemmConfig.label].filter(Boolean).join(' '),
            mathType: gemmConfig.mathType,
            gemm: algorithm,
            gemmConfig,
          })),
      );
  },
  workspace: (d, config) => {
    const [first] = chunksOf(d);
    const columns = isPointwise(d) ? [] : [columnRows(d) * first.images * first.pixels * elementBytes(d)];
    return [...columns, ...config.gemm.workspace(productOf(d, first), config.gemmConfig)];
  },
  launches: (d, config, slots) =>
    chunksOf(d).flatMap((chunk) => {
      const [columns, rest] = isPointwise(d)
        ? [slots.x, slots.workspace]
        : [slots.workspace[0], slots.workspace.slice(1)];
      const product = config.gemm.launches(productOf(d, chunk), config.gemmConfig, {
        a: slots.w,
        b: columns,
        c: slots.y,
        workspace: rest,
        bias: slots.bias,
        residual: slots.residual,
      });
      return isPointwise(d) ? product : [im2col(d, chunk, slots.x, columns), ...product];
    }),
});

const columnRows = (d: ConvDescriptor): number => d.C * d.R * d.S;

/** x itself is the matrix of columns. */
const isPointwise = (d: ConvDescriptor): boolean =>
  d.R === 1 &&
  d.S === 1 &&
  d.strideH === 1 &&
  d.strideW === 1 &&
  d.P === d.H &&
  d.Q === d.W &&
  d.padTop === 0 &&
  d.padLeft === 0;

function chunksOf(d: ConvDescriptor): Chunk[] {
  const pixels = d.P * d.Q;
  if (isPointwise(d)) return [{ image: 0, images: d.N, pixel: 0, pixels }];
  const columns = Math.max(1, Math.floor(chunkBytes / (columnRows(d) * elementBytes(d))));
  const imagesAtOnce = Math.floor(columns / pixels);
  const chunks: Chunk[] = [];
  if (imagesAtOnce >= 1) {
    for (let image = 0; image < d.N; image += imagesAtOnce) {
      chunks.push({ image, images: Math.min(imagesAtOnce, d.N - image), pixel: 0, pixels });
    }
    return chunks;
  }
  for (let image = 0; image < d.N; image++) {
    for (let pixel = 0; pixel < pixels; pixel += columns) {
      chunks.push({ image, images: 1, pixel, pixels: Math.min(columns, pixels - pixel) });
    }
  }
  return chunks;
}

/** y[image, g] = w[g] · columns[image, g], a batch of images by groups. */
function productOf(d: ConvDescriptor, chunk: Chunk): GemmDescriptor {
  const { Cg, Kg } = groupChannels(d);
  const pixels = d.P * d.Q;
  const rows = Cg * d.R * d.S;
  return gemmDescriptor(Kg, chunk.pixels, rows, {
    outer: chunk.images,
    inner: d.groups,
    a: { outer: 0 },
    c: { offset: chunk.image * d.K * pixels + chunk.pixel, outer: d.K * pixels, inner: Kg * pixels, row: pixels },
    dtype: d.dtype,
    epilogue: d.epilogue,
    channel: 'row',
  });
}

function im2col(d: ConvDescriptor, chunk: Chunk, x: number, columns: number): Launch {
  return {
    kernel: kernel('conv2d/im2col', elementPart(d.dtype), convPart, { const: { GROUP: group, RUN: run } }),
    bindings: [reads(x), writes(columns), convParams(d, chunk.image, chunk.images, chunk.pixel, chunk.pixels)],
    workgroups: linearGrid(columnRows(d) * chunk.images * ceilDiv(chunk.pixels, run * group)),
  };
}
