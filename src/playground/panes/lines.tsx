/**
 * @file Lines of the program, each of which leads to itself.
 */
import { say } from '../language.ts';
import { shownPlace } from '../state.ts';

export function Lines({ of }: { of: readonly number[] }) {
  return (
    <>
      {of.map((line) => (
        <button
          key={line}
          type="button"
          class="link"
          aria-label={say({ en: `Show line ${line}`, zh: `跳到第 ${line} 行` })}
          onClick={() => (shownPlace.value = { line })}
        >
          {line}
        </button>
      ))}
    </>
  );
}
