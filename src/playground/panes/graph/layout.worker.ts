/**
 * @file Places graphs beside the page, which a large one would keep waiting for seconds.
 */
import { messageOf } from '../../../base/errors.ts';
import type { LayoutRequest, Placed } from './layout.ts';
import { place } from './layout.ts';

export interface Question {
  readonly id: number;
  readonly request: LayoutRequest;
}

export interface Answer {
  readonly id: number;
  readonly placed: Placed | { readonly error: string };
}

addEventListener('message', ({ data: { id, request } }: MessageEvent<Question>) => {
  postMessage({ id, placed: attempt(request) } satisfies Answer);
});

function attempt(request: LayoutRequest): Answer['placed'] {
  try {
    return place(request);
  } catch (error) {
    return { error: messageOf(error) };
  }
}
