/**
 * @file The Jupyter transport: runs a job on a fresh kernel of any Jupyter server, given its address and token.
 *
 * The kernel runs python/courier.py, which takes the job's files as binary comm buffers, runs the program in a folder
 * of its own, and gives the results back the same way. The kernel is shut down at the end, whatever the end was.
 */
import { plainText } from '../../base/text.ts';
import type { Job } from '../job.ts';
import { jobFiles } from '../job.ts';
import { pythonError } from '../python-error.ts';
import { pythonSource } from '../python.ts';
import { maxReportBytes } from '../report.ts';
import type { RemoteResult, RunOptions, Transport } from '../transport.ts';
import { cancelled, collectFor, LogReader, maxResultBytes, RemoteError, throwIfCancelled } from '../transport.ts';
import type { JupyterAddress } from './server.ts';
import { connectionSettings, probeKernel, probeVersion } from './server.ts';
import type { Execution } from './session.ts';
import { KernelSession } from './session.ts';

/** How long a kernel has to obey an interrupt before it is shut down instead. */
const interruptMs = 10_000;
/** How long a program may compute without a word. */
const silentMs = 30 * 60_000;

export function jupyterTransport(name: string, address: JupyterAddress): Transport {
  const settings = connectionSettings(address);
  return {
    name,
    async run(job, options = {}) {
      const { signal, onProgress = () => {} } = options;
      throwIfCancelled(signal);
      onProgress({ stage: 'connecting', text: `connecting to ${new URL(settings.baseUrl).host}` });
      await probeVersion(settings);
      const kernel = await probeKernel(settings);
      throwIfCancelled(signal);
      onProgress({ stage: 'starting', text: `starting the kernel ${plainText(kernel).slice(0, 100)}` });
      const session = await KernelSession.start(settings, kernel, signal);
      try {
        return await runOn(session, job, options);
      } finally {
        await session.close();
      }
    },
  };
}

async function runOn(
  session: KernelSession,
  job: Job,
  { signal, onProgress = () => {} }: RunOptions,
): Promise<RemoteResult> {
  const log = new LogReader((text) => onProgress({ stage: 'running', text }));
  throwIfCancelled(signal);
  raise(await session.execute(pythonSource('courier.py')));
  session.openCourier();

  const files: [string, Uint8Array][] = [
    [jobFiles.program, new TextEncoder().encode(job.program)],
    [jobFiles.tensors, job.tensors],
  ];
  for (const [name, bytes] of files) {
    await session.writeFile(name, bytes, (done) => {
      onProgress({ stage: 'uploading', text: `uploading ${name}`, done, total: bytes.length });
      throwIfCancelled(signal);
    });
  }

  onProgress({ stage: 'running', text: `running ${job.model}` });
  raise(
    await interruptible(
      session,
      session.execute('courier.run()', (text) => log.add(text), silentMs),
      signal,
    ),
  );

  const report = await session.readFile(jobFiles.report, maxReportBytes);
  const tensors = await session.readFile(jobFiles.results, maxResultBytes, (done, total) => {
    onProgress({ stage: 'downloading', text: `downloading ${jobFiles.results}`, done, total });
    throwIfCancelled(signal);
  });
  return collectFor(job, report, tensors, log.text);
}

/** Waits for an execution; when the signal comes first, interrupts the kernel and rejects as cancelled. */
async function interruptible(
  session: KernelSession,
  execution: Promise<Execution>,
  signal: AbortSignal | undefined,
): Promise<Execution> {
  if (!signal) return execution;
  let onAbort = (): void => {};
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    const first = await Promise.race([execution, aborted]);
    if (first !== 'aborted') return first;
    await Promise.race([session.interrupt(), new Promise((resolve) => setTimeout(resolve, interruptMs))]).catch(
      () => {},
    ); // closing ends it too
    await Promise.race([execution, new Promise((resolve) => setTimeout(resolve, interruptMs))]);
    throw cancelled();
  } finally {
    signal.removeEventListener('abort', onAbort);
    execution.catch(() => {}); // after a cancel nobody waits for it
  }
}

/** Turns a Python exception into the error that it means. */
function raise({ status, exception }: Execution): void {
  if (status === 'ok') return;
  if (!exception) throw new RemoteError('kernel died', 'jupyter: the kernel dropped the code without running it');
  throw pythonError(exception.name, exception.value, exception.traceback);
}
