/**
 * @file What the words of this field mean, in a sentence or two: the algorithms by cuDNN's names, and the terms that
 * stand beside their numbers.
 */
import type { Words } from '../../base/words.ts';

export interface Entry {
  readonly title: Words;
  readonly text: Words;
}

/** By name, as a race shows it. A name that serves several operations says so. */
export const algorithms: Readonly<Record<string, Words>> = {
  DIRECT: {
    en: 'The definition: slides the filter over the image and sums a window times the filter for every output. Needs no workspace and runs everything.',
    zh: '按定义直接计算：卷积核在图像上滑动，每个输出等于窗口与卷积核逐项相乘再求和。不需要工作空间，任何卷积都能算。',
  },
  GEMM: {
    en: 'Copies every window to a column of a matrix (im2col), then multiplies two matrices. The matrix is the workspace: for 3×3 filters about nine times the image.',
    zh: '先用 im2col 把每个窗口展开成矩阵的一列，再做一次矩阵乘。展开后的矩阵就是工作空间：3×3 卷积核时约为图像的九倍。',
  },
  IMPLICIT_GEMM: {
    en: 'The same matrix product without the matrix: each invocation works out where in the image an element of it would come from.',
    zh: '同样的矩阵乘，但不生成那个矩阵：每个线程自己算出某个元素在图像中的位置。',
  },
  IMPLICIT_PRECOMP_GEMM: {
    en: 'Like IMPLICIT_GEMM, with the positions looked up in a small table that is computed once.',
    zh: '与 IMPLICIT_GEMM 相同，只是位置从一张预先算好的小表中查得。',
  },
  WINOGRAD: {
    en: 'Transforms tiles so that four outputs of a 3×3 filter take 16 multiplications instead of 36. Only 3×3 with stride 1; rounds a little more.',
    zh: '对小块做变换，使 3×3 卷积的四个输出只需 16 次乘法，而不是 36 次。只适用于 3×3、步长 1；舍入误差略大。',
  },
  WINOGRAD_NONFUSED: {
    en: 'Winograd in separate kernels, with larger tiles: transforms go through the workspace, and the middle step is a matrix product.',
    zh: '把 Winograd 拆成几个内核并使用更大的块：变换结果经过工作空间，中间一步是矩阵乘。',
  },
  FFT: {
    en: 'Transforms image and filters to spectra, where a convolution is a product number by number. Its time hardly grows with the filter; its workspace is large.',
    zh: '把图像和卷积核变换到频域，卷积就成了逐点相乘。耗时几乎不随卷积核变大而增加，但工作空间很大。',
  },
  FFT_TILING: {
    en: 'FFT by overlapping tiles of 32×32, so that the workspace stays small however large the image is.',
    zh: '把图像切成相互重叠的 32×32 小块再做 FFT，图像再大，工作空间也不大。',
  },
  ALGO_0: {
    en: 'A gradient by atomic additions: parts are added in whatever order they end, so the last bits differ from run to run.',
    zh: '用原子加法求梯度：各部分谁先算完谁先加，因此每次运行的末几位可能不同。',
  },
  ALGO_1: {
    en: 'A gradient whose sums always have the same order: the bits repeat.',
    zh: '求梯度时求和顺序固定：结果逐位可复现。',
  },
  ALGO_3: {
    en: 'Like ALGO_0, with the positions in the image looked up in a table.',
    zh: '与 ALGO_0 相同，只是图像中的位置从表中查得。',
  },
  NAIVE: {
    en: 'One invocation for each number of the result; every operand is read from memory each time.',
    zh: '每个线程算结果中的一个数，操作数每次都从内存读取。',
  },
  TILED: {
    en: 'Workgroups load pieces of both matrices to workgroup memory and share them.',
    zh: '工作组把两个矩阵的小块读入共享内存，组内共用。',
  },
  REGISTER: {
    en: 'Each invocation keeps a block of the result in registers and reads each operand once for several numbers.',
    zh: '每个线程在寄存器中保存结果的一小块，每读一个操作数就用于多个结果。',
  },
  VEC4: { en: 'Like REGISTER, with four numbers read at a time.', zh: '与 REGISTER 相同，但每次读取四个数。' },
  SHARED: {
    en: 'Blocks in registers, fed from pieces that the workgroup shares.',
    zh: '寄存器分块，数据来自工作组共享内存中的小块。',
  },
  SPLIT_K: {
    en: 'Splits long sums among workgroups and adds the parts, so that a small result keeps the whole GPU busy.',
    zh: '把很长的求和分给多个工作组，最后再相加，使结果很小时也能用满 GPU。',
  },
  SLIDING: {
    en: 'Pooling whose neighbouring windows share what lies under them.',
    zh: '池化：相邻窗口共用重叠部分的数据。',
  },
  TILES: {
    en: 'The gradient of pooling where windows do not overlap: each writes its own part.',
    zh: '窗口互不重叠时的池化梯度：每个窗口只写自己那一块。',
  },
  GATHER: {
    en: 'The gradient of pooling: each number of the input asks the windows over it.',
    zh: '池化梯度：输入的每个数去查询覆盖它的各个窗口。',
  },
  SCATTER: {
    en: 'The gradient of pooling: each window adds to the number that it took, by atomic additions.',
    zh: '池化梯度：每个窗口用原子加法把梯度加到它选中的那个数上。',
  },
  WORKGROUP: {
    en: 'The invocations of a workgroup share one result and join their parts in workgroup memory.',
    zh: '一个工作组的线程共同算一个结果，并在共享内存中合并各自的部分。',
  },
  SERIAL: {
    en: 'One invocation walks over all elements of a result. It runs everything.',
    zh: '由一个线程依次处理一个结果的全部元素。任何情况都能算。',
  },
  SPLIT: {
    en: 'Several workgroups take parts of one long sum; a second kernel adds the parts.',
    zh: '多个工作组各算长求和的一段，再由第二个内核相加。',
  },
  MATH: {
    en: 'Attention step by step: scores, softmax, weighted sum, each written to memory.',
    zh: '逐步计算注意力：得分、softmax、加权求和，每一步都写回内存。',
  },
  FLASH_ATTENTION: {
    en: 'Attention by tiles, with a running softmax: the matrix of scores is never written.',
    zh: '按块计算注意力，softmax 边算边更新，得分矩阵从不写入内存。',
  },
  EFFICIENT_ATTENTION: {
    en: 'Attention one query at a time with a running softmax, so memory grows with the length, not its square.',
    zh: '逐个查询计算注意力并边算边更新 softmax，内存随长度线性增长，而不是平方增长。',
  },
};

