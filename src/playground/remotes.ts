/**
 * @file The remote to compare with: what the bridge offers, what the visitor named, which one is chosen.
 *
 * A token lives in these signals and nowhere else: it is never stored, and leaves the page only in the bridge's request.
 */
import { computed, signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { Remote, RemoteList } from '../bridge/protocol.ts';
import { listRemotes } from './bridge.ts';

/** What the bridge offers; `undefined` until it has answered. */
export const offers = signal<RemoteList | undefined>(undefined);

/** Why the bridge could not be asked. */
export const bridgeError = signal<string | undefined>(undefined);

const choice = signal<readonly Remote[] | undefined>(undefined);

/** The remotes that Compare uses: the visitor's choice, else the first that is offered. */
export const chosen = computed<readonly Remote[]>(() => choice.value ?? offers.value?.remotes.slice(0, 1) ?? []);

/** Whether the dialog is open in which a remote is chosen. */
export const choosing = signal(false);

export async function askForRemotes(): Promise<void> {
  try {
    offers.value = await listRemotes();
    bridgeError.value = undefined;
  } catch (error) {
    bridgeError.value = messageOf(error);
  }
}

export function chooseRemote(remote: Remote): void {
  choice.value = [remote];
  choosing.value = false;
}

export function nameOf(remote: Remote): string {
  return remote.kind === 'offered' ? remote.name : remote.address;
}
