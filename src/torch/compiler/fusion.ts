/**
 * @file Code of wuDNN's own whose kernels may be fused, as a program's by torch.compile.
 */
import { recordingNow, recordingWith } from '../../graph/recording.ts';
import { tensorsIn } from '../trace.ts';

/** Runs `body`, which must not await; the engine may fuse what it records. */
export function withFusion<T>(body: () => T): T {
  const result = recordingWith({ compiled: recordingNow().compiled || true }, body);
  for (const tensor of tensorsIn(result)) tensor.node.visible = true;
  return result;
}
