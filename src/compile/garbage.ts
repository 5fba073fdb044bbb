/**
 * @file Has unreachable values freed now. A JavaScript engine knows nothing of device memory; but it collects when host
 * buffers come and go, so some are made, which nobody touches and which therefore take no memory.
 */

/** Host buffers of such a size, and so many, make V8 collect garbage. */
const ballastBytes = 64 * 2 ** 20;
const ballastRounds = 8;

export async function collectGarbage(): Promise<void> {
  for (let i = 0; i < ballastRounds; i++) {
    void new ArrayBuffer(ballastBytes);
    await nextTask();
  }
}

/** Lets what is due happen: a lost device says so, and buffers of unreachable values come back. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
