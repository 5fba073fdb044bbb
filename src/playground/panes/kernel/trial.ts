/**
 * @file Kernels that the visitor edits: their drafts, what the compiler says of them, and how they did in the place of
 * the kernel that they were made of. Drafts stay while the page does, also over runs.
 */
import { batch, signal } from '@preact/signals';
import { messageOf } from '../../../base/errors.ts';
import type { KernelCheck, KernelPlace, KernelText, KernelTrial } from '../../../compile/compilation.ts';
import { engine, occupy } from '../../actions.ts';
import { StoppedError } from '../../engine/client.ts';
import { busy } from '../../state.ts';
import type { Edits } from './edits.ts';
import { edited } from './edits.ts';

export interface Draft {
  readonly edits: Edits;
  /** What the compiler said of the text `checked`. */
  readonly check?: KernelCheck;
  readonly checked?: string;
  /** Why the compiler could not be asked, or the trial not be made. */
  readonly error?: string;
  /** How the text `tried` did. */
  readonly trial?: KernelTrial;
  readonly tried?: string;
}

/** By the kernel's row. */
export const drafts = signal<ReadonlyMap<string, Draft>>(new Map());

const none: Draft = { edits: new Map() };
export const draftOf = (key: string): Draft => drafts.value.get(key) ?? none;

function change(key: string, by: Partial<Draft>): void {
  drafts.value = new Map(drafts.value).set(key, { ...draftOf(key), ...by });
}

/** After so many milliseconds without another key the compiler is asked. */
const pauseMs = 200;
let pause: ReturnType<typeof setTimeout> | undefined;

/** Takes a part's new text; what is again as it was linked is no edit. */
export function edit(key: string, text: KernelText, file: string, original: string, now: string): void {
  const edits = new Map(draftOf(key).edits);
  if (now === original) edits.delete(file);
  else edits.set(file, now);
  change(key, { edits, error: undefined });
  clearTimeout(pause);
  pause = setTimeout(() => void compile(key, text), pauseMs);
}

export function reset(key: string): void {
  clearTimeout(pause);
  const others = new Map(drafts.value);
  others.delete(key);
  drafts.value = others;
}

async function compile(key: string, text: KernelText): Promise<void> {
  if (busy.value) return;
  const { code } = edited(text, draftOf(key).edits);
  try {
    const check = await engine.checkKernel(code);
    if (edited(text, draftOf(key).edits).code === code) change(key, { check, checked: code });
  } catch (error) {
    if (!(error instanceof StoppedError)) change(key, { error: messageOf(error) });
  }
}

/** Runs the edited kernel in the place of the shipped one. */
export function tryIt(key: string, text: KernelText, place: KernelPlace): Promise<void> {
  const { code } = edited(text, draftOf(key).edits);
  return occupy('running', async () => {
    change(key, { trial: undefined, error: undefined });
    try {
      const trial = await engine.trialKernel({ place, text: code });
      batch(() => change(key, { trial, tried: code, check: trial, checked: code }));
      return trial.ok
        ? { en: 'Tried the edited kernel.', zh: '已试运行修改后的内核。' }
        : { en: 'The edited kernel is not right.', zh: '修改后的内核结果不正确。' };
    } catch (error) {
      if (!(error instanceof StoppedError)) change(key, { error: messageOf(error) });
      throw error;
    }
  });
}
