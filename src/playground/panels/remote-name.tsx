/**
 * @file Which remote Compare uses, and the way to another one.
 */
import { askForRemotes, choosing, nameOf, remote } from '../remotes.ts';

export function RemoteName() {
  const choose = (): void => {
    choosing.value = true;
    void askForRemotes();
  };
  return (
    <p class="remote">
      {remote.value && <span>Remote: {nameOf(remote.value)}</span>}
      <button type="button" class="quiet" onClick={choose}>Choose remote…</button>
    </p>
  );
}
