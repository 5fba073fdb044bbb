/**
 * @file Jobs for tests of transports, whose program is any Python, and what came of them.
 */
import type { Job } from '../../src/remote/job.ts';
import type { Report } from '../../src/remote/report.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import type { RemoteError } from '../../src/remote/transport.ts';

/** A job whose program is the given Python. */
export function script(program: string, tensors = encodeSafetensors([])): Job {
  return { model: 'Script', program, tensors };
}

export const emptyReport: Report = {
  format: 'wudnn-report/1',
  model: 'Script',
  job_sha256: '0'.repeat(64),
  device: { type: 'cpu', name: 'none' },
  versions: {},
  settings: {},
  clock: 'perf_counter',
  times: { cold_ms: 0, warm_ms: [] },
  memory: { peak_bytes: 0 },
  outputs: [],
};

/** A job that sends its tensors back as they came, after the given Python. */
export function echo(tensors: Uint8Array<ArrayBuffer>, before = ''): Job {
  return script(
    `${before}
import hashlib, os, shutil, sys
folder = sys.argv[1]
shutil.copy(os.path.join(folder, "job.safetensors"), os.path.join(folder, "results.safetensors"))
with open(os.path.join(folder, "report.json"), "w") as file:
    digest = hashlib.sha256(b"".join(open(path, "rb").read() for path in (__file__, os.path.join(folder, "job.safetensors")))).hexdigest()
    file.write(${JSON.stringify(JSON.stringify(emptyReport))}.replace("${emptyReport.job_sha256}", digest))
`,
    tensors,
  );
}

/** The error with which a run ended; throws when it succeeded. */
export async function failure(run: Promise<unknown>): Promise<RemoteError> {
  try {
    await run;
  } catch (error) {
    return error as RemoteError;
  }
  throw new Error('the run succeeded; it was expected to fail');
}
