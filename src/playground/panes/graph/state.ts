/**
 * @file What the graph pane shows of the last inspected run, as signals.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Compilation, UnfusedRecord } from '../../../compile/compilation.ts';
import { layerPath, nodeKey, nodesKey } from '../../counterparts.ts';
import { inspection } from '../../inspection.ts';
import { kernelFigures } from '../../kernel-figures.ts';
import { highlight } from '../../highlights.ts';
import type { Selection } from '../../selection.ts';
import { select, selection } from '../../selection.ts';
import type { BoxFigures } from './box-figures.ts';
import { boxFigures, scheduleMs } from './box-figures.ts';
import type { Box, Drawing } from './drawing.ts';
import { draw } from './drawing.ts';
import type { Change, ChangeEntry } from './changes.ts';
import { differenceOf } from './changes.ts';
import type { Label } from './labels.ts';
import { labelOf } from './labels.ts';
import { stagesOf } from './stages.ts';

/** More boxes than these are neither read nor placed in good time. */
export const mostBoxes = 400;

const chosenSchedule = signal<number | undefined>(undefined);
export const chosenStage = signal<string | undefined>(undefined);
const open = signal<ReadonlySet<string>>(new Set());

/** Weights and inputs are drawn. */
export const leaves = signal(true);
/** Views and constants are drawn. */
export const views = signal(false);
/** Layers are drawn as one box each, even where all nodes could be drawn. */
export const wantsLayers = signal(false);

/** What the pass changed is drawn over its graph. */
export const wantsChanges = signal(false);

/** What was chosen here last, a box or a pair that is not fused; it counts until something else is selected. */
const focus = signal<{ readonly on: string | number; readonly under: Selection | undefined } | undefined>(undefined);

export const figures = computed(() => (inspection.value ? kernelFigures(inspection.value) : []));

/** The schedule that took longest comes first. */
export const schedule = computed(() => {
  const times = figures.value.map((kernels) => scheduleMs(kernels));
  return Math.min(chosenSchedule.value ?? times.indexOf(Math.max(...times)), times.length - 1);
});

export const compilation = computed<Compilation | undefined>(() => inspection.value?.schedules[schedule.value]);

export const stages = computed(() => (compilation.value ? stagesOf(compilation.value) : []));

export const stage = computed(() => stages.value.find(({ key }) => key === chosenStage.value) ?? stages.value.at(-1));

/** The stage before the one that is shown. */
export const stageBefore = computed(() => {
  const at = stages.value.indexOf(stage.value!);
  return at > 0 ? stages.value[at - 1] : undefined;
});

/** Nothing for the recorded graph, or where a graph has too many nodes to be recorded one by one. */
const differs = computed(() => {
  const [before, after] = [stageBefore.value?.graph ?? [], stage.value?.graph ?? []];
  return before.length > 0 && after.length > 0 ? differenceOf(before, after) : undefined;
});

/** What the pass of the stage changed, where that is wanted. */
export const difference = computed(() => (wantsChanges.value ? differs.value : undefined));

export interface DrawnBox extends Box {
  /** What the pass did to it, where changes are shown. */
  readonly change?: Change;
  readonly figures?: BoxFigures;
  readonly label: Label;
}

interface Drawn extends Drawing {
  readonly boxes: readonly DrawnBox[];
}

const drawingBy = (byLayer: boolean): Drawing | undefined =>
  stage.value &&
  draw({ ...stage.value, ...(difference.value && { graph: difference.value.graph }) }, compilation.value!, {
    leaves: leaves.value,
    views: views.value,
    byLayer,
    open: open.value,
  });

/** There are more nodes than can be drawn one by one. */
export const isLarge = computed(() => (drawingBy(false)?.boxes.length ?? 0) > mostBoxes);

export const byLayer = computed(() => wantsLayers.value || isLarge.value);

/** What the schedule's kernels take in one run, measured. */
const totalMs = computed(() => scheduleMs(figures.value[schedule.value] ?? []));

