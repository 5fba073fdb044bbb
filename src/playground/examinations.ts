/**
 * @file The connection doctor in the page: examines the way to a remote, by the bridge or, without one, as far as a
 * page can.
 */
import { signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { Words } from '../base/words.ts';
import type { StageResult } from '../bridge/protocol.ts';
import { hasBridge } from './bridge.ts';
import type { PageRemote } from './remote-kinds/kind.ts';

export interface Examination {
  readonly stages: readonly StageResult[];
  readonly running: boolean;
  /** What this way of examining cannot tell. */
  readonly caveat?: Words;
  /** Why it came to no end. */
  readonly error?: string;
}

/** By the remote's key. */
export const examinations = signal<ReadonlyMap<string, Examination>>(new Map());

/** Examines; each stage is shown as it ends. Resolves to whether nothing has failed; never rejects. */
export async function examine(remote: PageRemote): Promise<boolean> {
  const { key } = remote;
  if (examinations.value.get(key)?.running) return false;
  const show = (change: Partial<Examination>): void => {
    const before = examinations.value.get(key) ?? { stages: [], running: true };
    examinations.value = new Map(examinations.value).set(key, { ...before, ...change });
  };
  show({ stages: [], running: true, error: undefined, caveat: hasBridge() ? undefined : alone });
  const onStage = (stage: StageResult): void => show({ stages: [...examinations.value.get(key)!.stages, stage] });
  try {
    await remote.examine?.(onStage);
    show({ running: false });
    return examinations.value.get(key)!.stages.every(({ state }) => state === 'ok' || state === 'warning');
  } catch (error) {
    show({ running: false, error: messageOf(error) });
    return false;
  }
}

export function forget({ key }: PageRemote): void {
  const others = new Map(examinations.value);
  others.delete(key);
  examinations.value = others;
}

const alone: Words = {
  en: 'Checked by this page alone. A browser does not tell a page whether a port is closed, a name is unknown or a certificate is bad. With `npm start`, the page has a bridge that can tell.',
  zh: '仅由本页检查。端口关闭、名称无法解析或证书有误，浏览器都不会告诉网页。用 `npm start` 启动时，本页的桥接服务可以查明。',
};
