/**
 * @file What the program asked for outside of the page, and what the visitor lets it reach.
 */
import { run } from '../actions.ts';
import { allow, allowedHosts, askedHosts, takeBack } from '../hosts.ts';
import { busy } from '../state.ts';

export function HostNotices() {
  return (
    <>
      {askedHosts.value.map((host) => (
        <p key={host} class="notice" role="alert">
          This program tried to load from <code>{host}</code>. If you allow that, it can send there whatever it
          computes.{' '}
          <button type="button" disabled={busy.value} onClick={() => (allow(host), void run())}>
            Allow until it is edited, and run again
          </button>
        </p>
      ))}
      {allowedHosts.value.length > 0 && (
        <p class="notice">
          This program may reach{' '}
          {allowedHosts.value.map((host) => (
            <code key={host}>{host} </code>
          ))}{' '}
          until it is changed.{' '}
          <button type="button" onClick={takeBack}>
            Stop allowing
          </button>
        </p>
      )}
    </>
  );
}
