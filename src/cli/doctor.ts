/**
 * @file `doctor`: what this machine has for each part of the project, and the command that mends what is missing.
 */
import { parseArgs } from 'node:util';
import type { AdapterReport } from '../machine/adapters.ts';
import type { Browser } from '../machine/browsers.ts';
import { examineRemote } from './doctor-remote.ts';
import type { Machine, Program } from '../machine/machine.ts';
import { lookAround } from '../machine/machine.ts';
import type { PrerequisiteReport } from '../machine/prerequisites.ts';
import { formatPrerequisite, judge, prerequisiteNames } from '../machine/prerequisites.ts';
import type { Python } from '../machine/pythons.ts';
import { remoteHelp } from './remotes.ts';
import { textStream, writeJson } from './output.ts';

export const usage = `npm run -s wudnn -- doctor [--json FILE]
npm run -s wudnn -- doctor --remote ADDRESS

Shows what this machine has (GPU adapters for Node with their features and limits, browsers, Pythons with PyTorch, sshd) and what
is missing, with the command that fixes it. The exit status is 1 if something is missing.

  --json FILE       write the same to a file, with every limit; - is standard output

With --remote, it checks the connection to a remote instead:
${remoteHelp}
`;

export interface MachineReport {
  readonly node: string;
  readonly system: string;
  readonly adapters: readonly AdapterReport[];
  readonly browsers: readonly Browser[];
  readonly pythons: readonly Python[];
  readonly sshds: readonly Program[];
  readonly prerequisites: readonly PrerequisiteReport[];
}

/** The limits that bound what the engine can do; `--json` has all of them. */
const shownLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
];

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' }, remote: { type: 'string' } } });
  if (values.remote !== undefined) return examineRemote(values.remote);
  const report = await inspect(lookAround());
  textStream(values.json).write(format(report));
  await writeJson(values.json, 'wudnn-doctor/1', report);
  return report.prerequisites.some(({ state }) => state === 'missing') ? 1 : 0;
}

export async function inspect(machine: Machine): Promise<MachineReport> {
  const [adapters, browsers, pythons, sshds] = await Promise.all([
    machine.adapters(),
    machine.browsers(),
    machine.pythons(),
    machine.sshds(),
  ]);
  return {
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
    adapters,
    browsers,
    pythons,
    sshds,
    prerequisites: await judge(prerequisiteNames, machine),
  };
}

/** The report as text. */
export function format(report: MachineReport): string {
  const sections: [string, string[]][] = [
    ['GPU adapters for Node, default first', report.adapters.map(formatAdapter)],
    ['Browsers', report.browsers.map(({ path, version }) => `${path}  ${version}`)],
    ['Pythons with PyTorch, preferred first', report.pythons.map(formatPython)],
    ['What tests and remotes need', report.prerequisites.map(formatPrerequisite)],
  ];
  const body = sections.map(
    ([title, entries]) => `${title}\n${indent(entries.length > 0 ? entries.join('\n') : 'none')}\n`,
  );
  return `Node ${report.node} on ${report.system}\n\n${body.join('\n')}`;
}

function formatAdapter({ name, description, software, features, limits }: AdapterReport): string {
  const head = `${name}  ${description}${software ? '  (software: times say nothing about a GPU)' : ''}`;
  const figures = shownLimits.map((limit) => `${limit} ${limits[limit]}`);
  return `${head}\n${indent(`features: ${features.join(', ')}\nlimits: ${figures.join(', ')}`)}`;
}

function formatPython({ path, version, torch, jupyterServer, ipykernel }: Python): string {
  const cuda =
    torch.cuda === undefined
      ? 'cpu build'
      : `CUDA ${torch.cuda}, cuDNN ${torch.cudnn ?? 'none'}, ${torch.devices.join(', ') || 'no CUDA device'}`;
  const packages = `jupyter_server ${jupyterServer ?? 'missing'}, ipykernel ${ipykernel ?? 'missing'}`;
  return `${path}  Python ${version}\n${indent(`torch ${torch.version} (${cuda})\n${packages}`)}`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
