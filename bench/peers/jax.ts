/**
 * @file jax-js on its WebGPU backend.
 */
import { defaultDevice, getWebGPUDevice, init } from '@jax-js/jax';
import type { numpy } from '@jax-js/jax';
import type { PreparedCall } from '../prepared-call.ts';

export type JaxArray = ReturnType<typeof numpy.array>;

export async function openBackend(): Promise<void> {
  await init('webgpu');
  defaultDevice('webgpu');
}

/** Resolves when the device has computed these arrays. */
export async function finished(arrays: readonly JaxArray[]): Promise<void> {
  await Promise.all(arrays.map((array) => array.ref.blockUntilReady()));
  await getWebGPUDevice().queue.onSubmittedWorkDone();
}

/**
 * What computes an array by each call. Arrays are computed lazily, and one that is disposed before it was needed is
 * never computed; so all are kept until they are waited for.
 */
export function prepareFunction(compute: () => JaxArray, operands: readonly JaxArray[]): PreparedCall {
  let pending: JaxArray[] = [];
  return {
    call: () => void pending.push(compute()),
    sync: async () => {
      await finished(pending);
      for (const array of pending.slice(0, -1)) array.dispose();
      pending = pending.slice(-1);
    },
    output: async () => (await pending.at(-1)!.ref.data()) as Float32Array,
    dispose: () => [...operands, ...pending].forEach((array) => array.dispose()),
  };
}
