/**
 * @file The numbers of an output, from its bytes.
 */
import { decode, dtypes } from '../../../base/dtype.ts';
import type { OutputValues } from '../../../session/protocol.ts';

export const valuesOf = ({ dtype, bytes }: Pick<OutputValues, 'dtype' | 'bytes'>): Float64Array =>
  decode(dtype, new dtypes[dtype].array(bytes.slice().buffer as never));
