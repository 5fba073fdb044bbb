/**
 * @file The ceilings of GPUs that remotes have, by the names under which PyTorch tells them. Nothing probes a remote,
 * so these are the manufacturer's figures of what its GPU could do at most: a model of it, not a measurement. A device
 * that no row names exactly, as a slice of a GPU, has none here.
 */
import type { Report } from '../../../remote/report.ts';
import { say } from '../../language.ts';

export interface PublishedCeilings {
  /** Operations and bytes a nanosecond. */
  readonly flops: number;
  readonly bytes: number;
  /** `'float32'`, `'TF32 on tensor cores'`. */
  readonly arithmetic: string;
  readonly source: string;
}

interface Row {
  readonly name: RegExp;
  /** TFLOP/s of float32 without tensor cores. */
  readonly float32: number;
  /** TFLOP/s of dense TF32; datasheets that count sparsity say twice as much. */
  readonly tf32?: number;
  /** GB/s. */
  readonly memory: number;
  readonly source: string;
}

const rows: readonly Row[] = [
  {
    name: /^NVIDIA H200$/,
    float32: 67,
    tf32: 494.5,
    memory: 4800,
    source: 'NVIDIA H200 Tensor Core GPU datasheet, SXM',
  },
  {
    name: /^NVIDIA H100 80GB HBM3$/,
    float32: 67,
    tf32: 494.5,
    memory: 3350,
    source: 'NVIDIA H100 Tensor Core GPU datasheet, SXM',
  },
  {
    name: /^NVIDIA A100-SXM4-80GB$/,
    float32: 19.5,
    tf32: 156,
    memory: 2039,
    source: 'NVIDIA A100 Tensor Core GPU datasheet, 80 GB SXM',
  },
  {
    name: /^NVIDIA A100 80GB PCIe$/,
    float32: 19.5,
    tf32: 156,
    memory: 1935,
    source: 'NVIDIA A100 Tensor Core GPU datasheet, 80 GB PCIe',
  },
  {
    name: /^NVIDIA A100-(SXM4|PCIE)-40GB$/,
    float32: 19.5,
    tf32: 156,
    memory: 1555,
    source: 'NVIDIA A100 Tensor Core GPU architecture whitepaper',
  },
  {
    name: /^Tesla V100-SXM2-(16|32)GB$/,
    float32: 15.7,
    memory: 900,
    source: 'NVIDIA V100 Tensor Core GPU datasheet, SXM2',
  },
  {
    name: /^Tesla V100-PCIE-(16|32)GB$/,
    float32: 14,
    memory: 900,
    source: 'NVIDIA V100 Tensor Core GPU datasheet, PCIe',
  },
  { name: /^Tesla T4$/, float32: 8.1, memory: 320, source: 'NVIDIA T4 Tensor Core GPU product brief' },
];

/** Those of the arithmetic that the remote computed in; else why there are none, a sentence. */
export function publishedCeilings({ device, settings }: Report): PublishedCeilings | string {
  const row = rows.find(({ name }) => name.test(device.name));
  if (!row)
    return say({
      en: `the ceilings of ${device.name} are not among the published figures that this page has.`,
      zh: `本页所存的公布值中没有 ${device.name} 的上限。`,
    });
  const { dtype, autocast, allow_tf32: mayTf32 } = settings;
  if (autocast || dtype !== 'float32') {
    const type = autocast || dtype || say({ en: 'a type that its report does not tell', zh: '其报告未说明的类型' });
    return say({
      en: `it computed in ${type}, and this page has ceilings for float32 and TF32 alone.`,
      zh: `它以 ${type} 计算，而本页只有 float32 和 TF32 的上限。`,
    });
  }
  const isTf32 = mayTf32 === true && row.tf32 !== undefined;
  return {
    flops: 1000 * (isTf32 ? row.tf32 : row.float32),
    bytes: row.memory,
    arithmetic: isTf32 ? say({ en: 'TF32 on tensor cores', zh: '张量核心上的 TF32' }) : 'float32',
    source: row.source,
  };
}