const terms = {
  workspace: {
    title: { en: 'Workspace', zh: '工作空间（workspace）' },
    text: {
      en: 'Device memory that an algorithm needs beside input and output, for as long as it runs. A limit excludes algorithms that need more.',
      zh: '算法运行期间除输入和输出之外额外需要的显存。设置上限后，超过上限的算法不能使用。',
    },
  },
  epilogue: {
    title: { en: 'Epilogue', zh: '尾部融合（epilogue）' },
    text: {
      en: 'What a kernel does with each result before it writes it: bias, ReLU, pooling. It saves a round through memory.',
      zh: '内核写出结果之前顺带完成的操作：加偏置、ReLU、池化等，省去一次显存读写。',
    },
  },
  occupancy: {
    title: { en: 'Occupancy', zh: '占用率（occupancy）' },
    text: {
      en: 'How many invocations a GPU has in flight of those that it could have. Registers and workgroup memory of a kernel bound it. Too few cannot hide the time that memory takes.',
      zh: 'GPU 上同时驻留的线程数与上限之比，受内核所用寄存器和共享内存限制。太低时无法掩盖访存延迟。',
    },
  },
  roofline: {
    title: { en: 'Roofline', zh: '屋顶线模型（roofline）' },
    text: {
      en: 'The highest speed that a kernel can have: under the slope memory bounds it, under the flat part arithmetic does.',
      zh: '内核能达到的最高速度：斜线部分受内存带宽限制，水平部分受算力限制。',
    },
  },
  intensity: {
    title: { en: 'Operations a byte', zh: '计算强度（每字节运算数）' },
    text: {
      en: 'Arithmetic operations for each byte that goes to or from memory. Where it is small, memory is what counts.',
      zh: '每读写一字节内存所做的算术运算次数。数值小时，瓶颈在内存。',
    },
  },
  ceiling: {
    title: { en: 'Ceiling', zh: '上限（ceiling）' },
    text: {
      en: 'The fastest that this adapter was measured to be, by probes that only compute or only move data.',
      zh: '用只计算或只搬运数据的探针在本机测得的最高速度。',
    },
  },
  ulp: {
    title: { en: 'ulp', zh: 'ulp（末位单位）' },
    text: {
      en: 'Unit in the last place: the distance to the next number that a format can hold. Rounding once is at most half of it.',
      zh: '末位单位：某种浮点格式中一个数到相邻可表示数的距离。一次舍入的误差最多为半个 ulp。',
    },
  },
  error: {
    title: { en: 'Rms error', zh: '均方根误差（rms error）' },
    text: {
      en: 'The largest difference from a float64 run, divided by the rms (root of the mean square) of its numbers. 1e-7 is as good as float32 gets.',
      zh: '与 float64 结果的最大差值除以其均方根（rms）。float32 最好约为 1e-7。',
    },
  },
  tolerance: {
    title: { en: 'Tolerance', zh: '容差（tolerance）' },
    text: {
      en: 'The error that rounding may cause with this dtype, this length of sum, and this algorithm. More is a fault.',
      zh: '在该数据类型、求和长度和算法下舍入所允许的误差。超过即视为错误。',
    },
  },
  spread: {
    title: { en: 'Spread', zh: '离散程度（spread）' },
    text: {
      en: 'The middle half of the samples lies within it (the interquartile range). Wide means that the machine was doing other things too.',
      zh: '中间一半的测量值落在这个范围内（四分位距）。范围很宽，说明机器当时还在忙别的事。',
    },
  },
  model: {
    title: { en: 'By the model', zh: '模型估算' },
    text: {
      en: 'A time that was computed from operations, bytes and launches, not measured. Measurements correct it.',
      zh: '根据运算量、访存量和启动次数推算的时间，并非实测。实测结果会修正它。',
    },
  },
  guess: {
    title: { en: "The model's guess", zh: '模型的猜测' },
    text: {
      en: 'What would run without benchmark: the heuristic picks the shortest predicted time, as cuDNN does by default.',
      zh: '不开 benchmark 时会选的算法：启发式按预测时间最短选择，与 cuDNN 默认行为相同。',
    },
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type Term = keyof typeof terms;

/** The term, or the algorithm of that name; `undefined` for one of the visitor's own making. */
export function entryOf(name: string): Entry | undefined {
  if (Object.hasOwn(terms, name)) return terms[name as Term];
  const text = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  return text && { title: { en: name, zh: name }, text };
}

export const termNames = Object.keys(terms) as readonly Term[];
