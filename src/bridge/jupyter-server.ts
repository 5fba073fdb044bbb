/**
 * @file A Jupyter server of our own on loopback: random token, folders of its own, gone when we are.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../base/errors.ts';
import { temporaryFolder } from '../machine/temporary.ts';

export interface JupyterProcess {
  readonly address: string;
  readonly token: string;
  readonly pid: number;
  /** The server's own log, the last part of it. */
  log(): string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Stops server and kernels and removes the folders. */
  stop(): Promise<void>;
}

/**
 * The server ends with this process, however that ends: its stdin is a pipe, which the system closes even after a kill.
 */
const serverSource = `
import os, runpy, signal, sys, threading

def end_with_parent():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv[0] = "jupyter_server"
runpy.run_module("jupyter_server", run_name="__main__", alter_sys=True)
`;

const startMs = 60_000;
const stopMs = 5000;
const logCharacters = 20_000;

/**
 * Starts a server with the given python, which must have jupyter_server and ipykernel; more options and variables as
 * given.
 */
export async function startJupyter(
  python: string,
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<JupyterProcess> {
  const folder = await temporaryFolder('wudnn-jupyter');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary); // jobs of its kernels lie there, and go with it
  const token = randomBytes(24).toString('hex');
  const child = spawn(python, ['-c', serverSource, ...serverArguments(folder), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: folder,
    detached: true, // a process group of its own, so that its kernels end with it
    // The token goes by the environment: arguments are visible to every user of the machine.
    env: {
      ...process.env,
      ...environment,
      TMPDIR: temporary,
      JUPYTER_TOKEN: token,
      JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
      JUPYTER_CONFIG_DIR: join(folder, 'config'),
      JUPYTER_DATA_DIR: join(folder, 'data'),
    },
  });
  let log = '';
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString()).replaceAll(token, '…').slice(-logCharacters);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const onExit = (): void => killGroup(child, 'SIGKILL');
  process.once('exit', onExit);

  const stop = async (): Promise<void> => {
    process.off('exit', onExit);
    await stopProcess(child, ended);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const address = await waitForAddress(child, join(folder, 'runtime'));
    return { address, token, pid: child.pid!, log: () => log, ended, stop };
  } catch (cause) {
    await stop();
    throw new Error(`jupyter: the server does not start with ${python}: ${lastLines(log)}`, { cause });
  }
}

function serverArguments(folder: string): string[] {
  return [
    '--ServerApp.ip=127.0.0.1',
    '--ServerApp.port=8890',
    '--ServerApp.port_retries=200',
    '--ServerApp.open_browser=False',
    `--ServerApp.root_dir=${folder}`,
    '--ServerApp.allow_root=True', // it listens on loopback and wants its token, whoever runs it
    '--ServerApp.jpserver_extensions={}',
  ];
}

/** The server tries ports until one is free and writes into its runtime folder which one it took. */
async function waitForAddress(child: ChildProcess, runtime: string): Promise<string> {
  for (const deadline = Date.now() + startMs; Date.now() < deadline; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null)
      fail(`it ended with ${child.exitCode ?? child.signalCode}`);
    const files = await readdir(runtime).catch(() => []);
    const info = files.find((name) => name === `jpserver-${child.pid}.json`);
    if (!info) continue;
    try {
      const { port, base_url: base } = JSON.parse(await readFile(join(runtime, info), 'utf8')) as {
        port: number;
        base_url: string;
      };
      const address = `http://127.0.0.1:${port}${base}`;
      if ((await fetch(`${address}api`)).ok) return address;
    } catch {
      // half written, or not yet listening: once more
    }
  }
  fail(`no answer within ${startMs / 1000} s`);
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(stopMs, undefined, { ref: false })]);
  killGroup(child, 'SIGKILL'); // kernels that outlived the server
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // the group is gone already
  }
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-3).join(' · ') || 'it printed nothing';
}
