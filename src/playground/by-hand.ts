/**
 * @file The transport by hand: the job as a download, and the results that come back as files.
 */
import { signal } from '@preact/signals';
import { fail, messageOf } from '../base/errors.ts';
import { maxReportBytes } from '../remote/report.ts';
import { maxResultBytes } from '../remote/transport.ts';
import { endOf, engine, engineRemembers, occupy, runProgram, showProgress } from './actions.ts';
import { asked } from './comparison-request.ts';
import { say } from './language.ts';
import { addDropped } from './remotes.ts';
import { plainName, saveFile } from './save.ts';

/** Why the last files were refused. */
export const droppedError = signal<string | undefined>(undefined);

/** Gives the job of the last run as a zip; runs the program first where it has changed. */
export async function downloadJob(): Promise<void> {
  await occupy('running', async () => {
    if (!engineRemembers()) {
      const result = await runProgram();
      if (!result.ok) return endOf(result);
    }
    showProgress({ en: 'preparing the job', zh: '正在准备任务' });
    const job = await engine.job(asked().job);
    const { packJob } = await import('../remote/file.ts');
    saveFile(`wudnn-${plainName(job.model)}.zip`, packJob(job), 'application/zip');
    return {
      en: `Downloaded the job of ${job.model}. Unpack it on a machine with PyTorch and run \`python job.py\`.`,
      zh: `已下载 ${job.model} 的任务。请在装有 PyTorch 的机器上解压并运行 \`python job.py\`。`,
    };
  });
}

/** Takes the results of a run by hand. Never rejects: what is wrong with the files is shown. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  try {
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const most = maxResultBytes + maxReportBytes;
    if (total > most)
      fail(
        say({
          en: `file: ${total} bytes are above the limit of ${most}; no job writes that much`,
          zh: `文件：${total} 字节超过了 ${most} 字节的上限；任务不会写出这么大的文件`,
        }),
      );
    const { unpackResults } = await import('../remote/file.ts');
    const read = files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
    const { report, tensors } = unpackResults(await Promise.all(read));
    addDropped({ report, results: tensors });
    droppedError.value = undefined;
  } catch (error) {
    droppedError.value = messageOf(error);
  }
}
