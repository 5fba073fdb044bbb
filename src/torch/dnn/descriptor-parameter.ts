/**
 * @file A convolution's descriptor, as a kind of argument.
 */
import { isPlain } from '../../base/options.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import { p } from '../signature.ts';

export const descriptorParameter = p.kind<ConvDescriptor>(
  'a descriptor',
  'one of dnn.convolutionDescriptor',
  (v) => isPlain(v) && 'direction' in v,
  { plain: true },
);
