/**
 * @file The bar: which program, run, stop, compare, share, panes, settings, device; and one line on what is going on.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { run, stop } from '../actions.ts';
import { compare } from '../compare.ts';
import { isMac } from '../keys.ts';
import { langOf, say } from '../language.ts';
import { isHidden, linkError } from '../opening-link.ts';
import { busy, busySince, engineInfo, status } from '../state.ts';
import { Device } from './device.tsx';
import { Headline, Invitations } from './headline.tsx';
import { HostNotices } from './hosts.tsx';
import { LessonMenu } from './lesson-menu.tsx';
import { LinkButton } from './link-dialog.tsx';
import { PanesMenu } from './panes-menu.tsx';
import { ProgramList, ProgramMenu, ProgramNotices } from './program-menu.tsx';
import { SettingsMenu } from './settings.tsx';
import { BarSwitches } from './switches.tsx';

export function Bar() {
  return (
    <header class="masthead">
      <h1>wuDNN</h1>
      <div class="tools">
        {!isHidden('lesson') && <LessonMenu />}
        {!isHidden('example') && <ProgramList />}
        <ProgramMenu />
        <button
          type="button"
          class="primary"
          disabled={busy.value}
          onClick={() => void run()}
          aria-keyshortcuts={isMac ? 'Meta+Enter' : 'Control+Enter'}
          title={isMac ? '⌘ Enter' : 'Ctrl Enter'}
        >
          {say({ en: 'Run', zh: '运行' })}
        </button>
        <button type="button" disabled={!busy.value} onClick={() => void stop()}>
          {say({ en: 'Stop', zh: '停止' })}
        </button>
        {!isHidden('compare') && (
          <button
            type="button"
            title={say({
              en: "Runs this program's model as Python on the chosen remotes",
              zh: '把程序中的模型作为 Python 程序，放到所选远端上运行',
            })}
            disabled={busy.value}
            onClick={() => void compare()}
          >
            {say({ en: 'Compare with remote', zh: '与远端对比' })}
          </button>
        )}
        {!isHidden('link') && <LinkButton />}
      </div>
      <div class="menus">
        <PanesMenu />
        {!isHidden('settings') && <SettingsMenu />}
        <Device />
      </div>
    </header>
  );
}

/** What is going on, and what the visitor must hear. */
export function Notices() {
  const reason = engineInfo.value?.reason;
  return (
    <div class="toolbar">
      <div class="said">
        <Status />
        {!isHidden('settings') && <BarSwitches />}
        <Invitations />
      </div>
      <Headline />
      <ProgramNotices />
      <HostNotices />
      {linkError.value && (
        <p class="notice bad" role="alert">
          <span lang={langOf(linkError.value)}>{linkError.value}</span>
        </p>
      )}
      {reason && (
        <p class="notice">
          <strong>{say({ en: 'No GPU.', zh: '没有 GPU。' })}</strong>{' '}
          <span lang={langOf(reason)}>{sentence(reason)}.</span>{' '}
          {say({
            en: 'Programs run on the cpu reference: correct and slow, with no algorithms to choose from.',
            zh: '程序在 CPU 参考实现上运行：结果正确，但很慢，也没有算法可选。',
          })}
        </p>
      )}
    </div>
  );
}

/** What is going on, and for how long. Screen readers hear how a run begins and ends, not each of its steps. */
function Status() {
  const seconds = useSignal(0);
  useEffect(() => {
    if (!busy.value) return undefined;
    const count = (): void => void (seconds.value = Math.floor((performance.now() - busySince.value) / 1000));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [busy.value]);
  return (
    <>
      <p class="status" data-busy={busy.value}>
        <span lang={langOf(say(status.value))}>{say(status.value)}</span>
        {busy.value && seconds.value > 0 && <span class="elapsed"> {formatSeconds(seconds.value)}</span>}
      </p>
      <p class="unseen" role="status">
        {busy.value ? say({ en: 'Running…', zh: '正在运行…' }) : say(status.value)}
      </p>
    </>
  );
}

/** `'59 s'`, `'2:05 min'`. */
const formatSeconds = (s: number): string =>
  s < 60 ? `${s} s` : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')} min`;

/** An error's text, `'webgpu: the browser has …'`, to go on with in prose. */
function sentence(error: string): string {
  const text = error.replace(/^webgpu: /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
