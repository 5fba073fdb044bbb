/**
 * @file `record`: runs a program's model on a remote and keeps the report with its provenance, for the page to show.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256Of } from '../base/checksum.ts';
import { fail } from '../base/errors.ts';
import { transportTo } from '../remote/node/access.ts';
import type { RecordedIndex, RecordedRun } from '../remote/recorded-run.ts';
import { parseIndex, recordedFileName, resultsFileName } from '../remote/recorded-run.ts';
import { progressText } from '../remote/transport.ts';
import { onlyArgument } from './arguments.ts';
import { openProgram } from './program.ts';
import { showProgress } from './progress.ts';
import { namedAt, remoteHelp } from './remotes.ts';

export const usage = `npm run -s wudnn -- record PROGRAM.ts --remote ADDRESS [--note TEXT] [--out FOLDER]

Runs the program's last model on a remote, and keeps the report and results in public/recorded/ with all that is needed to record
it again. The program itself runs here on the cpu reference, to find out what the model is.

${remoteHelp}
  --note TEXT       a remark about the machine
  --out FOLDER      where records are kept (public/recorded)
`;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      remote: { type: 'string' },
      note: { type: 'string', default: '' },
      out: { type: 'string', default: 'public/recorded' },
    },
  });
  const file = onlyArgument('program', positionals);
  if (values.remote === undefined) fail('record: give the remote to run on by --remote; see --help');
  const { run, results } = await record(file, values.remote, `wudnn record ${file}`, values.note);
  const kept = await keep(run, results, values.out);
  process.stdout.write(`${kept}: ${run.report.model} on ${run.report.device.name}\n`);
  return 0;
}

async function record(
  file: string,
  remote: string,
  command: string,
  note: string,
): Promise<{ run: RecordedRun; results: Uint8Array }> {
  const { text: source, session, close } = await openProgram(file, 'cpu');
  try {
    const ended = await session.run(source, { console: () => {}, progress: () => {} });
    if (!ended.ok) fail(`record: the program fails: ${ended.error.message}`);
    const job = await session.job();
    const transport = transportTo(namedAt(remote));
    const show = showProgress();
    const { report, tensors } = await transport.run(job, { onProgress: (progress) => show(progressText(progress)) });
    const run: RecordedRun = {
      format: 'wudnn-recorded/1',
      provenance: {
        recorded: new Date().toISOString(),
        source,
        program_sha256: await sha256Of(new TextEncoder().encode(job.program)),
        tensors_sha256: await sha256Of(job.tensors),
        results_sha256: await sha256Of(tensors),
        command,
        note,
      },
      report,
    };
    return { run, results: tensors };
  } finally {
    close();
  }
}

/** Writes the record and its results and puts it first in the index. */
async function keep(run: RecordedRun, results: Uint8Array, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const name = recordedFileName(run);
  await writeFile(join(folder, name), `${JSON.stringify(run, null, 1)}\n`);
  await writeFile(join(folder, resultsFileName(name)), results);
  const file = join(folder, 'index.json');
  const before = await readFile(file, 'utf8').then(parseIndex, (error: NodeJS.ErrnoException): RecordedIndex => {
    if (error.code === 'ENOENT') return { format: 'wudnn-recorded-index/1', runs: [] };
    throw error;
  });
  const index: RecordedIndex = { ...before, runs: [name, ...before.runs.filter((other) => other !== name)] };
  await writeFile(file, `${JSON.stringify(index, null, 1)}\n`);
  return join(folder, name);
}
