/**
 * @file The connection doctor in the page: examines the way to a remote, by the bridge or, without one, as far as a page can.
 */
import { signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { NamedRemote, OfferedRemote, StageResult } from '../bridge/protocol.ts';
import { protocolOf } from '../remote/address.ts';
import { examineByBridge, hasBridge } from './bridge.ts';
import { keyOf } from './remote-kinds.ts';

export interface Examination {
  readonly stages: readonly StageResult[];
  readonly running: boolean;
  /** What this way of examining cannot tell. */
  readonly caveat?: string;
  /** Why it came to no end. */
  readonly error?: string;
}

/** By the remote's key. */
export const examinations = signal<ReadonlyMap<string, Examination>>(new Map());

/** Examines; each stage is shown as it ends. Resolves to whether nothing has failed; never rejects. */
export async function examine(remote: OfferedRemote | NamedRemote): Promise<boolean> {
  const key = keyOf(remote);
  if (examinations.value.get(key)?.running) return false;
  const show = (change: Partial<Examination>): void => {
    const before = examinations.value.get(key) ?? { stages: [], running: true };
    examinations.value = new Map(examinations.value).set(key, { ...before, ...change });
  };
  show({ stages: [], running: true, error: undefined, caveat: hasBridge() ? undefined : alone });
  const onStage = (stage: StageResult): void => show({ stages: [...examinations.value.get(key)!.stages, stage] });
  try {
    if (hasBridge()) await examineByBridge(remote, onStage);
    else await examineFromPage(remote as NamedRemote, onStage);
    show({ running: false });
    return examinations.value.get(key)!.stages.every(({ state }) => state === 'ok' || state === 'warning');
  } catch (error) {
    show({ running: false, error: messageOf(error) });
    return false;
  }
}

export function forget(remote: OfferedRemote | NamedRemote): void {
  const others = new Map(examinations.value);
  others.delete(keyOf(remote));
  examinations.value = others;
}

const alone =
  'Checked by this page alone. A browser does not tell a page whether a port is closed, a name is unknown or a certificate is bad. With `npm start`, the page has a bridge that can tell.';

async function examineFromPage({ address, token }: NamedRemote, onStage: (stage: StageResult) => void): Promise<void> {
  if (!/^https?:$/.test(protocolOf(address))) {
    onStage({
      name: 'bridge',
      state: 'failed',
      message: `a page without a bridge cannot use ${protocolOf(address)}`,
      remedy: 'npm start',
    });
    return;
  }
  const { examineJupyter } = await import('../remote/doctor/jupyter.ts');
  await examineJupyter({ address, token, origin: location.origin, inPage: true }, onStage);
}
