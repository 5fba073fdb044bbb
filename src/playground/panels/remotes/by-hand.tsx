/**
 * @file By hand: the job goes out as a file, and its results come back as files, dropped or picked.
 */
import type { TargetedEvent } from 'preact';
import { downloadJob, droppedError, takeFiles } from '../../by-hand.ts';
import { busy } from '../../state.ts';

export function ByHand() {
  const pick = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    void takeFiles([...(currentTarget.files ?? [])]);
    currentTarget.value = ''; // the same files again are a change again
  };
  return (
    <section class="by-hand" aria-labelledby="by-hand-title">
      <h3 id="by-hand-title">By hand, on any machine with PyTorch</h3>
      <ol>
        <li>
          <button type="button" disabled={busy.value} onClick={() => void downloadJob()}>
            Download the job
          </button>
        </li>
        <li>
          Unpack it on that machine and run <code>python job.py</code> in its folder.
        </li>
        <li>
          <label>
            Drop <code>report.json</code> and <code>results.safetensors</code> here, or a zip of them, or choose them:
            <input type="file" multiple accept=".json,.safetensors,.zip" onChange={pick} />
          </label>
        </li>
      </ol>
      {droppedError.value && (
        <p class="notice bad" role="alert">
          {droppedError.value}
        </p>
      )}
    </section>
  );
}
