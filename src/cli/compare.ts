/**
 * @file `compare`: a program here and its model on remotes, judged and timed as in the page.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../base/errors.ts';
import { arithmetics } from '../compare/arithmetics.ts';
import { packResults } from '../compare/export/results.ts';
import type { RemoteComparison } from '../compare/types.ts';
import { allTensors } from '../compare/why.ts';
import type { ComparisonRequest, ComparedRemote, Watch } from '../compare/with-remotes.ts';
import { compareWithEach, explainSide } from '../compare/with-remotes.ts';
import { packJob } from '../remote/file.ts';
import type { RunSuccess } from '../session/protocol.ts';
import type { Session } from '../session/session.ts';
import { onlyArgument, wholeNumber } from './arguments.ts';
import { formatComparison } from './compared-text.ts';
import { readImage } from './image.ts';
import { textStream, writeJson } from './output.ts';
import { openProgram, runShown } from './program.ts';
import { showProgress } from './progress.ts';
import { comparedAt, remoteHelp } from './remotes.ts';

export const usage = `npm run -s wudnn -- compare PROGRAM.ts --remote ADDRESS [--remote ADDRESS…] [OPTIONS]

Runs a program here, then its last model with the same weights and inputs on each remote in turn. Outputs, layers and gradients of
both sides are judged against a float64 run. The program's own output goes to standard error. The exit status is 0 if everything
agrees, 1 if something differs, 2 if something could not be compared.

${remoteHelp}
                    file:PATH: the results of a run by hand, the job's folder or a zip of it;
                    WUDNN_TOKEN holds the tokens, separated by spaces: one for each server whose address has none
  --job FILE        write the job as a zip, for a run by hand; needs no remote
  --dtype NAME      PyTorch's arithmetic: ${Object.keys(arithmetics).join(', ')}; default float32
  --gradients       compare gradients too
  --train N         repeat N steps of the program's training on both sides
  --why             run again without each setting that is known to change numbers, to find the cause of a difference
  --image FILE      what vision.io.image() is: a PNG; the remote gets it as the model's input
  --adapter NAME    run on this adapter (the doctor lists them); 'cpu' is the reference implementation
  --zip FILE        write the same zip as the page's Download results
  --json FILE       write the comparison to a file; - is standard output
`;

const options = {
  remote: { type: 'string', multiple: true },
  job: { type: 'string' },
  dtype: { type: 'string', default: 'float32' },
  gradients: { type: 'boolean', default: false },
  train: { type: 'string' },
  why: { type: 'boolean', default: false },
  image: { type: 'string' },
  adapter: { type: 'string' },
  zip: { type: 'string' },
  json: { type: 'string' },
} as const;

/** Something could not be compared. */
const cannotCompare = 2;
export const statusOfFailure = cannotCompare;
/** As shells tell of SIGINT. */
const interruptedStatus = 130;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const file = onlyArgument('program', positionals);
  const { remote: addresses = [] } = values;
  if (addresses.length === 0 && values.job === undefined) fail('give a remote to compare with by --remote; see --help');
  if (!Object.hasOwn(arithmetics, values.dtype))
    fail(`unknown --dtype ${values.dtype}; known are ${Object.keys(arithmetics).join(', ')}`);
  const steps = values.train === undefined ? undefined : wholeNumber('--train', values.train);
  const remotes = comparedAt(addresses);
  const image = values.image === undefined ? undefined : await readImage(values.image);

  const opened = await openProgram(file, values.adapter, cannotCompare);
  const { session, info, close } = opened;
  try {
    const ran = await runShown(opened, file, ({ text }) => void process.stderr.write(`${text}\n`), { image });
    if (!ran.ok) return cannotCompare;
    if (steps !== undefined && ran.optimizer === undefined)
      fail(
        '--train: the program trains no model by one optimizer of one group with a loss computed from its outputs, so there are no steps to repeat',
      );
    const { settings } = arithmetics[values.dtype];
    const asked: ComparisonRequest = {
      job: { gradients: values.gradients, settings },
      ...(steps !== undefined && { training: { trainingSteps: steps, settings } }),
    };
    if (values.job !== undefined) await writeFile(values.job, packJob(await session.job(asked.job)));
    if (remotes.length === 0) return 0;

    const { sides, errors, stopped } = await compareAll(session, remotes, asked, values.why);
    if (stopped) return interruptedStatus;
    textStream(values.json).write(formatComparison(sides));
    for (const error of errors) process.stderr.write(`wudnn compare: ${error.replace(/^compare: /, '')}\n`);
    await writeJson(values.json, 'wudnn-compare/1', {
      program: file,
      engine: info,
      model: ran.model,
      asked,
      sides: sides.map(withoutFiles),
      errors,
    });
    if (values.zip !== undefined && sides.length > 0)
      await writeFile(values.zip, await zipOf(session, ran, asked, sides));
    if (errors.length > 0) return cannotCompare;
    return sides.some(({ result }) => allTensors(result).some(({ verdict }) => verdict === 'differs')) ? 1 : 0;
  } finally {
    close();
  }
}

interface All {
  readonly sides: readonly RemoteComparison[];
  readonly errors: readonly string[];
  readonly stopped: boolean;
}

/** Compares, and finds out why where that is wanted. Control-C interrupts the remote. */
async function compareAll(
  session: Session,
  remotes: readonly ComparedRemote[],
  asked: ComparisonRequest,
  why: boolean,
): Promise<All> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  const watch: Watch = { signal: controller.signal, onProgress: showProgress() };
  try {
    const compared = await compareWithEach(session, remotes, asked, watch);
    const [sides, errors] = [[...compared.sides], [...compared.errors]];
    for (const [i, side] of sides.entries()) {
      if (!why || controller.signal.aborted) break;
      const remote = remotes.find(({ name }) => name === side.remote)!;
      try {
        sides[i] = { ...side, trials: await explainSide(session, side, remote, asked.job, watch) };
      } catch (error) {
        errors.push(`${side.remote}: the cause could not be determined: ${messageOf(error)}`);
      }
    }
    return { sides, errors, stopped: controller.signal.aborted };
  } finally {
    process.off('SIGINT', stop);
  }
}

async function zipOf(
  session: Session,
  { choices, model }: RunSuccess,
  asked: ComparisonRequest,
  sides: readonly RemoteComparison[],
): Promise<Uint8Array> {
  return packResults({
    choices,
    model: { name: model!, job: await session.job(asked.job), outputs: await session.outputs() },
    sides,
  });
}

/** A side for `--json`; the zip has the files. */
function withoutFiles({ given: _, ...side }: RemoteComparison): object {
  return side;
}
