/**
 * @file torch.nn.attention: which backend computes F.scaledDotProductAttention.
 */
export { SDPBackend, sdpaKernel } from '../functional/attention.ts';
