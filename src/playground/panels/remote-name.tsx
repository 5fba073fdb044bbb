/**
 * @file Which remotes Compare uses, and the way to others.
 */
import { say } from '../language.ts';
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
          {chosen.value.length === 1 ? say({ en: 'Remote', zh: '远端' }) : say({ en: 'Remotes', zh: '远端' })}:{' '}
          {chosen.value.map(({ name }) => name).join(', ')}
        </span>
      )}
      <button type="button" class="quiet" onClick={choose}>
        {say({ en: 'Choose remotes…', zh: '选择远端…' })}
      </button>
    </p>
  );
}
