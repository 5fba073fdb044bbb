/**
 * @file What python/doctor.py tells of a remote: its schema, its type, its check. It is untrusted like every answer of
 * a remote.
 */
import { messageOf } from '../../base/errors.ts';
import type { ValueOf } from '../schema.ts';
import { count, list, object, orNull, parse, text as textOf, truth } from '../schema.ts';
import { RemoteError } from '../transport.ts';

const text = textOf(500);

const torch = object({
  version: text,
  /** The CUDA that it was built for. */
  cuda: orNull(text),
  /** As `cudnnGetVersion()` counts: 90501 is 9.5.1, 8902 is 8.9.2. */
  cudnn: orNull(count),
  nccl: orNull(text),
  /** Whether torch.distributed is there. */
  gloo: truth,
  /** The architectures that the build has code for, `'sm_80'`, `'compute_90'`. */
  architectures: list(text, 100),
});

const facts = object({
  python: text,
  executable: text,
  torch: orNull(torch),
  torch_error: orNull(text),
  devices: list(object({ name: text, capability: textOf(10, { pattern: '^\\d+\\.\\d+$' }), memory_bytes: count }), 100),
  /** Version of NVIDIA's driver. */
  driver: orNull(text),
  /** Size of /dev/shm. */
  shared_memory_bytes: orNull(count),
  cpus: count,
});

export type RemoteFacts = ValueOf<typeof facts>;

/** The facts from what the script printed; its last line is the JSON. */
export function parseFacts(output: string): RemoteFacts {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    return parse(facts, line, 'facts');
  } catch (cause) {
    throw new RemoteError('bad results', `doctor: the remote's answer could not be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}
