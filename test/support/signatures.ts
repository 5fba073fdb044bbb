/**
 * @file Everything that has a signature, by the path on which programs reach it: `torch.sum`, `F.conv2d`, `nn.Conv2d`, `x.sum`.
 */
import type { Signature } from '../../src/torch/signature/match.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { signaturesOf } from '../../src/torch/signature.ts';

export interface Signed {
  readonly path: string;
  readonly value: object;
  readonly signatures: readonly Signature[];
  readonly use: 'function' | 'method' | 'layer';
}

const members = (prefix: string, space: object): [string, unknown][] => Object.entries(space).map(([name, value]) => [`${prefix}.${name}`, value]);
const methods = Object.entries(Object.getOwnPropertyDescriptors(torch.Tensor.prototype)).map(([name, { value }]): [string, unknown] => [`x.${name}`, value]);

/** A layer's class extends the one that knows its signature. */
const signedOf = (value: object, use: Signed['use']): readonly Signature[] => signaturesOf(use === 'layer' ? (Object.getPrototypeOf(value) as object) : value);

export const signed: readonly Signed[] = [...members('torch', torch), ...members('F', F), ...members('nn', nn), ...methods].flatMap(([path, value]) => {
  if (typeof value !== 'function') return [];
  const use = /^class\b/.test(String(value)) ? 'layer' : path.startsWith('x.') ? 'method' : 'function';
  const signatures = signedOf(value, use);
  return signatures.length ? [{ path, value, signatures, use }] : [];
});
