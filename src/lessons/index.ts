/**
 * @file The lessons, in the order of the course. Each is a folder beside this file: `en.md`, `zh.md`, `program.ts`, and
 * `lesson.ts` with its check, which is loaded when the lesson is opened.
 */
import type { Words } from '../base/words.ts';
import type { Lesson } from './lesson.ts';

export interface LessonRow {
  /** In links and on the command line. */
  readonly id: string;
  readonly folder: string;
  /** The same as the titles of its texts. */
  readonly title: Words;
  /** Where people asked: `'pytorch/pytorch#18536'`. */
  readonly threads: readonly string[];
  readonly load: () => Promise<{ readonly lesson: Lesson }>;
}

const pytorch = (...numbers: number[]): string[] => numbers.map((number) => `pytorch/pytorch#${number}`);

/** The lesson whose program brings a kernel: a teacher may set one as an assignment. */
export const ownKernel = 'own-kernel';

export const lessons: readonly LessonRow[] = [
  {
    id: 'which',
    folder: '01-which',
    title: { en: 'Which algorithm ran, and why?', zh: '究竟运行了哪种算法，为什么？' },
    threads: pytorch(18536, 52439, 88567),
    load: () => import('./01-which/lesson.ts'),
  },
  {
    id: 'im2col',
    folder: '02-im2col',
    title: { en: 'What does im2col cost in memory?', zh: 'im2col 要付出多少内存？' },
    threads: pytorch(13412),
    load: () => import('./02-im2col/lesson.ts'),
  },
  {
    id: 'pointwise',
    folder: '03-pointwise',
    title: { en: 'A 1×1 convolution is a matrix product', zh: '1×1 卷积就是矩阵乘' },
    threads: pytorch(18631),
    load: () => import('./03-pointwise/lesson.ts'),
  },
  {
    id: 'winograd',
    folder: '04-winograd',
    title: { en: 'Winograd: fewer multiplications, at a price', zh: 'Winograd：乘法更少，但有代价' },
    threads: ['ml-explore/mlx#4242'],
    load: () => import('./04-winograd/lesson.ts'),
  },
  {
    id: 'fft',
    folder: '05-fft',
    title: { en: 'FFT: a large filter costs no more', zh: 'FFT：卷积核变大，代价几乎不变' },
    threads: pytorch(15827),
    load: () => import('./05-fft/lesson.ts'),
  },
  {
    id: 'filter-size',
    folder: '06-filter-size',
    title: { en: "Why is time not monotonic in the filter's size?", zh: '为什么耗时不随卷积核大小单调增长？' },
    threads: pytorch(15827, 35603, 101529),
    load: () => import('./06-filter-size/lesson.ts'),
  },
  {
    id: 'workspace',
    folder: '07-workspace',
    title: { en: 'What does a limit of workspace cost?', zh: '限制工作空间要付出什么？' },
    threads: pytorch(49207, 166790, 13412),
    load: () => import('./07-workspace/lesson.ts'),
  },
  {
    id: 'benchmark',
    folder: '08-benchmark',
    title: { en: 'What does benchmark cost, and what is kept?', zh: 'benchmark 要付出什么，又留下什么？' },
    threads: pytorch(2759, 4392),
    load: () => import('./08-benchmark/lesson.ts'),
  },
  {
    id: 'dynamic-shapes',
    folder: '09-dynamic-shapes',
    title: { en: 'Benchmark with sizes that change', zh: '尺寸变化时的 benchmark' },
    threads: pytorch(2759),
    load: () => import('./09-dynamic-shapes/lesson.ts'),
  },
  {
    id: 'depthwise',
    folder: '10-depthwise',
    title: { en: 'Depthwise has fewer operations; is it faster?', zh: '深度卷积运算更少，就更快吗？' },
    threads: pytorch(18631),
    load: () => import('./10-depthwise/lesson.ts'),
  },
  {
    id: 'determinism',
    folder: '11-determinism',
    title: { en: 'The same seed, and other weights', zh: '随机种子相同，权重却不同' },
    threads: pytorch(11278, 23727, 2831),
    load: () => import('./11-determinism/lesson.ts'),
  },
  {
    id: 'batch',
    folder: '12-batch',
    title: { en: 'The same image, another batch, other bits', zh: '同一张图像，换个批次，比特就不同' },
    threads: pytorch(106749),
    load: () => import('./12-batch/lesson.ts'),
  },
  {
    id: 'half',
    folder: '13-half',
    title: { en: 'What do fp16, bf16 and int8 cost?', zh: 'fp16、bf16、int8 的代价是什么？' },
    threads: ['ROCm/rocm-libraries#3508'],
    load: () => import('./13-half/lesson.ts'),
  },
  {
    id: 'tf32',
    folder: '14-tf32',
    title: { en: 'TF32: here and on CUDA', zh: 'TF32：本机与 CUDA' },
    threads: pytorch(107514, 70589),
    load: () => import('./14-tf32/lesson.ts'),
  },
  {
    id: 'fusion',
    folder: '15-fusion',
    title: { en: 'What does fusing convolution and ReLU save?', zh: '融合卷积与 ReLU 省下了什么？' },
    threads: [],
    load: () => import('./15-fusion/lesson.ts'),
  },
  {
    id: 'naive',
    folder: '16-naive',
    title: { en: 'How much does a library give?', zh: '一个库能带来多少？' },
    threads: [],
    load: () => import('./16-naive/lesson.ts'),
  },
  {
    id: 'overhead',
    folder: '17-overhead',
    title: { en: 'When is a GPU slower than a CPU?', zh: '什么时候 GPU 比 CPU 还慢？' },
    threads: ['gpuweb/gpuweb#5291', 'huggingface/transformers.js#796'],
    load: () => import('./17-overhead/lesson.ts'),
  },
  {
    id: ownKernel,
    folder: '18-own-kernel',
    title: { en: 'A kernel of your own, against the library', zh: '自己写的内核，对决算法库' },
    threads: [],
    load: () => import('./18-own-kernel/lesson.ts'),
  },
];

export function threadAddress(thread: string): string {
  const [repository, number] = thread.split('#');
  return `https://github.com/${repository}/issues/${number}`;
}
