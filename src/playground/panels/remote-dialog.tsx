/**
 * @file The dialog in which a remote is chosen: this machine, or a Jupyter server by its address and token.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { OfferedRemote, RemoteList } from '../../bridge/protocol.ts';
import { compare } from '../compare.ts';
import { bridgeError, chooseRemote, choosing, offers } from '../remotes.ts';

export function RemoteDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (choosing.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [choosing.value]);
  return (
    <dialog ref={dialog} aria-labelledby="remote-title" onClose={() => (choosing.value = false)}>
      <h2 id="remote-title">Compare with which PyTorch?</h2>
      {bridgeError.value && <p class="notice bad">{bridgeError.value}</p>}
      {offers.value?.remotes.map((offer) => <Offer key={offer.id} offer={offer} />)}
      {offers.value && <Missing list={offers.value} />}
      <ServerForm />
      <form method="dialog"><button type="submit" class="quiet">Cancel</button></form>
    </dialog>
  );
}

function Offer({ offer }: { offer: OfferedRemote }) {
  const choose = (): void => {
    chooseRemote(offer);
    void compare();
  };
  return (
    <div class="offer">
      <p><strong>{offer.name}</strong><small>{offer.detail}</small></p>
      <button type="button" onClick={choose}>Compare with {offer.name}</button>
    </div>
  );
}

function Missing({ list }: { list: RemoteList }) {
  if (list.missing.length === 0) return null;
  return (
    <div class="missing">
      <p>This machine cannot be the remote yet. What it lacks:</p>
      <ul>{list.missing.map((step) => <li key={step}>{step}</li>)}</ul>
    </div>
  );
}

function ServerForm() {
  const address = useSignal('');
  const token = useSignal('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    chooseRemote({ kind: 'named', address: address.value.trim(), token: token.value });
    token.value = '';
    void compare();
  };
  return (
    <form class="server" onSubmit={submit}>
      <h3>A Jupyter server</h3>
      <label>
        Address
        <input type="url" required placeholder="http://localhost:8888" value={address.value} onInput={(e) => (address.value = e.currentTarget.value)} />
      </label>
      <label>
        Token
        <input type="password" autocomplete="off" value={token.value} onInput={(e) => (token.value = e.currentTarget.value)} />
        <small>Kept in this page's memory only. The server prints it when it starts, behind <code>?token=</code>.</small>
      </label>
      <button type="submit">Compare with this server</button>
    </form>
  );
}
