/**
 * @file Where a walk through an algorithm is: which algorithm, on which numbers, after how many steps.
 */
import { computed, effect, signal } from '@preact/signals';
import type { Sizes, SmallConvolution } from '../../../steps/convolution.ts';
import { impossible, startOf } from '../../../steps/convolution.ts';
import { direct } from '../../../steps/direct.ts';
import { titleOf, walkthroughs } from '../../../steps/index.ts';
import type { Scene } from '../../../steps/walkthrough.ts';
import { costsAfter, valuesAfter } from '../../../steps/walkthrough.ts';
import { walk } from '../../stepping.ts';

export const convolution = signal<SmallConvolution>(
  startOf({ C: 1, H: 5, W: 5, K: 1, R: 3, S: 3, padding: 0, stride: 1 }),
);
/** Steps that are done. */
export const done = signal(0);
export const playing = signal(false);
/** Whether the numbers of x and w can be typed over. */
export const editing = signal(false);

/** Steps in a second. */
export const speeds = [0.5, 1, 2, 4, 8] as const;
export const speed = signal<number>(1);

export const walkthrough = computed(() => walkthroughs.find((one) => titleOf(one) === walk.value)!);

/** Why there is nothing to walk through. */
export const refusal = computed(() => {
  const why = impossible(convolution.value);
  if (why !== undefined) return why;
  const refused = walkthrough.value.refuses?.(convolution.value);
  return refused && `${walk.value} ${refused}.`;
});

export const scene = computed<Scene>(() =>
  refusal.value === undefined ? walkthrough.value.scene(convolution.value) : { grids: [], steps: [] },
);

export const values = computed(() => valuesAfter(scene.value, done.value));
export const costs = computed(() => costsAfter(scene.value, done.value));
export const allCosts = computed(() => costsAfter(scene.value, scene.value.steps.length));
/** The definition's, to hold the others of its direction against. */
export const directCosts = computed(() => {
  const { direction } = walkthrough.value;
  if (refusal.value !== undefined || walkthrough.value === direct || direction !== 'forward') return undefined;
  const scene = direct.scene(convolution.value);
  return costsAfter(scene, scene.steps.length);
});

/** The step that was done last. */
export const current = computed(() => scene.value.steps[done.value - 1]);

export function goTo(step: number): void {
  done.value = Math.max(0, Math.min(scene.value.steps.length, step));
}

/** Another algorithm begins at its start, whoever chose it. */
walk.subscribe(restart);

/** Other sizes begin with numbers of their own. */
export function resize(changes: Partial<Sizes>): void {
  convolution.value = startOf({ ...convolution.value, ...changes });
  restart();
}

/** Puts a number of x or w in the place of another. */
export function setNumber(operand: 'x' | 'w', index: number, value: number): void {
  if (!Number.isFinite(value)) return;
  const now = convolution.value;
  convolution.value = { ...now, [operand]: now[operand].map((old, i) => (i === index ? value : old)) };
}

function restart(): void {
  done.value = 0;
  playing.value = false;
}

/** Plays while it may: a step in each interval, until the last. */
effect(() => {
  if (!playing.value) return;
  const timer = setInterval(() => {
    goTo(done.peek() + 1);
    if (done.peek() === scene.peek().steps.length) playing.value = false;
  }, 1000 / speed.value);
  return () => clearInterval(timer);
});

/** Begins anew where all steps are done. */
export function play(): void {
  if (done.value === scene.value.steps.length) done.value = 0;
  playing.value = !playing.value;
}
