/**
 * @file What the page can compare with: a remote of the bridge, an address that the visitor named, results that were made by
 * hand, a run that was recorded.
 */
import type { NamedRemote, OfferedRemote, Progress } from '../bridge/protocol.ts';
import type { RemoteOutcome } from '../compare/types.ts';
import type { RecordedRun } from '../remote/recorded.ts';

/** Results that somebody made with the downloaded job and dropped into the page. */
export interface DroppedRemote {
  readonly kind: 'dropped';
  /** Counts from 1: the same machine may give results twice. */
  readonly number: number;
  readonly outcome: CheckedOutcome;
}

/** A run that was recorded on a real machine and is kept with the page. */
export interface RecordedRemote {
  readonly kind: 'recorded';
  /** Its file in recorded/. */
  readonly file: string;
  readonly run: RecordedRun;
}

export type PageRemote = OfferedRemote | NamedRemote | DroppedRemote | RecordedRemote;

export interface CheckedOutcome extends RemoteOutcome {
  readonly report: RecordedRun['report'];
}

export interface JobRun {
  readonly onProgress: (progress: Progress) => void;
  /** Cancels the run on the remote. */
  readonly signal: AbortSignal;
}

/** Tells remotes apart; holds no secret. */
export function keyOf(remote: PageRemote): string {
  const { kind } = remote;
  if (kind === 'offered') return `offered ${remote.id}`;
  if (kind === 'named') return `named ${remote.address}`;
  return kind === 'dropped' ? `dropped ${remote.number}` : `recorded ${remote.file}`;
}

/** Whether a remote can be given another job; the results of others are there already. */
export function canRun({ kind }: PageRemote): boolean {
  return kind === 'offered' || kind === 'named';
}

/** How the visitor knows a remote. */
export function nameOf(remote: PageRemote): string {
  const { kind } = remote;
  if (kind === 'offered') return remote.name;
  if (kind === 'named') return remote.address;
  if (kind === 'dropped') return `by hand ${remote.number}: ${remote.outcome.report.device.name}`;
  const { report, provenance } = remote.run;
  return `recorded: ${report.model} on ${report.device.name}, ${provenance.recorded.slice(0, 16).replace('T', ' ')}`;
}

/** How a remote's results come, in words that name no address. */
export function originOf(remote: PageRemote): string {
  if (remote.kind === 'dropped') return 'run by hand';
  return remote.kind === 'recorded' ? `recorded ${remote.run.provenance.recorded}` : 'run for this comparison';
}
