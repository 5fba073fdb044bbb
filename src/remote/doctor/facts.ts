/**
 * @file What python/doctor.py tells of a remote: its schema, its type, its check. It is untrusted like every answer of a remote.
 */
import { messageOf } from '../../base/errors.ts';
import type { Schema } from '../schema.ts';
import { check } from '../schema.ts';
import { RemoteError } from '../transport.ts';

export interface RemoteFacts {
  readonly python: string;
  readonly executable: string;
  readonly torch: TorchFacts | null;
  readonly torch_error: string | null;
  readonly devices: readonly { readonly name: string; readonly capability: string; readonly memory_bytes: number }[];
  /** Version of NVIDIA's driver. */
  readonly driver: string | null;
  /** Size of /dev/shm. */
  readonly shared_memory_bytes: number | null;
  readonly cpus: number;
}

export interface TorchFacts {
  readonly version: string;
  /** The CUDA that it was built for. */
  readonly cuda: string | null;
  /** As `cudnnGetVersion()` counts: 90501 is 9.5.1, 8902 is 8.9.2. */
  readonly cudnn: number | null;
  readonly nccl: string | null;
  /** Whether torch.distributed is there. */
  readonly gloo: boolean;
  /** The architectures that the build has code for, `'sm_80'`, `'compute_90'`. */
  readonly architectures: readonly string[];
}

const text: Schema = { type: 'string', maxLength: 500 };
const count: Schema = { type: 'integer', minimum: 0 };
const optional = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const object = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const schema = object({
  python: text,
  executable: text,
  torch: optional(
    object({
      version: text,
      cuda: optional(text),
      cudnn: optional(count),
      nccl: optional(text),
      gloo: { type: 'boolean' },
      architectures: { type: 'array', items: text, maxItems: 100 },
    }),
  ),
  torch_error: optional(text),
  devices: {
    type: 'array',
    maxItems: 100,
    items: object({
      name: text,
      capability: { type: 'string', maxLength: 10, pattern: '^\\d+\\.\\d+$' },
      memory_bytes: count,
    }),
  },
  driver: optional(text),
  shared_memory_bytes: optional(count),
  cpus: count,
});

/** The facts from what the script printed; its last line is the JSON. */
export function parseFacts(output: string): RemoteFacts {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    const value: unknown = JSON.parse(line);
    check(schema, value, 'facts');
    return value as RemoteFacts;
  } catch (cause) {
    throw new RemoteError('bad results', `doctor: the remote's answer is not understood: ${messageOf(cause)}`, {
      cause,
    });
  }
}
