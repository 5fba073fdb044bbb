/**
 * @file Where a job goes, whatever kind of remote it is: by the bridge, from the page itself, or nowhere, since its results
 * are there already.
 */
import { sha256Of } from '../base/checksum.ts';
import { fail } from '../base/errors.ts';
import type { NamedRemote } from '../bridge/protocol.ts';
import type { RemoteOutcome } from '../compare/types.ts';
import { protocolOf } from '../remote/address.ts';
import type { JobPayload } from '../session/protocol.ts';
import { hasBridge, runByBridge } from './bridge.ts';
import { isOf, resultsOf } from './recorded.ts';
import type { DroppedRemote, JobRun, PageRemote, RecordedRemote } from './remote-kinds.ts';
import { lastRun } from './state.ts';

/** What the remote gives for the job. Rejects with the reason, also where its results are of another job. */
export function runOn(remote: PageRemote, job: JobPayload, run: JobRun): Promise<RemoteOutcome> {
  switch (remote.kind) {
    case 'offered':
      return runByBridge(remote, job, run);
    case 'named':
      return hasBridge() ? runByBridge(remote, job, run) : runDirectly(remote, job, run);
    case 'dropped':
      return takeDropped(remote, job);
    case 'recorded':
      return takeRecorded(remote, job);
  }
}

/** From this page to the server, where the server allows the page. */
async function runDirectly({ address, token }: NamedRemote, job: JobPayload, run: JobRun): Promise<RemoteOutcome> {
  if (!/^https?:$/.test(protocolOf(address)))
    fail(`remote: a page without a bridge reaches only Jupyter servers, not ${address}; start it with \`npm start\``);
  const { jupyterTransport } = await import('../remote/jupyter/transport.ts');
  const { report, tensors } = await jupyterTransport(new URL(address).host, { address, token }).run(job, run);
  return { report, results: tensors };
}

async function takeDropped({ outcome: { report, results } }: DroppedRemote, job: JobPayload): Promise<RemoteOutcome> {
  const { fileResults } = await import('../remote/file.ts');
  return fileResults({ report, tensors: results }, job);
}

/** The record's program need not be printed by this very version, if only weights, inputs and the visitor's program are the same. */
async function takeRecorded(remote: RecordedRemote, { program, tensors }: JobPayload): Promise<RemoteOutcome> {
  const { report, provenance } = remote.run;
  const sameProgram =
    isOf(lastRun.value?.text ?? '', remote) ||
    provenance.program_sha256 === (await sha256Of(new TextEncoder().encode(program)));
  if (!sameProgram || provenance.tensors_sha256 !== (await sha256Of(tensors)))
    fail(
      `recorded: that run of ${report.model} had another program, weights or inputs than the last run; load its program and compare again`,
    );
  return { report, results: await resultsOf(remote) };
}
