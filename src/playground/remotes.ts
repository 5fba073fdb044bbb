/**
 * @file The remotes that the page knows, and which of them Compare uses.
 *
 * A token or a passphrase lives in these signals and nowhere else: it is never stored, and leaves the page only in a
 * request to the bridge or to the server that it is for.
 */
import { batch, computed, signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { RemoteList } from '../bridge/protocol.ts';
import { hasBridge, listRemotes } from './bridge.ts';
import { droppedRemote } from './remote-kinds/results-file.ts';
import type { CheckedOutcome, PageRemote } from './remote-kinds/kind.ts';
import { namedRemote } from './remote-kinds/address.ts';
import { offeredRemote } from './remote-kinds/bridge.ts';
import { recorded } from './remote-kinds/recordings.ts';

/** What the bridge offers; `undefined` until it has answered, and for a page without one. */
export const offers = signal<RemoteList | undefined>(undefined);

/** Why the bridge could not be asked. */
export const bridgeError = signal<string | undefined>(undefined);

const offered = computed(() => (offers.value?.remotes ?? []).map(offeredRemote));
/** Those that the visitor added. */
const added = signal<readonly PageRemote[]>([]);
let droppedCount = 0;

/** All of them, in the order in which they are shown. */
export const remotes = computed<readonly PageRemote[]>(() => [
  ...offered.value,
  ...added.value,
  ...(recorded.value ?? []),
]);

/** The keys that the visitor chose; `undefined` before the first choice. */
const choice = signal<ReadonlySet<string> | undefined>(undefined);

/** The remotes that Compare uses: the visitor's choice, else the first that is offered. */
export const chosen = computed<readonly PageRemote[]>(() => {
  const keys = choice.value;
  return keys ? remotes.value.filter(({ key }) => keys.has(key)) : offered.value.slice(0, 1);
});

/** Whether the dialog is open in which remotes are chosen. */
export const choosing = signal(false);

export async function askForRemotes(): Promise<void> {
  if (!hasBridge()) return;
  try {
    offers.value = await listRemotes();
    bridgeError.value = undefined;
  } catch (error) {
    bridgeError.value = messageOf(error);
  }
}

export function setChosen(remote: PageRemote, on: boolean): void {
  const keys = new Set(chosen.value.map(({ key }) => key));
  if (on) keys.add(remote.key);
  else keys.delete(remote.key);
  choice.value = keys;
}

/** Takes up an address as the visitor typed it; throws where it is none. The same address again has a new secret. */
export function addNamed(text: string, secret: string): PageRemote {
  const remote = namedRemote(text, secret, offers.value?.kinds);
  added.value = [...added.value.filter(({ key }) => key !== remote.key), remote];
  return remote;
}

/** Takes up results that were made by hand, and chooses them, unless they are a map's: there is nothing to compare. */
export function addDropped(outcome: CheckedOutcome): void {
  const remote = droppedRemote(++droppedCount, outcome);
  batch(() => {
    added.value = [...added.value, remote];
    if (!outcome.report.cells) chooseNew(remote);
  });
}

export function remove(remote: PageRemote): void {
  batch(() => {
    setChosen(remote, false);
    added.value = added.value.filter((other) => other !== remote);
  });
}

/** Chooses what is new and works: beside the visitor's own choices, but in place of the one that nobody made. */
export function chooseNew(remote: PageRemote): void {
  choice.value = new Set([...(choice.value ?? []), remote.key]);
}
