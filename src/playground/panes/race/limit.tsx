/**
 * @file The limit of workspace as a line across the lanes: dragged or moved by arrow keys, it holds in the next run.
 */
import { formatBytes } from '../../../base/format.ts';
import { say } from '../../language.ts';
import { fix, fixed } from '../../settings.ts';
import type { Race } from './lanes.ts';
import { limitsOf, memoryPlace } from './lanes.ts';

export function WorkspaceLimit({ race, of }: { race: Race; of: string }) {
  const limits = limitsOf(race);
  const limit = fixed.value.workspaceLimit;
  // The last step, beyond all needs, is no limit.
  const step = limit === undefined ? limits.length : limits.findLastIndex((bytes) => bytes <= limit);
  const set = (to: number): void => fix('workspaceLimit', limits[Math.min(Math.max(to, 0), limits.length)]);
  const place = limit === undefined ? 1 : memoryPlace(limit, race.mostMemory);
  const said = limit === undefined ? say({ en: 'no limit', zh: '不限' }) : formatBytes(limit);
  return (
    <div class="limit">
      <div
        class="line"
        role="slider"
        tabIndex={0}
        aria-label={say({ en: `Workspace limit of the next run, at ${of}`, zh: `${of}：下次运行的工作空间上限` })}
        aria-valuemin={0}
        aria-valuemax={limits.length}
        aria-valuenow={step}
        aria-valuetext={said}
        title={say({ en: `Workspace limit of the next run: ${said}`, zh: `下次运行的工作空间上限：${said}` })}
        style={{ insetInlineStart: `${100 * Math.min(1, place)}%` }}
        onKeyDown={(event) => {
          const by: Record<string, number> = {
            ArrowLeft: step - 1,
            ArrowDown: step - 1,
            ArrowRight: step + 1,
            ArrowUp: step + 1,
            Home: 0,
            End: limits.length,
          };
          if (by[event.key] === undefined) return;
          event.preventDefault();
          set(by[event.key]);
        }}
        onPointerDown={(event) => {
          const line = event.currentTarget;
          const { left, width } = line.parentElement!.getBoundingClientRect();
          const ended = new AbortController();
          event.preventDefault();
          line.focus();
          line.setPointerCapture(event.pointerId);
          line.addEventListener(
            'pointermove',
            ({ clientX }) => {
              const at = (clientX - left) / width;
              set(
                at >= 1
                  ? limits.length
                  : limits.findLastIndex((bytes) => memoryPlace(bytes, race.mostMemory) <= Math.max(at, 0)),
              );
            },
            { signal: ended.signal },
          );
          line.addEventListener('lostpointercapture', () => ended.abort(), { signal: ended.signal });
        }}
      />
    </div>
  );
}
