/**
 * @file torch.nn.attention: which backend computes F.scaledDotProductAttention.
 */
import { fail } from '../../base/errors.ts';
import type { AttentionAlgorithmName } from '../../dnn/attention/table.ts';
import { recordingThrough } from '../../graph/recording.ts';

/** The backends of attention, under PyTorch's names. */
export const SDPBackend = {
  MATH: 'MATH',
  EFFICIENT_ATTENTION: 'EFFICIENT_ATTENTION',
  FLASH_ATTENTION: 'FLASH_ATTENTION',
} as const satisfies { [name in AttentionAlgorithmName]: name };

/**
 * `with torch.nn.attention.sdpa_kernel(backend):` attention that is recorded in `body` runs by this backend, or fails
 * with the reason.
 */
export function sdpaKernel<T>(backend: AttentionAlgorithmName, body: () => T): T {
  if (!Object.hasOwn(SDPBackend, backend))
    fail(`sdpaKernel: there is no backend '${String(backend)}'; there are ${Object.keys(SDPBackend).join(', ')}`);
  return recordingThrough('sdpaKernel', { attention: backend }, body);
}
