/**
 * @file The transport by file: the job is downloaded, run anywhere by hand, and its two results are dropped back in.
 */
import type { UnzipFileInfo, Zippable } from 'fflate';
import { unzipSync, zipSync } from 'fflate';
import { fail, messageOf } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type { Job } from './job.ts';
import { jobDigest, jobFiles } from './job.ts';
import type { Report } from './report.ts';
import { maxReportBytes } from './report.ts';
import type { RemoteResult } from './transport.ts';
import { collect, maxResultBytes } from './transport.ts';

/** The job as a zip: unpack it, run `python job.py` in the folder. */
export function packJob(job: Job): Uint8Array {
  const folder = `wudnn-${job.model.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  const files: Zippable = {
    [`${folder}/README.txt`]: text(
      `Run this folder where PyTorch is:\n\n    python ${jobFiles.program}\n\nThen drop ${jobFiles.report} and ${jobFiles.results} into the page, or zip the folder and drop that.\n`,
    ),
    [`${folder}/${jobFiles.program}`]: text(job.program),
    // Numbers hardly shrink: stored, not deflated.
    [`${folder}/${jobFiles.tensors}`]: [job.tensors, { level: 0 }],
  };
  return zipSync(files, { mtime: new Date(1980, 0, 1) });
}

/** A file that was dropped into the page. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The results of a run by hand: the two files, or a zip with them in it. */
export function unpackResults(files: readonly DroppedFile[]): RemoteResult {
  const all = files.flatMap((file) => (isZip(file.bytes) ? unzipResults(file) : [file]));
  const find = (name: string): Uint8Array =>
    all.find((file) => file.name.split('/').at(-1) === name)?.bytes ??
    fail(`file: ${name} is missing; drop ${jobFiles.report} and ${jobFiles.results} together`);
  return collect(find(jobFiles.report), find(jobFiles.results), '');
}

/** The results of a run by hand for a comparison; throws where they are of another job. */
export async function fileResults(
  { report, tensors }: Pick<RemoteResult, 'report' | 'tensors'>,
  job: Job,
): Promise<{ report: Report; results: Uint8Array }> {
  if (report.job_sha256 !== (await jobDigest(job)))
    fail(
      `file: these results of ${report.model} belong to another job than the last run of ${job.model}; download this run's job, or run the program that they belong to`,
    );
  return { report, results: tensors };
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Unpacks only the two files of interest, and refuses sizes that no job writes. */
function unzipResults({ name: zip, bytes }: DroppedFile): DroppedFile[] {
  const limits: Readonly<Record<string, number>> = {
    [jobFiles.report]: maxReportBytes,
    [jobFiles.results]: maxResultBytes,
  };
  const wanted = ({ name, originalSize }: UnzipFileInfo): boolean => {
    const limit = limits[name.split('/').at(-1)!];
    if (limit !== undefined && originalSize > limit)
      fail(`${plainText(name)} in it has ${originalSize} bytes; the limit is ${limit}`);
    return limit !== undefined;
  };
  try {
    return Object.entries(unzipSync(bytes, { filter: wanted })).map(([name, content]) => ({ name, bytes: content }));
  } catch (cause) {
    throw new Error(plainText(`file: ${zip} cannot be unpacked: ${messageOf(cause)}`), { cause });
  }
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
