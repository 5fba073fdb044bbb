/**
 * @file Jobs for tests of transports, whose program is any Python, and what came of them.
 */
import type { Job } from '../../src/remote/job.ts';
import { encodeSafetensors } from '../../src/remote/safetensors.ts';
import type { RemoteError } from '../../src/remote/transport.ts';

/** A job whose program is the given Python. */
export function script(program: string): Job {
  return { model: 'Script', program, tensors: encodeSafetensors([]) };
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
