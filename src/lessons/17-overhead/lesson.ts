/**
 * @file A call of the device costs the same however little it does, so small work is faster by plain loops.
 */
import { numbersOf, time, times } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

function check(evidence: Evidence): Finding {
  const sides = numbersOf(evidence, 'sides', 2);
  const host = numbersOf(evidence, 'hostMs', sides.length);
  const device = numbersOf(evidence, 'deviceMs', sides.length);
  const [least, most] = [sides[0], sides.at(-1)!];
  const work = (most / least) ** 3;
  const growth = device.at(-1)! / device[0];
  const even = sides.find((_, i) => device[i] < host[i]);
  const told = {
    en: `At ${least}×${least} loops take ${time(host[0])}, the device ${time(device[0])}. At ${most}×${most} there is ${times(work)} the work: loops take ${time(host.at(-1)!)}, the device ${time(device.at(-1)!)}, ${times(growth)} its time at ${least}×${least}. ${even === undefined ? 'The device was not faster at any of these sizes.' : `From ${even}×${even} on the device is faster.`}`,
    zh: `${least}×${least} 时循环耗时 ${time(host[0])}，设备 ${time(device[0])}。${most}×${most} 的运算量是其 ${times(work)}：循环耗时 ${time(host.at(-1)!)}，设备 ${time(device.at(-1)!)}，是其 ${least}×${least} 时的 ${times(growth)}。${even === undefined ? '在这些尺寸上设备都没有更快。' : `从 ${even}×${even} 起设备更快。`}`,
  };
  if (device[0] < host[0])
    return fails('measured', {
      en: `${told.en} Even the smallest product was faster on the device.`,
      zh: `${told.zh} 连最小的乘积也是设备更快。`,
    });
  if (device[0] < 2 * host[0] || growth > work / 10)
    return cannot({ en: `${told.en} That is too near to tell.`, zh: `${told.zh} 差距太小，无法断定。` }, 'measured');
  return holds('measured', told, even === undefined ? 3 : even <= 16 ? 0 : even <= 64 ? 1 : 2);
}

export const lesson: Lesson = { panes: ['timeline', 'console'], check };
