/**
 * @file The form in which a remote is named; the doctor examines it at once.
 */
import { useSignal } from '@preact/signals';
import { messageOf } from '../../../base/errors.ts';
import { protocolOf } from '../../../remote/address.ts';
import { examine } from '../../examinations.ts';
import { langOf, say } from '../../language.ts';
import { addNamed, chooseNew, offers } from '../../remotes.ts';

/** What a page reaches without a bridge. */
const reachedAlone = { form: 'http://host:8888', about: { en: 'a Jupyter server', zh: 'Jupyter 服务器' } };

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
      <h3>{say({ en: 'Add a remote', zh: '添加远端' })}</h3>
      <label>
        {say({ en: 'Address', zh: '地址' })}
        <input
          type="text"
          inputMode="url"
          autocapitalize="off"
          spellcheck={false}
          autocomplete="off"
          required
          placeholder="http://localhost:8888"
          aria-describedby="address-forms"
          value={address.value}
          onInput={(e) => (address.value = e.currentTarget.value)}
        />
      </label>
      <ul class="forms" id="address-forms">
        {(offers.value?.kinds ?? [{ ...reachedAlone, about: say(reachedAlone.about) }]).map(({ form, about }) => (
          <li key={form}>
            <code>{form}</code> <span lang={langOf(about)}>{about}</span>
          </li>
        ))}
      </ul>
      <label>
        {bySsh
          ? say({ en: 'Passphrase of the key, if it has one', zh: '密钥口令（如有）' })
          : say({ en: 'Token', zh: '令牌' })}
        <input
          type="password"
          autocomplete="off"
          value={secret.value}
          onInput={(e) => (secret.value = e.currentTarget.value)}
        />
        <small>
          {say({ en: "Kept only in this page's memory.", zh: '只保存在本页的内存中。' })}{' '}
          {!bySsh && (
            <>
              {say({
                en: (
                  <>
                    The server prints it when it starts, after <code>?token=</code>.
                  </>
                ),
                zh: (
                  <>
                    服务器启动时会打印它，在 <code>?token=</code> 之后。
                  </>
                ),
              })}
            </>
          )}
        </small>
      </label>
      {bySsh && (
        <p class="hint">
          {say({
            en: (
              <>
                As <code>ssh</code> does, this uses the config, agent, keys and known_hosts of the machine that runs{' '}
                <code>npm start</code>. Add <code>?key=~/.ssh/name</code> to the address to use another key.
              </>
            ),
            zh: (
              <>
                与 <code>ssh</code> 一样，使用运行 <code>npm start</code> 的机器上的配置、代理、密钥和
                known_hosts。若要换一个密钥，请在地址后加 <code>?key=~/.ssh/name</code>。
              </>
            ),
          })}
        </p>
      )}
      {error.value && (
        <p class="notice bad" role="alert" lang={langOf(error.value)}>
          {error.value}
        </p>
      )}
      <button type="submit">{say({ en: 'Add and check', zh: '添加并检查' })}</button>
    </form>
  );
}
