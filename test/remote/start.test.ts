/**
 * @file Intent: whoever ends `npm start`, and by whatever signal, finds nothing of it left: no server, no folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { ask, letIn } from '../support/visitor.ts';

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s ends the Jupyter server that was started, and its folders',
  async (signal) => {
    const temporary = mkdtempSync(join(tmpdir(), 'wudnn-start-'));
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
    const child = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--port', '5260'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: temporary },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const address = /http\S+/.exec(line)![0];
    const url = new URL('/', address).href;
    const headers = await letIn({ url, entry: () => address, close: async () => {} });
    const examined = await ask(`${url}bridge/doctor`, headers, {
      method: 'POST',
      body: JSON.stringify({ kind: 'offered', id: 'this-machine', name: '', detail: '' }),
    });
    expect(examined.body.toString()).toContain('"torch"');
    const ours = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('wudnn-'));
    expect(ours()).not.toEqual([]);

    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(ours()).toEqual([]);
  },
);
