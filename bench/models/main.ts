/**
 * @file `bench models`: whole models and steps of training through wuDNN and its peers, on any adapter that Dawn for
 * Node finds.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../../src/base/errors.ts';
import { oneOf, wholeNumber } from '../../src/cli/arguments.ts';
import { listAdapters } from '../../src/machine/adapters.ts';
import { findPythons } from '../../src/machine/pythons.ts';
import { installPeers } from '../peers/install.ts';
import { nodeProcess } from './node-process.ts';
import type { Remote } from './protocol.ts';
import { sideNames } from './protocol.ts';
import { pytorch } from './pytorch.ts';
import type { Results } from './report.ts';
import { formatResults } from './report.ts';
import type { Candidate, Timing } from './rounds.ts';
import { measure, wanted } from './rounds.ts';
import { workloads } from './workloads.ts';

const sides = [...sideNames, 'pytorch'] as const;
type SideOption = (typeof sides)[number];

const usage = `npm run bench -- models [--models A,B] [--sides A,B] [--rounds N] [--adapter NAME] [--json FILE]

  --models A,B    ${workloads.map(({ name }) => name).join(', ')} (default: all)
  --sides A,B     ${sides.join(', ')} (default: all)
  --rounds N      how often each side has its turn (default 9)
  --turn MS       calls of a turn take about this long (default 300)
  --adapter NAME  measure on this adapter (wudnn doctor lists them)
  --json FILE     write the results to a file
`;

/** Largest difference of outputs from the first side's, over their rms. */
const tolerance = 1e-3;

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      models: { type: 'string' },
      sides: { type: 'string' },
      rounds: { type: 'string', default: '9' },
      turn: { type: 'string', default: '300' },
      adapter: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const names = chosen(
    '--models',
    values.models,
    workloads.map(({ name }) => name),
  );
  const asked = chosen('--sides', values.sides, sides);
  const rounds = wholeNumber('--rounds', values.rounds);
  const turnMs = wholeNumber('--turn', values.turn);
  const adapters = await listAdapters();
  const adapter = adapters.find(({ name }) => values.adapter === undefined || name === values.adapter);
  if (!adapter) fail(`there is no adapter ${values.adapter}; there are ${adapters.map(({ name }) => name).join(', ')}`);
  installPeers();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const results: Results['workloads'][number][] = [];
  const told = (): Results => ({
    adapter: adapter.description,
    software: adapter.software,
    host: `Node ${process.versions.node} on Dawn`,
    command: `npm run bench -- models ${args.join(' ')}`.trimEnd(),
    tolerance,
    workloads: results,
  });
  for (const name of names) {
    const { candidates, failures } = await openAll(asked, adapter.name);
    try {
      const timings = await measure(name, candidates, { rounds, turnMs, tolerance, onProgress: say });
      results.push({ name, timings: [...timings, ...failures] });
    } finally {
      for (const { remote } of candidates) remote.end();
    }
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(told(), null, 2)}\n`);
  }
  process.stdout.write(formatResults(told()));
}

interface OpenSides {
  readonly candidates: Candidate[];
  /** Of sides that cannot be started. */
  readonly failures: Timing[];
}

/** Starts the sides in processes of their own: what one workload leaves behind, the next does not meet. */
async function openAll(asked: readonly SideOption[], adapter: string): Promise<OpenSides> {
  const candidates: Candidate[] = [];
  const failures: Timing[] = [];
  for (const side of asked) {
    let remote: Remote | undefined;
    try {
      remote = await start(side, adapter);
      const { name, flags } = await wanted(remote.ask({ do: 'open' }), 'opened');
      remote.suspend();
      candidates.push({ name, flags, remote });
    } catch (error) {
      remote?.end();
      failures.push({ name: side, flags: '', rounds: 0, failure: `it cannot be started: ${messageOf(error)}` });
    }
  }
  return { candidates, failures };
}

async function start(side: SideOption, adapter: string): Promise<Remote> {
  if (side !== 'pytorch') return nodeProcess(side, adapter);
  const [python] = await findPythons();
  return python ? pytorch(python) : fail('no python with torch was found');
}

function chosen<const T extends string>(option: string, given: string | undefined, known: readonly T[]): T[] {
  if (given === undefined) return [...known];
  return given.split(',').map((name) => oneOf(option, name, known));
}
