/**
 * @file The panes of the bench, in the order of their tabs.
 */
import type { Pane } from './pane.ts';

export const panes = {
  lesson: {
    title: 'Lesson',
    about: 'A question, your prediction, and the answer of this machine.',
    home: 'before',
    load: () => import('./lesson/pane.tsx'),
  },
  race: {
    title: 'Race',
    about: 'Who won, by how much, at what price.',
    home: 'beside',
    load: () => import('./race/pane.tsx'),
  },
  graph: {
    title: 'Graph',
    about: 'What ran, what was fused, what was not and why.',
    home: 'beside',
    instrument: true,
    load: () => import('./graph/pane.tsx'),
  },
  kernel: {
    title: 'Kernel',
    about: 'The kernels that ran, their times and their code.',
    home: 'beside',
    instrument: true,
    load: () => import('./kernel/pane.tsx'),
  },
  timeline: {
    title: 'Timeline',
    about: 'Where the time of a run went.',
    home: 'beside',
    instrument: true,
    load: () => import('./timeline/pane.tsx'),
  },
  roofline: {
    title: 'Roofline',
    about: 'Is it the arithmetic or the memory?',
    home: 'beside',
    instrument: true,
    load: () => import('./roofline/pane.tsx'),
  },
  step: {
    title: 'Step',
    about: 'How an algorithm works, number by number.',
    home: 'beside',
    load: () => import('./step/pane.tsx'),
  },
  map: { title: 'Map', about: 'Where the winner changes.', home: 'beside', load: () => import('./map/pane.tsx') },
  comparison: {
    title: 'Compare',
    about: 'Is it the same in real PyTorch, and how fast?',
    home: 'beside',
    load: () => import('./comparison/pane.tsx'),
  },
  console: {
    title: 'Console',
    about: 'What the program printed, and how it failed.',
    home: 'below',
    load: () => import('./console/pane.tsx'),
  },
  output: {
    title: 'Output',
    about: 'The tensors that the program made.',
    home: 'below',
    load: () => import('./output/pane.tsx'),
  },
  memory: {
    title: 'Memory',
    about: 'Who holds the memory, and the measurements that are kept.',
    home: 'below',
    instrument: true,
    load: () => import('./memory/pane.tsx'),
  },
} as const satisfies Record<string, Pane>;

export type PaneId = keyof typeof panes;

export const paneIds = Object.keys(panes) as readonly PaneId[];

export const isPane = (name: string): name is PaneId => Object.hasOwn(panes, name);