/** How much of that a box takes; nothing where it shares its kernels with others. */
export const shareOf = ({ isWhole, isOnce, ms }: BoxFigures): number =>
  isWhole && !isOnce && ms !== undefined && totalMs.value > 0 ? ms / totalMs.value : 0;

export const drawn = computed<Drawn | undefined>(() => {
  const drawing = drawingBy(byLayer.value);
  const kernels = figures.value[schedule.value];
  const boxes = drawing?.boxes.map((box) => {
    const change = changeOf(box);
    const costs = change === 'removed' ? undefined : boxFigures(box, kernels);
    return { ...box, ...(change && { change }), ...(costs && { figures: costs }), label: labelOf(box, costs) };
  });
  return drawing && { ...drawing, boxes: boxes! };
});

/** Of a box that stands for several nodes, what all of them share; else that it changed. */
function changeOf({ nodes }: Box): Change | undefined {
  const kinds = new Set(nodes.map((id) => difference.value?.changes.get(id)));
  return kinds.size === 1 ? [...kinds][0] : 'changed';
}

/** Keys of boxes that have something of what is selected on the page. */
export const litBoxes = computed<ReadonlySet<string>>(() => {
  const { nodes } = highlight.value;
  const isLit = ({ parts }: Box): boolean => parts.some((part) => nodes.has(nodeKey(schedule.value, part)));
  return new Set(nodes.size > 0 ? drawn.value?.boxes.filter(isLit).map(({ key }) => key) : []);
});

export type Told =
  | { readonly box: DrawnBox; readonly pair?: undefined }
  | { readonly pair: UnfusedRecord; readonly box?: undefined };

/** What the visitor chose here last; else what is lit. */
export const told = computed<Told | undefined>(() => {
  const chosen = focus.value?.under === selection.value ? focus.value?.on : undefined;
  if (typeof chosen === 'number') {
    const pair = compilation.value?.unfused[chosen];
    return pair && { pair };
  }
  const boxes = drawn.value?.boxes ?? [];
  const box =
    boxes.find(({ key }) => key === chosen) ??
    boxes.find(({ key, kind }) => litBoxes.value.has(key) && (kind === 'computed' || kind === 'layer')) ??
    boxes.find(({ key }) => litBoxes.value.has(key));
  return box && { box };
});

/** Selects for the whole page what a box stands for; what is selected already is let go. */
export function chooseBox(box: Box): void {
  const isKnown = box.parts.length > 0;
  if (box.kind === 'layer' && box.node.layer !== undefined) select('layer', layerPath(box.node.layer));
  else if (isKnown) select('node', nodesKey(schedule.value, box.parts));
  focus.value = selection.value || !isKnown ? { on: box.key, under: selection.value } : undefined;
}

export function choosePair(pair: number): void {
  focus.value = { on: pair, under: selection.value };
}

/** Shows what an entry of the changes is about: the first of its boxes that is drawn. */
export function chooseChange({ nodes }: ChangeEntry): void {
  const boxes = drawn.value?.boxes ?? [];
  const id = nodes.find((node) => boxes.some((box) => box.nodes.includes(node)));
  const box = boxes.find((one) => id !== undefined && one.nodes.includes(id));
  if (box && told.value?.box !== box) chooseBox(box);
}

export function toggleOpen(key: string): void {
  const next = new Set(open.value);
  if (!next.delete(key)) next.add(key);
  open.value = next;
}

export const isOpen = (key: string): boolean => open.value.has(key);

export function chooseSchedule(index: number): void {
  batch(() => {
    chosenSchedule.value = index;
    open.value = new Set();
    focus.value = undefined;
  });
}

// Numbers of nodes and keys of boxes are those of one run.
effect(() => {
  void inspection.value;
  batch(() => {
    chosenSchedule.value = undefined;
    open.value = new Set();
    focus.value = undefined;
  });
});

// A node that is selected elsewhere is shown in its schedule.
effect(() => {
  const { kind, name } = selection.value ?? {};
  const of = kind === 'node' ? Number(name!.split(':')[0]) : undefined;
  if (of !== undefined && of < (inspection.value?.schedules.length ?? 0) && of !== schedule.peek()) chooseSchedule(of);
});
