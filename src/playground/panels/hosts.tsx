/**
 * @file What the program asked for outside of the page, and what the visitor lets it reach.
 */
import { run } from '../actions.ts';
import { allow, allowedHosts, askedHosts, takeBack } from '../hosts.ts';
import { say } from '../language.ts';
import { busy } from '../state.ts';

const Hosts = () => allowedHosts.value.map((host, i) => <code key={host}>{i > 0 ? ` ${host}` : host}</code>);

export function HostNotices() {
  return (
    <>
      {askedHosts.value.map((host) => (
        <p key={host} class="notice" role="alert">
          {say({
            en: (
              <>
                This program tried to load from <code>{host}</code>. If you allow that, it can send there whatever it
                computes.
              </>
            ),
            zh: (
              <>
                此程序试图从 <code>{host}</code> 加载内容。一旦允许，它就能把计算出的任何内容发送到那里。
              </>
            ),
          })}{' '}
          <button type="button" disabled={busy.value} onClick={() => (allow(host), void run())}>
            {say({ en: 'Allow until it is edited, and run again', zh: '允许（直到程序被修改）并重新运行' })}
          </button>
        </p>
      ))}
      {allowedHosts.value.length > 0 && (
        <p class="notice">
          {say({
            en: (
              <>
                This program may reach <Hosts /> until it is changed.
              </>
            ),
            zh: (
              <>
                在被修改之前，此程序可以访问 <Hosts />。
              </>
            ),
          })}{' '}
          <button type="button" onClick={takeBack}>
            {say({ en: 'Stop allowing', zh: '不再允许' })}
          </button>
        </p>
      )}
    </>
  );
}
