/**
 * @file The bar: which program, run, stop, compare, share, panes, settings, device; and one line on what is going on.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { run, stop } from '../actions.ts';
import { compare } from '../compare.ts';
import { isMac } from '../keys.ts';
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
          Run
        </button>
        <button type="button" disabled={!busy.value} onClick={() => void stop()}>
          Stop
        </button>
        {!isHidden('compare') && (
          <button
            type="button"
            title="Runs this program's model as Python on the chosen remotes"
            disabled={busy.value}
            onClick={() => void compare()}
          >
            Compare with remote
          </button>
        )}
        {!isHidden('link') && <LinkButton />}
      </div>
      <div class="menus">
        <PanesMenu />
        <SettingsMenu />
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
        <BarSwitches />
        <Invitations />
      </div>
      <Headline />
      <ProgramNotices />
      <HostNotices />
      {linkError.value && (
        <p class="notice bad" role="alert">
          {linkError.value}
        </p>
      )}
      {reason && (
        <p class="notice">
          <strong>No GPU.</strong> {sentence(reason)}. Programs run on the cpu reference: correct and slow, with no
          algorithms to choose from.
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
        {status.value}
        {busy.value && seconds.value > 0 && <span class="elapsed"> {formatSeconds(seconds.value)}</span>}
      </p>
      <p class="unseen" role="status">
        {busy.value ? 'Running…' : status.value}
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
