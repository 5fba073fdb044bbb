/**
 * @file Starts a side in a process of Node's.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { watch } from './child.ts';
import type { Answer, Remote, SideName } from './protocol.ts';

export function nodeProcess(name: SideName, adapter: string | undefined): Remote {
  const child = fork(fileURLToPath(new URL('process.ts', import.meta.url)), [name, adapter ?? ''], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { ended, end } = watch(child);
  const failed = ended.then((reason): Answer => ({ is: 'failed', reason }));
  const signal = (name: NodeJS.Signals): void => {
    if (process.platform !== 'win32') child.kill(name);
  };
  return {
    ask: (request) => {
      const answered = once(child, 'message').then(([message]) => message as Answer);
      child.send(request, () => {}); // where nobody listens any more, it has ended
      return Promise.race([answered, failed]);
    },
    resume: () => signal('SIGCONT'),
    suspend: () => signal('SIGSTOP'),
    end,
  };
}
