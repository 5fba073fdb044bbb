/**
 * Intent: folders that killed processes left in the temporary directory are removed by the next one, and a living one's
 * never are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/machine/temporary.ts';
import { localTransport } from '../../src/remote/local.ts';
import { pythonSource } from '../../src/remote/python.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import { echo } from '../support/jobs.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

let folder = '';
const usual = process.env['TMPDIR'];
beforeEach(() => {
  process.env['TMPDIR'] = folder = mkdtempSync(join(usual ?? tmpdir(), 'wudnn-file-'));
});
afterEach(() => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  rmSync(folder, { recursive: true });
});

/** The number of a process that has ended. */
const dead = (): number => spawnSync('true').pid;

function leave(name: string, pid?: number, daysAgo = 0): string {
  const path = join(folder, name);
  mkdirSync(path);
  if (pid !== undefined) writeFileSync(join(path, 'pid'), `${pid}\n`);
  const then = Date.now() / 1000 - daysAgo * 86_400;
  utimesSync(path, then, then);
  return path;
}

test('a folder of a process that is gone is swept, one of a living process or of another name is not', async () => {
  const gone = leave(`wudnn-jupyter-${dead()}-abc`);
  const stay = [
    leave(`wudnn-jupyter-${process.pid}-abc`),
    leave('wudnn-jupyter-abc'),
    leave(`wudnn-other-${dead()}-abc`),
  ];
  const own = await temporaryFolder('wudnn-jupyter');
  expect([existsSync(gone), ...stay.map(existsSync), existsSync(own)]).toEqual([false, true, true, true, true]);
});

describeWith(['python'], 'where jobs run', () => {
  test('the folder of a job that was killed is swept after a day; one that runs, or is younger, is not', async () => {
    const gone = [leave('wudnn-job-aaaaaaaa', dead(), 2), leave('wudnn-job-bbbbbbbb', undefined, 2)];
    const stay = [
      leave('wudnn-job-cccccccc', process.pid, 2),
      leave('wudnn-job-dddddddd', dead()),
      leave('other-job', dead(), 2),
    ];
    const tensors = encodeSafetensors([]);
    await localTransport(pythonWithTorch().path).run(echo(tensors));
    expect([...gone, ...stay].map(existsSync)).toEqual([false, false, true, true, true]);
  });

  test('so is that of a kernel that was killed, as soon as the next begins', async () => {
    const { path } = pythonWithTorch();
    const courier = pythonSource('courier.py').replace(/^get_ipython.*$/m, '');
    const run = (after: string): string =>
      spawnSync(path, ['-c', `${courier}\n${after}`], { encoding: 'utf8' }).stdout.trim();
    const killed = run('import signal\nprint(courier.folder, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)');
    expect(existsSync(killed)).toBe(true);
    // While it runs, another that begins leaves its folder alone.
    const seen = run(
      'import subprocess\nprint(os.path.exists(sys.argv[-1]) if len(sys.argv) > 1 else "")\nother = Courier()\nprint(os.path.exists(courier.folder))',
    );
    expect(seen).toBe('True');
    expect(existsSync(killed)).toBe(false);
  });
});
