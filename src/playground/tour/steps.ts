/**
 * @file What the tour shows, in which order, and where its card stands beside what it shows.
 */
import type { Words } from '../../base/words.ts';
import type { PaneId } from '../panes/index.ts';

export interface TourStep {
  readonly title: Words;
  readonly text: Words;
  /** What is pointed at, as a CSS selector. */
  readonly target: string;
  /** Brought to the front before. */
  readonly pane?: PaneId;
  /** A run that begins leads on. */
  readonly endsByRun?: true;
}

export const tourSteps: readonly TourStep[] = [
  {
    title: { en: 'A program', zh: '程序' },
    text: {
      en: 'A small network, written as in PyTorch. It runs in this page, on your own GPU. Change it as you like.',
      zh: '一个小网络，写法与 PyTorch 相同，就在本页用你自己的 GPU 运行。可以随意修改。',
    },
    target: '[data-group="editor"]',
  },
  {
    title: { en: 'Run it', zh: '运行' },
    text: {
      en: 'For each convolution, Run tries every algorithm that can compute it, checks each against float64, and times them against each other. Press it now, or go on.',
      zh: '按“运行”：对每个卷积逐一尝试能用的算法，与 float64 核对，再相互计时比较。现在就按，或继续下一步。',
    },
    target: '.masthead .primary',
    endsByRun: true,
  },
  {
    title: { en: 'The result in a sentence', zh: '一句话结论' },
    text: {
      en: 'Which algorithm won, by how much, and how many could not run. Before your first run it is a recorded one, and says so.',
      zh: '哪个算法胜出、快了多少、有几个不能用。第一次运行之前，这里是标明了来源的录制结果。',
    },
    target: '.headline',
  },
  {
    title: { en: 'The race', zh: '竞速' },
    text: {
      en: 'A lane for each algorithm: its time, its workspace, its error. Open one to read why it is where it is.',
      zh: '每个算法一条赛道：耗时、工作空间、误差。点开即可看到它为什么排在这里。',
    },
    target: '.group:has(#pane-race)',
    pane: 'race',
  },
  {
    title: { en: 'Step by step', zh: '逐步演示' },
    text: {
      en: 'How an algorithm works, number by number, on an image small enough to see. Go forward and back, and change the numbers.',
      zh: '在一幅小到每个数都看得见的图像上，逐个数字演示算法。可以前进、后退，也可以改数字。',
    },
    target: '.group:has(#pane-step)',
    pane: 'step',
  },
  {
    title: { en: 'Hold it against PyTorch', zh: '与 PyTorch 对照' },
    text: {
      en: 'The same model runs in a real PyTorch, on this machine or on one with CUDA, and both sides stand next to each other.',
      zh: '同一个模型在真正的 PyTorch 中运行，可以在本机，也可以在有 CUDA 的机器上，两边的结果并排显示。',
    },
    target: '.tools button[title*="Python"]',
  },
];

export const tourWords = {
  name: { en: 'Tour', zh: '导览' },
  skip: { en: 'Skip the tour', zh: '跳过导览' },
  back: { en: 'Back', zh: '上一步' },
  next: { en: 'Next', zh: '下一步' },
  done: { en: 'Done', zh: '完成' },
} as const satisfies Readonly<Record<string, Words>>;

/** In CSS pixels of the page's window. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Box, 'width' | 'height'>;

const gap = 12;

/**
 * Where a card stands: below its target, above it, behind it, before it, wherever it fits first; where it fits nowhere,
 * in the target's lower corner. Always within the window.
 */
export function placeCard(target: Box, card: Size, room: Size): Pick<Box, 'left' | 'top'> {
  const right = target.left + target.width;
  const bottom = target.top + target.height;
  const fitsAcross = (left: number): boolean => left >= gap && left + card.width <= room.width - gap;
  const fitsDown = (top: number): boolean => top >= gap && top + card.height <= room.height - gap;
  const within = (left: number, top: number) => ({
    left: Math.max(gap, Math.min(left, room.width - card.width - gap)),
    top: Math.max(gap, Math.min(top, room.height - card.height - gap)),
  });
  if (fitsDown(bottom + gap)) return within(target.left, bottom + gap);
  if (fitsDown(target.top - gap - card.height)) return within(target.left, target.top - gap - card.height);
  if (fitsAcross(right + gap)) return within(right + gap, target.top);
  if (fitsAcross(target.left - gap - card.width)) return within(target.left - gap - card.width, target.top);
  return within(right - card.width - gap, bottom - card.height - gap);
}
