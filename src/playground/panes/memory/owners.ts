/**
 * @file How the owners of memory are named and drawn: a colour, and a letter as second sign.
 */
import type { Sign } from '../palette.ts';
import { colours } from '../palette.ts';
import type { Band } from './columns.ts';

export interface OwnerLook extends Sign {
  readonly name: string;
  /** What counts as this. */
  readonly about: string;
}

export const looks: { readonly [B in Band]: OwnerLook } = {
  parameters: {
    name: 'parameters',
    about: 'weights and buffers of modules; while a step updates them, their old values too',
    colour: colours.slate,
    letter: 'P',
  },
  'optimizer state': {
    name: 'optimizer state',
    about: 'what the optimizer remembers of each parameter',
    colour: colours.olive,
    letter: 'O',
  },
  inputs: { name: 'inputs', about: 'tensors made from data', colour: colours.teal, letter: 'I' },
  gradients: { name: 'gradients', about: 'results of backward()', colour: colours.vermilion, letter: 'G' },
  activations: { name: 'activations', about: 'all other results', colour: colours.blue, letter: 'A' },
  workspace: { name: 'workspace', about: 'what algorithms need for themselves', colour: colours.orange, letter: 'W' },
  idle: {
    name: 'planned, idle',
    about: 'memory of intermediates that this kernel does not need',
    colour: 'var(--line-strong)',
    letter: '',
  },
  other: {
    name: 'other',
    about: 'values of earlier runs that are not freed yet, and what the engine keeps for itself',
    colour: 'var(--ink-soft)',
    letter: '?',
  },
};
