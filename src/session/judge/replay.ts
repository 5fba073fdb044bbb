/**
 * @file A model's time on this side: its recorded call is computed again and again, as the remote repeats its own.
 */
import { engine } from '../../compile/engine.ts';
import type { Node, TracedModel } from '../../graph/types.ts';
import { rerecord } from './rerecord.ts';

const warmup = 3;
const repeats = 20;
/** A slow device gets fewer repeats, and at least one. */
const budgetMs = 3000;

/** Milliseconds of each timed call. */
export interface ModelTimes {
  /** From submitting its work to the device being idle. */
  readonly wallMs: readonly number[];
  /** Of the GPU's work alone, by its own clock; absent where it has none. */
  readonly gpuMs?: readonly number[];
}

export async function timeModel(model: TracedModel): Promise<ModelTimes> {
  const calls: Awaited<ReturnType<typeof timeOnce>>[] = [];
  const start = performance.now();
  const isLate = (): boolean => performance.now() - start > budgetMs;
  for (let i = 0; i < warmup + repeats && !(calls.length > 0 && isLate()); i++) {
    const call = await timeOnce(copyOf(model));
    if (i >= warmup || isLate()) calls.push(call);
  }
  const gpuMs = calls.flatMap(({ gpu }) => gpu ?? []);
  return { wallMs: calls.map(({ wall }) => wall), ...(gpuMs.length === calls.length && { gpuMs }) };
}

/** The time of one call of a model. */
export const timeCall = (model: TracedModel): ReturnType<typeof timeOnce> => timeOnce(copyOf(model));

async function timeOnce(
  outputs: readonly Node[],
): Promise<{ readonly wall: number; readonly gpu: number | undefined }> {
  let wall = 0;
  const work = async (): Promise<void> => {
    const start = performance.now();
    await engine.realize(outputs);
    await engine.idle();
    wall = performance.now() - start;
  };
  const gpu =
    outputs[0].device === 'webgpu' && engine.device
      ? await engine.device.timeSubmissions(work)
      : await work().then(() => undefined);
  return { wall, gpu };
}

/** The model's outputs, not computed yet: copies of its nodes over the same inputs and weights. */
function copyOf({ inputs, state, outputs }: TracedModel): Node[] {
  const copies = rerecord(outputs, new Map([...inputs, ...state.values()].map((node) => [node, node])));
  return outputs.map((node) => copies.get(node)!);
}
