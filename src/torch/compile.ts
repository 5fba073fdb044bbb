/**
 * @file torch.compile: what a module or function records is marked, so that the engine may fuse it.
 *
 * Eager mode runs one kernel an operation. In compiled code a convolution takes bias, residual and activation as its
 * epilogue, and where no gradient is needed a 2×2 max pool too, and a batch norm in eval mode into its filters; chains of
 * pointwise operations become one kernel. Intermediates that nobody else reads then never exist.
 */
import { recordingThrough } from '../graph/recording.ts';
import { tensorsIn } from './trace.ts';

/** A function that computes the same as `target` with fused kernels. Gradients flow through it as always. */
export function compile<In extends unknown[], Out>(target: (...inputs: In) => Out): (...inputs: In) => Out {
  return (...inputs) => {
    const result = recordingThrough('compile', { compiled: true }, () => target(...inputs));
    for (const tensor of tensorsIn(result)) tensor.node.visible = true;
    return result;
  };
}
