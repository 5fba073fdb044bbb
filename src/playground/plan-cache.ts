/**
 * @file The measurements that the page keeps between visits, as the visitor sees and moves them.
 */
import { batch, effect, signal } from '@preact/signals';
import { fail, messageOf } from '../base/errors.ts';
import { counted } from '../base/format.ts';
import { engine } from './actions.ts';
import type { KeptPlan } from './engine/client.ts';
import { say } from './language.ts';
import { saveFile } from './save.ts';
import { busy } from './state.ts';

/** The most recently used first; nothing before they were looked for. */
export const keptPlans = signal<readonly KeptPlan[] | undefined>(undefined);

/** How the last thing that was done with them ended. */
export const planNotice = signal<{ readonly text: string; readonly bad: boolean } | undefined>(undefined);

/** A file with more is not one of ours. */
const mostBytes = 20 * 2 ** 20;

/** Shows what is kept, from here on after each run; ends with the function that it returns. */
export function watchPlans(): () => void {
  return effect(() => {
    if (!busy.value) void look();
  });
}

async function look(): Promise<void> {
  try {
    keptPlans.value = await engine.keptPlans();
  } catch (error) {
    batch(() => {
      keptPlans.value = [];
      planNotice.value = {
        text: say({
          en: `The browser keeps nothing here: ${messageOf(error)}.`,
          zh: `浏览器在此不保留任何内容：${messageOf(error)}。`,
        }),
        bad: true,
      };
    });
  }
}

export const savePlans = (): Promise<void> =>
  attempt(async () => {
    saveFile('wudnn-plans.json', new TextEncoder().encode(await engine.exportPlans()), 'application/json');
    return undefined;
  });

export const takePlans = (file: File): Promise<void> =>
  attempt(async () => {
    if (file.size > mostBytes)
      fail(
        say({
          en: `plan cache: ${file.name} has ${file.size} bytes, ${mostBytes} at most are read`,
          zh: `计划缓存：${file.name} 有 ${file.size} 字节，最多读取 ${mostBytes} 字节`,
        }),
      );
    const taken = await engine.importPlans(await file.text());
    return say({
      en: `${counted(taken, 'measurement')} taken over from ${file.name}. They hold for every program on the same adapter.`,
      zh: `已从 ${file.name} 导入 ${taken} 项测量，对同一适配器上的所有程序有效。`,
    });
  });

export const clearPlans = (): Promise<void> =>
  attempt(async () => {
    await engine.clearPlans();
    return say({ en: 'Cleared. The next run measures anew.', zh: '已清空。下次运行将重新测量。' });
  });

async function attempt(work: () => Promise<string | undefined>): Promise<void> {
  try {
    const text = await work();
    planNotice.value = text === undefined ? undefined : { text, bad: false };
  } catch (error) {
    planNotice.value = { text: messageOf(error), bad: true };
  }
  await look();
}
