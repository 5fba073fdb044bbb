/**
 * @file Which remotes Compare uses, and the way to others.
 */
import { askForRemotes, choosing, chosen } from '../remotes.ts';

export function RemoteName() {
  const choose = (): void => {
    choosing.value = true;
    void askForRemotes();
  };
  return (
    <p class="remote">
      {chosen.value.length > 0 && (
        <span>
          {chosen.value.length === 1 ? 'Remote' : 'Remotes'}: {chosen.value.map(({ name }) => name).join(', ')}
        </span>
      )}
      <button type="button" class="quiet" onClick={choose}>
        Choose remotes…
      </button>
    </p>
  );
}
