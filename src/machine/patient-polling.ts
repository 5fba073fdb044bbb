/**
 * @file Dawn's binding for Node asks whether the GPU is done by `setImmediate`, again and again until it is. That keeps
 * a processor busy which a software adapter, a compiler or another process needs. Here it asks less often the longer it
 * has waited: an answer is late by a twentieth of its time, and by two milliseconds at most.
 */

const lateness = 1 / 20;
const mostMs = 2;
/** Below this a pause costs more than it spares. */
const leastMs = 0.02;

type Callback = (...args: unknown[]) => void;
type Schedule = (callback: Callback, ...args: unknown[]) => unknown;

/** How time passes. Node's timers know whole milliseconds only; in a shorter sleep nothing else happens. */
const realTime = {
  now: () => performance.now(),
  sleep: (ms: number) => void Atomics.wait(cell, 0, 0, ms),
  later: (callback: () => void, ms: number): unknown => setTimeout(callback, ms),
};
const cell = new Int32Array(new SharedArrayBuffer(4));

let isPatient = false;

/** Has Dawn ask patiently in this process. Its binding looks `setImmediate` up at each question. */
export function pollPatiently(): void {
  if (isPatient) return;
  isPatient = true;
  const { setImmediate } = globalThis;
  globalThis.setImmediate = Object.setPrototypeOf(patient(setImmediate), setImmediate) as typeof setImmediate;
}

/**
 * `immediate`, but for native callbacks, which are Dawn's questions. One that is scheduled by a question continues its
 * wait; any other begins one.
 */
export function patient(immediate: Schedule, time = realTime): Schedule {
  let since = 0;
  let isAsking = false;
  return (callback, ...args) => {
    if (!isNative(callback)) return immediate(callback, ...args);
    if (!isAsking) since = time.now();
    const ask = (): void => {
      isAsking = true;
      try {
        callback(...args);
      } finally {
        isAsking = false;
      }
    };
    const pause = Math.min((time.now() - since) * lateness, mostMs);
    if (pause >= 1) return time.later(ask, pause);
    if (pause >= leastMs) time.sleep(pause);
    return immediate(ask);
  };
}

const isNative = (callback: Callback): boolean =>
  Function.prototype.toString.call(callback) === 'function () { [native code] }';
