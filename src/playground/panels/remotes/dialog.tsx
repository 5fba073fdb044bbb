/**
 * @file The dialog in which remotes are named, examined and chosen.
 */
import { useEffect, useRef } from 'preact/hooks';
import { hasBridge } from '../../bridge.ts';
import { takeFiles } from '../../by-hand.ts';
import { compare } from '../../compare.ts';
import { langOf, say } from '../../language.ts';
import { text } from '../../programs/program.ts';
import type { PageRemote } from '../../remote-kinds/kind.ts';
import { isOf, loadRecorded, recorded, recordedErrors } from '../../remote-kinds/recordings.ts';
import { bridgeError, choosing, chosen, offers, remotes } from '../../remotes.ts';
import { busy, status } from '../../state.ts';
import { AddRemote } from './add-remote.tsx';
import { ByHand } from './by-hand.tsx';
import { RemoteRow } from './remote-row.tsx';

export function RemotesDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!choosing.value) return dialog.current?.close();
    dialog.current?.showModal();
    void loadRecorded();
  }, [choosing.value]);
  useEffect(() => acceptFiles(dialog.current!), []);
  return (
    <dialog ref={dialog} aria-labelledby="remotes-title" onClose={() => (choosing.value = false)}>
      <div class="heading">
        <h2 id="remotes-title">{say({ en: 'Compare with which PyTorch?', zh: '与哪个 PyTorch 对比？' })}</h2>
        <button type="button" class="quiet" onClick={() => (choosing.value = false)}>
          {say({ en: 'Close', zh: '关闭' })}
        </button>
      </div>
      <div class="body">
        <p class="hint">
          {say({
            en: "Comparing runs this program's model there, as a Python program with its weights and inputs. The program can only compute, but it may take as much time and memory as it needs.",
            zh: '对比会把程序中的模型连同权重和输入，作为 Python 程序在那里运行。该程序只能做计算，但需要多少时间和内存就会占用多少。',
          })}
        </p>
        {bridgeError.value && (
          <p class="notice bad" lang={langOf(bridgeError.value)}>
            {bridgeError.value}
          </p>
        )}
        <Rows remotes={remotes.value.filter(({ record }) => !record)} />
        {!hasBridge() && <Alone />}
        <Missing steps={offers.value?.missing ?? []} />
        <AddRemote />
        <ByHand />
        <Recorded />
      </div>
      <Footer />
    </dialog>
  );
}

/** Files may be dropped anywhere on the element; the picker of by-hand.tsx does the same by keyboard. */
function acceptFiles(element: HTMLElement): () => void {
  const over = (event: DragEvent): void => event.preventDefault();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    void takeFiles([...(event.dataTransfer?.files ?? [])]);
  };
  element.addEventListener('dragover', over);
  element.addEventListener('drop', drop);
  return () => {
    element.removeEventListener('dragover', over);
    element.removeEventListener('drop', drop);
  };
}

function Rows({ remotes: shown }: { remotes: readonly PageRemote[] }) {
  return shown.length === 0 ? null : (
    <ul class="remotes">
      {shown.map((remote) => (
        <RemoteRow key={remote.key} remote={remote} />
      ))}
    </ul>
  );
}

/** Runs of the program in the editor come first: only they can be compared with it. */
function Recorded() {
  const fits = ({ record }: PageRemote): number => Number(isOf(text.value, record!));
  const runs = (recorded.value ?? []).toSorted((a, b) => fits(b) - fits(a));
  if (runs.length === 0 && recordedErrors.value.length === 0) return null;
  return (
    <section class="recorded" aria-labelledby="recorded-title">
      <h3 id="recorded-title">{say({ en: 'Recorded on real machines', zh: '在真实机器上录制' })}</h3>
      {recordedErrors.value.map((error) => (
        <p key={error} class="notice bad" lang={langOf(error)}>
          {error}
        </p>
      ))}
      <Rows remotes={runs} />
    </section>
  );
}

function Alone() {
  return (
    <p class="notice">
      {say({
        en: (
          <>
            This page has no bridge. It can reach Jupyter servers that allow it (
            <code>--ServerApp.allow_origin={location.origin}</code>), and it takes results made by hand. Start it with{' '}
            <code>npm start</code> to reach ssh hosts and this machine too.
          </>
        ),
        zh: (
          <>
            本页没有桥接服务。它可以访问允许它的 Jupyter 服务器（
            <code>--ServerApp.allow_origin={location.origin}</code>），也接受手动得到的结果。用 <code>npm start</code>{' '}
            启动后，还能访问 ssh 主机和本机。
          </>
        ),
      })}
    </p>
  );
}

function Missing({ steps }: { steps: readonly string[] }) {
  if (steps.length === 0) return null;
  return (
    <div class="missing">
      <p>{say({ en: 'This machine cannot be a remote yet. It needs:', zh: '本机还不能作为远端，还缺少：' })}</p>
      <ul>
        {steps.map((step) => (
          <li key={step} lang={langOf(step)}>
            {step}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Footer() {
  const count = chosen.value.length;
  const start = (): void => {
    choosing.value = false;
    void compare();
  };
  return (
    <div class="footer">
      {busy.value && (
        <p class="hint" aria-live="polite">
          {say(status.value)}
        </p>
      )}
      {!busy.value && count > 1 && (
        <p class="hint">
          {say({
            en: "They run one after another, so that they do not disturb each other's times.",
            zh: '依次运行，以免互相影响耗时。',
          })}
        </p>
      )}
      <button type="button" class="primary" disabled={busy.value || count === 0} onClick={start}>
        {count > 1
          ? say({ en: `Compare with ${count} remotes`, zh: `与 ${count} 个远端对比` })
          : say({ en: 'Compare', zh: '对比' })}
      </button>
    </div>
  );
}
