/**
 * @file `npm start` serves the page on this machine only, takes the next port when one is taken, and ends when asked
 * to.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { capture } from '../../src/machine/programs.ts';

test('serves the page on a free port of loopback until Ctrl-C', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;

  const child = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const url = new URL(/http\S+/.exec(line)?.[0] ?? '');
  expect(url.hostname).toBe('127.0.0.1');
  expect(Number(url.port)).toBeGreaterThan(port);
  const [cookie] = (await fetch(url, { redirect: 'manual' })).headers.getSetCookie();
  expect(await (await fetch(url.origin, { headers: { cookie: cookie.split(';')[0] } })).text()).toContain(
    '<title>wuDNN</title>',
  );

  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('says what is wrong with an option before it does anything', async () => {
  const { status, stdout, stderr } = await capture(process.execPath, ['scripts/start.mjs', '--port', 'eighty']);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain("--port takes a number from 1 to 65535, got 'eighty'");
});

test('says which page cannot be one that frames it', async () => {
  const args = ['scripts/start.mjs', '--frame-by', 'https://school.example', '--frame-by', 'http://school.example'];
  const { status, stdout, stderr } = await capture(process.execPath, args);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain("--frame-by: 'http://school.example' is neither https nor http://localhost");
});
