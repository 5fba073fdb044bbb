/**
 * @file torch.compile: what a module or function records is marked, so that the engine may fuse it.
 *
 * Eager mode runs one kernel an operation. In compiled code a convolution or matrix product takes bias, residual and activation as
 * its epilogue; a convolution that needs no gradient also takes a 2×2 max pool, and a batch norm in eval mode into its filters. Pointwise
 * operations share kernels, which may write several results. Intermediates that nobody else reads then never exist. What depends on a
 * model's weights alone is computed once, and again when a weight changes.
 */
import { recordingThrough } from '../graph/recording.ts';
import { fn, p } from './signature.ts';
import { tensorsIn } from './trace.ts';

/** A function that computes the same as `target` with fused kernels. Gradients flow through it as always. */
export const compile = fn(
  'torch.compile',
  [
    p.callback('model'),
    '*',
    p.refused('fullgraph', false, 'leave it out; all is one graph'),
    p.refused('dynamic', null, 'leave it out; each shape has its own kernels'),
    p.refused('backend', 'inductor', 'leave it out; there is one'),
    p.refused('mode', null, 'leave it out; there is one'),
    p.refused('options', null, 'leave it out; there are none'),
    p.refused('disable', false, 'call the model itself'),
  ],
  (target): unknown =>
    (...inputs: unknown[]) => {
      const result = recordingThrough('compile', { compiled: true }, () => target(...inputs) as unknown);
      for (const tensor of tensorsIn(result)) tensor.node.visible = true;
      return result;
    },
) as unknown as <In extends unknown[], Out>(model: (...inputs: In) => Out) => (...inputs: In) => Out;
