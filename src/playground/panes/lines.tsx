/**
 * @file Lines of the program, each of which leads to itself.
 */
import { shownPlace } from '../state.ts';

export function Lines({ of }: { of: readonly number[] }) {
  return (
    <>
      {of.map((line) => (
        <button
          key={line}
          type="button"
          class="link"
          aria-label={`Show line ${line}`}
          onClick={() => (shownPlace.value = { line })}
        >
          {line}
        </button>
      ))}
    </>
  );
}
