/**
 * @file Intent: the command line is a good citizen of a shell: called from anywhere, piped anywhere, it says what went
 * wrong and where, and gives programs JSON and nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showProgress, showStatus } from '../../src/cli/progress.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wudnn-file-'));
  mkdirSync(join(folder, 'below'));
  writeFileSync(
    join(folder, 'below', 'program.ts'),
    `import { torch } from 'wudnn'\nconsole.log('said')\nexport const y = torch.ones(2, 3)\n`,
  );
  writeFileSync(
    join(folder, 'stray.ts'),
    `import { torch } from 'wudnn'\nasync function later() {\n  torch.zeros(2).add(torch.zeros(3))\n}\nvoid later()\nawait new Promise((done) => setTimeout(done, 10_000))\n`,
  );
  writeFileSync(
    join(folder, 'long.ts'),
    `for (let i = 0; ; i++) {\n  console.log('a line that is long enough to fill a pipe, ' + i)\n  await null\n  if (i % 100 === 0) await new Promise((done) => setTimeout(done))\n}\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As npm starts it, in a folder of the caller's. */
function start(args: readonly string[], cwd = folder) {
  return spawn(process.execPath, [resolve('scripts/wudnn.mjs'), ...args], {
    cwd,
    env: { ...process.env, INIT_CWD: cwd },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function wudnn(
  args: readonly string[],
  cwd?: string,
): Promise<{ status: number; stdout: string; stderr: string }> {
  const child = start(args, cwd);
  const [stdout, stderr, [status]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { status, stdout, stderr };
}

test('a program is found from the folder in which the command was called, and so is the file of its JSON', async () => {
  const { status, stdout, stderr } = await wudnn(
    ['run', 'program.ts', '--adapter', 'cpu', '--json', 'result.json'],
    join(folder, 'below'),
  );
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^said\ny: \[2, 3\] float32/)]);
  expect(stderr).toMatch(/\d s on the cpu reference/);
  expect(JSON.parse(readFileSync(join(folder, 'below', 'result.json'), 'utf8'))).toMatchObject({
    format: 'wudnn-run/1',
    program: 'program.ts',
    ok: true,
  });
});

test('--json - gives standard output to the JSON alone', async () => {
  const { stdout, stderr } = await wudnn(['run', 'below/program.ts', '--adapter', 'cpu', '--json', '-']);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'wudnn-run/1', outputs: [{ name: 'y' }] });
  expect(stderr).toContain('said');
});

test('a promise that fails and that nobody awaits ends the program at its line, without the stack of the engine', async () => {
  const { status, stderr } = await wudnn(['run', 'stray.ts', '--adapter', 'cpu']);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^stray\.ts:3:18: Error: add: shapes \[2\] and \[3\] do not broadcast.*\n {4}torch\.zeros\(2\)\.add\(torch\.zeros\(3\)\)\n +\^\n$/,
  );
});

test('a reader that has had enough, as head does, ends it without a word', async () => {
  const child = start(['run', 'long.ts', '--adapter', 'cpu']);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [stderr, [status]] = await Promise.all([textOf(child.stderr), once(child, 'close')]);
  expect([status, stderr]).toEqual([0, '']);
});

test.each([
  [['rum', 'x.ts'], "there is no command 'rum'; did you mean run?"],
  [['rn', 'x.ts'], "there is no command 'rn'; did you mean run?"],
  [['run', 'x.ts', '--adaptor', 'cpu'], 'there is no option --adaptor; did you mean --adapter?'],
  [['tune', '1,2,3'], 'wudnn tune: '],
])('%j is told what was meant', async (args, complaint) => {
  const { status, stdout, stderr } = await wudnn(args);
  expect(status).toBeGreaterThan(0);
  expect(stdout).toBe('');
  expect(stderr).toContain(complaint);
  expect(stderr).not.toContain('tune: tune:');
});

/** A stream that remembers what it was given. */
function recorder(isTTY: boolean) {
  const written: string[] = [];
  return {
    written,
    stream: { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream,
  };
}

test('without a terminal each step is told once, and again only after a while', () => {
  const { written, stream } = recorder(false);
  const show = showProgress(stream);
  for (const text of ['connecting', 'uploading: 1%', 'uploading: 2%', 'running']) show(text);
  expect(written).toEqual(['connecting\n', 'uploading\n', 'running\n']);
  const patient = showProgress(stream, 0);
  for (const text of ['uploading: 1%', 'uploading: 50%']) patient(text);
  expect(written.slice(3)).toEqual(['uploading\n', 'uploading: 50%\n']);
  const status = showStatus(stream, 0);
  status.show('verifying');
  status.end();
  expect(written.slice(5)).toEqual(['verifying\n']);
});

test('in a terminal what goes on now stays on its line', () => {
  const { written, stream } = recorder(true);
  const { show, end } = showStatus(stream);
  show('one');
  show('two');
  end();
  expect(written).toEqual(['\r\u001b[Kone', '\r\u001b[Ktwo', '\r\u001b[K']);
});

test('a status that is longer than the line of a terminal is cut, since only one line can be cleared', () => {
  const { written, stream } = recorder(true);
  showStatus(Object.assign(stream, { columns: 10 })).show('measuring conv2d');
  expect(written).toEqual(['\r\u001b[Kmeasuring']);
});

test('compile names the passes that can be left out, and refuses others', async () => {
  const { status, stderr } = await wudnn(['compile', 'program.ts', '--without', 'fold'], join(folder, 'below'));
  expect(status).toBe(1);
  expect(stderr).toBe(
    "wudnn compile: --without: there is no pass 'fold' to leave out; there are commonSubexpressions, batchNorm, epilogues, mergeProducts, recompute, pointwise, reductions\n",
  );
});
