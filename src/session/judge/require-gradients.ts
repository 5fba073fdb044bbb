/**
 * @file Whether a model has gradients to compare.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { TracedModel } from '../../graph/types.ts';
import { capturedGradients } from '../../remote/capture.ts';

/** Throws where PyTorch could go backward from nothing, or to nothing. */
export function requireGradients(model: TracedModel): void {
  const { name, outputs, training } = model;
  if (!training && !outputs.some(({ dtype }) => isFloat(dtype)))
    fail(
      `compare: ${name} gives ${outputs.map(({ dtype }) => dtype).join(', ')}, which have no gradients; compare without gradients`,
    );
  const { kept, leftOut } = capturedGradients(model);
  if (kept.size + leftOut.length === 0)
    fail(`compare: ${name} has no floating-point parameters or inputs to differentiate; compare without gradients`);
}
