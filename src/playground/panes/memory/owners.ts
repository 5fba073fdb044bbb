/**
 * @file How the owners of memory are named and drawn: a colour, and a letter as second sign.
 */
import type { Words } from '../../../base/words.ts';
import type { Sign } from '../palette.ts';
import { colours } from '../palette.ts';
import type { Band } from './columns.ts';

export interface OwnerLook extends Sign {
  readonly name: Words;
  /** What counts as this. */
  readonly about: Words;
}

export const looks: { readonly [B in Band]: OwnerLook } = {
  parameters: {
    name: { en: 'parameters', zh: '参数' },
    about: {
      en: 'weights and buffers of modules; while a step updates them, their old values too',
      zh: '模块的权重和缓冲区；更新一步时还包括旧值',
    },
    colour: colours.slate,
    letter: 'P',
  },
  'optimizer state': {
    name: { en: 'optimizer state', zh: '优化器状态' },
    about: { en: 'what the optimizer remembers of each parameter', zh: '优化器为每个参数记住的内容' },
    colour: colours.olive,
    letter: 'O',
  },
  inputs: {
    name: { en: 'inputs', zh: '输入' },
    about: { en: 'tensors made from data', zh: '由数据创建的张量' },
    colour: colours.teal,
    letter: 'I',
  },
  gradients: {
    name: { en: 'gradients', zh: '梯度' },
    about: { en: 'results of backward()', zh: 'backward() 的结果' },
    colour: colours.vermilion,
    letter: 'G',
  },
  activations: {
    name: { en: 'activations', zh: '激活值' },
    about: { en: 'all other results', zh: '其他所有结果' },
    colour: colours.blue,
    letter: 'A',
  },
  workspace: {
    name: { en: 'workspace', zh: '工作空间' },
    about: { en: 'what algorithms need for themselves', zh: '算法自己需要的内存' },
    colour: colours.orange,
    letter: 'W',
  },
  idle: {
    name: { en: 'planned, idle', zh: '已规划，空闲' },
    about: { en: 'memory of intermediates that this kernel does not need', zh: '此内核用不到的中间结果内存' },
    colour: 'var(--line-strong)',
    letter: '',
  },
  other: {
    name: { en: 'other', zh: '其他' },
    about: {
      en: 'values of earlier runs that are not freed yet, and what the engine keeps for itself',
      zh: '尚未释放的早先运行的值，以及引擎自留的内存',
    },
    colour: 'var(--ink-soft)',
    letter: '?',
  },
};
