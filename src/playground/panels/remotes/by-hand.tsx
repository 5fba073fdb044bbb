/**
 * @file By hand: the job goes out as a file, and its results come back as files, dropped or picked.
 */
import type { TargetedEvent } from 'preact';
import { downloadJob, droppedError, takeFiles } from '../../by-hand.ts';
import { langOf, say } from '../../language.ts';
import { busy } from '../../state.ts';

export function ByHand() {
  const pick = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    void takeFiles([...(currentTarget.files ?? [])]);
    currentTarget.value = ''; // the same files again are a change again
  };
  return (
    <section class="by-hand" aria-labelledby="by-hand-title">
      <h3 id="by-hand-title">
        {say({ en: 'By hand, on any machine with PyTorch', zh: '手动：任何装有 PyTorch 的机器' })}
      </h3>
      <ol>
        <li>
          <button type="button" disabled={busy.value} onClick={() => void downloadJob()}>
            {say({ en: 'Download the job', zh: '下载任务' })}
          </button>
        </li>
        <li>
          {say({
            en: (
              <>
                Unpack it on that machine and run <code>python job.py</code> in its folder.
              </>
            ),
            zh: (
              <>
                在那台机器上解压，并在其文件夹中运行 <code>python job.py</code>。
              </>
            ),
          })}
        </li>
        <li>
          <label>
            {say({
              en: (
                <>
                  Drop <code>report.json</code> and <code>results.safetensors</code> here, or a zip of them, or choose
                  them:
                </>
              ),
              zh: (
                <>
                  把 <code>report.json</code> 和 <code>results.safetensors</code>（或它们的 zip）拖到这里，或选择文件：
                </>
              ),
            })}
            <input type="file" multiple accept=".json,.safetensors,.zip" onChange={pick} />
          </label>
        </li>
      </ol>
      {droppedError.value && (
        <p class="notice bad" role="alert" lang={langOf(droppedError.value)}>
          {droppedError.value}
        </p>
      )}
    </section>
  );
}
