/**
 * @file The line between two parts of a split, which the pointer drags and arrow keys move.
 */
import { say } from '../language.ts';
import { resizeSplit } from './arrangement.ts';
import type { Split } from './layout.ts';

interface Props {
  readonly of: Split;
  /** The place of the split from the root, and of the line within: after this part. */
  readonly path: readonly number[];
  readonly after: number;
}

/** The least part of the whole, and what a key moves, in percent. */
const least = 8;
const step = 2;

export function Divider({ of, path, after }: Props) {
  const { direction, shares } = of;
  const both = shares[after] + shares[after + 1];
  const set = (share: number): void => {
    const first = Math.min(Math.max(share, Math.min(least, both / 2)), both - Math.min(least, both / 2));
    resizeSplit(path, shares.with(after, first).with(after + 1, both - first));
  };
  const [less, more] = direction === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  return (
    <div
      class="divider"
      role="separator"
      tabIndex={0}
      aria-label={say({ en: 'Size of the panes beside this line', zh: '这条线两侧面板的大小' })}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round((100 * shares[after]) / both)}
      aria-valuemin={0}
      aria-valuemax={100}
      onKeyDown={(event) => {
        if (event.key !== less && event.key !== more) return;
        event.preventDefault();
        set(shares[after] + (event.key === more ? step : -step));
      }}
      onPointerDown={(event) => {
        const line = event.currentTarget;
        const { offsetWidth: width, offsetHeight: height } = line;
        const all = line.parentElement!.getBoundingClientRect();
        const lines = shares.length - 1;
        const [whole, from] =
          direction === 'row'
            ? [all.width - lines * width, event.clientX]
            : [all.height - lines * height, event.clientY];
        event.preventDefault();
        line.setPointerCapture(event.pointerId);
        const ended = new AbortController();
        line.addEventListener(
          'pointermove',
          ({ clientX, clientY }) =>
            set(shares[after] + (100 * ((direction === 'row' ? clientX : clientY) - from)) / whole),
          { signal: ended.signal },
        );
        line.addEventListener('lostpointercapture', () => ended.abort(), { signal: ended.signal });
      }}
    />
  );
}
