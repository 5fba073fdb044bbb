/**
 * @file A transport carries a job to where PyTorch is and brings the results back. There are several, behind this one
 * interface; each of them ends with `collect`, so that what a remote says is checked in one place.
 */
import type { Job } from './job.ts';
import { jobDigest } from './job.ts';
import type { Report } from './report.ts';
import { parseReport } from './report.ts';
import { decodeSafetensors } from '../base/safetensors.ts';
import { formatShape } from '../base/shape.ts';
import { fail } from '../base/errors.ts';
import { plainText } from '../base/text.ts';

export interface Transport {
  /** How the visitor knows it; never with a secret in it. */
  readonly name: string;
  /** Runs a job from start to end. Rejects with a `RemoteError`. */
  run(job: Job, options?: RunOptions): Promise<RemoteResult>;
}

export interface RunOptions {
  /** Interrupts the run on the remote, which then rejects as `cancelled`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Results above this are refused: they would not fit a page. */
export const maxResultBytes = 2 ** 30;

export interface Progress {
  readonly stage: 'connecting' | 'starting' | 'uploading' | 'running' | 'downloading';
  /** What is being done, in words; while running, what the program printed. */
  readonly text: string;
  /** Bytes, while uploading and downloading. */
  readonly done?: number;
  readonly total?: number;
}

/** The progress in words, with how much of it is done. */
export function progressText({ text, done, total }: Progress): string {
  return done === undefined || !total ? text : `${text}: ${Math.round((100 * done) / total)}%`;
}

export interface RemoteResult {
  readonly report: Report;
  /** The file `results.safetensors`, checked to be well formed. */
  readonly tensors: Uint8Array;
  /** What the program printed. */
  readonly log: string;
}

export type RemoteErrorKind =
  | 'unreachable'
  | 'not a jupyter server'
  | 'wrong token'
  | 'forbidden'
  | 'no kernel'
  | 'kernel died'
  | 'no python'
  | 'no torch'
  | 'out of memory'
  | 'python exception'
  | 'bad results'
  | 'authentication'
  | 'passphrase'
  | 'host key'
  | 'connection lost'
  | 'cancelled';

/** What went wrong on the way or on the remote; `kind` tells the cases apart. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly kind: RemoteErrorKind;
  /** More for whoever wants it, such as a Python traceback; plain text. */
  readonly detail: string | undefined;

  constructor(kind: RemoteErrorKind, message: string, options: ErrorOptions & { detail?: string } = {}) {
    super(plainText(message), options);
    this.kind = kind;
    this.detail = options.detail === undefined ? undefined : plainText(options.detail);
  }
}

export function cancelled(): RemoteError {
  return new RemoteError('cancelled', 'remote: the run was cancelled');
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** Checks what a remote gave and makes the result of it. */
export function collect(report: Uint8Array, tensors: Uint8Array, log: string): RemoteResult {
  try {
    const checked = parseReport(new TextDecoder('utf-8', { fatal: true }).decode(report));
    const given = decodeSafetensors(tensors).tensors;
    for (const { name, shape } of checked.outputs) {
      const tensor = given.get(name) ?? fail(`the report lists ${name}, which is not among the tensors`);
      if (formatShape(tensor.shape) !== formatShape(shape))
        fail(`${name} is ${formatShape(tensor.shape)}, and ${formatShape(shape)} in the report`);
    }
    return { report: checked, tensors, log };
  } catch (cause) {
    throw new RemoteError(
      'bad results',
      `remote: the results are not in a job's format: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** The same of a run that has just ended: its report must be of this very job. */
export async function collectFor(
  job: Job,
  report: Uint8Array,
  tensors: Uint8Array,
  log: string,
): Promise<RemoteResult> {
  const result = collect(report, tensors, log);
  if (result.report.job_sha256 !== (await jobDigest(job)))
    throw new RemoteError('bad results', `remote: the report belongs to another job, not to ${job.model}'s; run again`);
  return result;
}

/** The log of a run: bounded, and told line by line, however the text is cut on the way. */
export class LogReader {
  private taken = '';
  private line = '';
  private printed = 0;
  /** Lines come whole, so an escape sequence is seen whole too. */
  private readonly onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  get text(): string {
    return plainText(this.taken);
  }

  /** Throws where a program prints without end. */
  add(chunk: string): void {
    this.printed += chunk.length;
    if (this.printed > maxPrinted)
      throw new RemoteError(
        'bad results',
        `remote: the program printed more than ${maxPrinted} characters without ending`,
      );
    if (this.taken.length < maxLog) this.taken += chunk.slice(0, maxLog - this.taken.length);
    const lines = (this.line + chunk).split(/\r?\n/);
    this.line = lines.pop()!.slice(-maxLine);
    for (const line of lines) if (line.trim() !== '') this.onLine(plainText(line.slice(0, maxLine)));
  }
}

const maxLog = 2 ** 20;
const maxPrinted = 2 ** 26;
const maxLine = 2000;
