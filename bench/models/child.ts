/**
 * @file A side's process: it ends with the bench, and where it ends by itself, it is known what of.
 */
import type { ChildProcess } from 'node:child_process';
import { messageOf } from '../../src/base/errors.ts';
import { atEnd } from './at-end.ts';

export interface Child {
  /** Resolves, once the process has ended, to how: its status or signal, and the last lines of its standard error. */
  readonly ended: Promise<string>;
  end(): void;
}

/** Lines of standard error that are told. */
const toldLines = 5;

/** Its standard error is a pipe. */
export function watch(child: ChildProcess): Child {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const end = (): void => void child.kill('SIGKILL'); // which ends one that is stopped too
  const forget = atEnd(end);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`its process failed: ${messageOf(error)}`));
    child.once('close', (status, signal) => {
      forget();
      const lines = said.trimEnd().split('\n').slice(-toldLines);
      const how = signal ? `was ended by ${signal}` : `ended with status ${status}`;
      resolve([`its process ${how}`, ...lines.filter(Boolean)].join('\n  '));
    });
  });
  return { ended, end };
}
