/**
 * @file A model's time on this side: its recorded call is computed again and again, as the remote repeats its own.
 */
import { engine } from '../compile/engine.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { rerecord } from './rerecord.ts';

const warmup = 3;
const repeats = 20;
/** A slow device gets fewer repeats, and at least one. */
const budgetMs = 3000;

/** Milliseconds of each timed call, from submitting its work to the device being idle. */
export async function timeModel(model: TracedModel): Promise<number[]> {
  const samples: number[] = [];
  const start = performance.now();
  for (let i = 0; i < warmup + repeats; i++) {
    const ms = await timeOnce(copyOf(model));
    if (i >= warmup || performance.now() - start > budgetMs) samples.push(ms);
    if (samples.length > 0 && performance.now() - start > budgetMs) break;
  }
  return samples;
}

async function timeOnce(outputs: readonly Node[]): Promise<number> {
  const start = performance.now();
  await engine.realize(outputs);
  await engine.idle();
  return performance.now() - start;
}

/** The model's outputs, not computed yet: copies of its nodes over the same inputs and weights. */
function copyOf({ inputs, state, outputs }: TracedModel): Node[] {
  const copies = rerecord(outputs, new Map([...inputs, ...state.values()].map((node) => [node, node])));
  return outputs.map((node) => copies.get(node)!);
}
