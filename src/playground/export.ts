/**
 * @file Download results: the last run, and what remotes made of it, as one zip.
 */
import type { ResultsInput } from '../compare/export/results.ts';
import type { RunSuccess } from '../session/protocol.ts';
import { engine, engineHasRun, occupy, showProgress } from './actions.ts';
import { plainName, saveFile } from './save.ts';
import { comparison, lastRun } from './state.ts';

/** Saves the last run, with its comparison where that is of the same program. */
export async function downloadResults(): Promise<void> {
  if (!engineHasRun.value) return;
  await occupy('running', async () => {
    showProgress({ en: 'packing the results', zh: '正在打包结果' });
    const { result, text } = lastRun.value!;
    const { model, choices } = result as RunSuccess; // engineHasRun says that it ended well
    const compared = comparison.value?.text === text ? comparison.value : undefined;
    const input: ResultsInput = {
      choices,
      ...(model !== undefined && {
        model: { name: model, job: compared?.job ?? (await engine.job()), outputs: await engine.outputs() },
      }),
      sides: compared?.sides ?? [],
    };
    const { packResults } = await import('../compare/export/results.ts');
    saveFile(`wudnn-${plainName(model ?? 'run')}-results.zip`, await packResults(input), 'application/zip');
    return compared
      ? { en: 'Downloaded the run and its comparison.', zh: '已下载这次运行及其对比。' }
      : { en: 'Downloaded the run.', zh: '已下载这次运行。' };
  });
}
