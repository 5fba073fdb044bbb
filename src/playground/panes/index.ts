/**
 * @file The panes of the bench, in the order of their tabs.
 */
import type { Pane } from './pane.ts';

export const panes = {
  lesson: {
    title: { en: 'Lesson', zh: '课程' },
    about: {
      en: 'A question, your prediction, and the answer of this machine.',
      zh: '一个问题、你的预测，以及本机给出的答案。',
    },
    home: 'before',
    load: () => import('./lesson/pane.tsx'),
  },
  race: {
    title: { en: 'Race', zh: '竞速' },
    about: { en: 'Who won, by how much, at what price.', zh: '谁赢了，快多少，代价是什么。' },
    home: 'beside',
    load: () => import('./race/pane.tsx'),
  },
  graph: {
    title: { en: 'Graph', zh: '计算图' },
    about: {
      en: 'What ran, what was fused, what was not and why.',
      zh: '运行了什么，哪些被融合，哪些没有，以及原因。',
    },
    home: 'beside',
    instrument: true,
    load: () => import('./graph/pane.tsx'),
  },
  kernel: {
    title: { en: 'Kernel', zh: '内核' },
    about: { en: 'The kernels that ran, their times and their code.', zh: '运行过的内核、耗时和代码。' },
    home: 'beside',
    instrument: true,
    load: () => import('./kernel/pane.tsx'),
  },
  timeline: {
    title: { en: 'Timeline', zh: '时间线' },
    about: { en: 'Where the time of a run went.', zh: '一次运行的时间花在哪里。' },
    home: 'beside',
    instrument: true,
    load: () => import('./timeline/pane.tsx'),
  },
  roofline: {
    title: { en: 'Roofline', zh: '屋顶线' },
    about: { en: 'Is it the arithmetic or the memory?', zh: '瓶颈是计算还是访存？' },
    home: 'beside',
    instrument: true,
    load: () => import('./roofline/pane.tsx'),
  },
  step: {
    title: { en: 'Step', zh: '单步' },
    about: { en: 'How an algorithm works, number by number.', zh: '逐个数字看算法如何工作。' },
    home: 'beside',
    load: () => import('./step/pane.tsx'),
  },
  map: {
    title: { en: 'Map', zh: '分界图' },
    about: { en: 'Where the winner changes.', zh: '最快的算法在哪里易主。' },
    home: 'beside',
    load: () => import('./map/pane.tsx'),
  },
  comparison: {
    title: { en: 'Compare', zh: '对比' },
    about: { en: 'Is it the same in real PyTorch, and how fast?', zh: '真实 PyTorch 的结果是否相同，速度如何？' },
    home: 'beside',
    load: () => import('./comparison/pane.tsx'),
  },
  console: {
    title: { en: 'Console', zh: '控制台' },
    about: { en: 'What the program printed, and how it failed.', zh: '程序打印了什么，为什么失败。' },
    home: 'below',
    load: () => import('./console/pane.tsx'),
  },
  output: {
    title: { en: 'Output', zh: '输出' },
    about: { en: 'The tensors that the program made.', zh: '程序得到的张量。' },
    home: 'below',
    load: () => import('./output/pane.tsx'),
  },
  memory: {
    title: { en: 'Memory', zh: '内存' },
    about: {
      en: 'Who holds the memory, and the measurements that are kept.',
      zh: '谁占用内存，以及保留了哪些测量结果。',
    },
    home: 'below',
    instrument: true,
    load: () => import('./memory/pane.tsx'),
  },
  class: {
    title: { en: 'Class', zh: '课堂' },
    about: {
      en: 'For teachers: a link for students, and their files in a table.',
      zh: '供教师使用：给学生的链接，以及学生文件的汇总表。',
    },
    home: 'beside',
    closed: true,
    load: () => import('./class/pane.tsx'),
  },
} as const satisfies Record<string, Pane>;

export type PaneId = keyof typeof panes;

export const paneIds = Object.keys(panes) as readonly PaneId[];

export const isPane = (name: string): name is PaneId => Object.hasOwn(panes, name);
