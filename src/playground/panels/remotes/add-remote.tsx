/**
 * @file The form in which a remote is named; the doctor examines it at once.
 */
import { useSignal } from '@preact/signals';
import { messageOf } from '../../../base/errors.ts';
import { protocolOf } from '../../../remote/address.ts';
import { examine } from '../../examinations.ts';
import { addNamed, chooseNew, offers } from '../../remotes.ts';

/** What a page reaches without a bridge. */
const reachedAlone = [{ form: 'http://host:8888', about: 'a Jupyter server' }];

export function AddRemote() {
  const [address, secret, error] = [useSignal(''), useSignal(''), useSignal<string | undefined>(undefined)];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    try {
      const remote = addNamed(address.value, secret.value);
      error.value = undefined;
      address.value = '';
      void examine(remote).then((works) => works && chooseNew(remote));
    } catch (cause) {
      error.value = messageOf(cause);
    }
    secret.value = '';
  };
  const bySsh = protocolOf(address.value) === 'ssh:' || /^[\w.-]+@/.test(address.value.trim());
  return (
    <form class="add" onSubmit={submit}>
      <h3>Add a remote</h3>
      <label>
        Address
        <input
          type="text"
          inputMode="url"
          autocapitalize="off"
          spellcheck={false}
          autocomplete="off"
          required
          placeholder="http://localhost:8888"
          value={address.value}
          onInput={(e) => (address.value = e.currentTarget.value)}
        />
        <ul class="forms">
          {(offers.value?.kinds ?? reachedAlone).map(({ form, about }) => (
            <li key={form}>
              <code>{form}</code> {about}
            </li>
          ))}
        </ul>
      </label>
      <label>
        {bySsh ? 'Passphrase of the key, if it has one' : 'Token'}
        <input
          type="password"
          autocomplete="off"
          value={secret.value}
          onInput={(e) => (secret.value = e.currentTarget.value)}
        />
        <small>
          Kept only in this page's memory.{' '}
          {!bySsh && (
            <>
              The server prints it when it starts, after <code>?token=</code>.
            </>
          )}
        </small>
      </label>
      {bySsh && (
        <p class="hint">
          As <code>ssh</code> does, this uses the config, agent, keys and known_hosts of the machine that runs{' '}
          <code>npm start</code>. Add <code>?key=~/.ssh/name</code> to the address to use another key.
        </p>
      )}
      {error.value && (
        <p class="notice bad" role="alert">
          {error.value}
        </p>
      )}
      <button type="submit">Add and check</button>
    </form>
  );
}
