/**
 * @file Asks the worker for the place of each box; the last question alone counts.
 */
import { say } from '../../language.ts';
// oxlint-disable-next-line import/default -- the bundler makes the default export of a worker
import LayoutWorker from './layout.worker.ts?worker';
import type { LayoutRequest, Placed } from './layout.ts';
import type { Answer, Question } from './layout.worker.ts';

let worker: Worker | undefined;
let asked = 0;

/** `undefined` where another question came after it. */
export function placeBoxes(request: LayoutRequest): Promise<Placed | undefined> {
  const id = ++asked;
  const running = (worker ??= new LayoutWorker({ name: 'graph layout' }));
  return new Promise((resolve, reject) => {
    const heard = new AbortController();
    running.addEventListener(
      'message',
      ({ data }: MessageEvent<Answer>) => {
        if (data.id !== id) return;
        heard.abort();
        if ('error' in data.placed) reject(new Error(data.placed.error));
        else resolve(id === asked ? data.placed : undefined);
      },
      { signal: heard.signal },
    );
    running.addEventListener(
      'error',
      () =>
        reject(
          new Error(
            say({ en: 'graph: the worker that lays it out did not load', zh: '计算图：排布它的后台线程没有加载' }),
          ),
        ),
      { signal: heard.signal },
    );
    running.postMessage({ id, request } satisfies Question);
  });
}
