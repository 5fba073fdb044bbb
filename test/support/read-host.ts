/**
 * @file How a test's job reads its tensors.
 */
import { fail } from '../../src/base/errors.ts';
import type { ReadTensor } from '../../src/remote/program.ts';

/** Reads what is on the host already. */
export const readHost: ReadTensor = async (node) =>
  node.value?.host ??
  fail(`program: a tensor of shape ${node.shape.join('×')} has no numbers on the host; read it back first`);
