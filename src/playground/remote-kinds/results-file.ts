/**
 * @file Results that somebody made with the downloaded job and dropped into the page.
 */
import { say } from '../language.ts';
import type { CheckedOutcome, PageRemote } from './kind.ts';
import { reportText } from './kind.ts';

/** `number` counts from 1: the same machine may give results twice. */
export const droppedRemote = (number: number, { report, results }: CheckedOutcome): PageRemote => ({
  key: `dropped ${number}`,
  name: say({ en: `by hand ${number}: ${report.device.name}`, zh: `手动 ${number}：${report.device.name}` }),
  about: reportText(report),
  origin: say({ en: 'run by hand', zh: '手动运行' }),
  repeatable: false,
  report,
  removable: true,
  async run(job) {
    const { fileResults } = await import('../../remote/file.ts');
    return fileResults({ report, tensors: results }, job);
  },
});
