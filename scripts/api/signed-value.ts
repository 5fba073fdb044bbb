/**
 * @file Everything that has a signature, by the path on which programs reach it: `torch.sum`, `F.conv2d`, `nn.Conv2d`,
 * `x.sum`,
 * `nn.Conv2d.forward`.
 */
import type { Signature } from '../../src/torch/signature/match.ts';
import { F, dnn, nn, optim, torch } from '../../src/torch/index.ts';
import { signaturesOf } from '../../src/torch/signature.ts';
import * as vision from '../../src/vision/index.ts';

export interface SignedValue {
  readonly path: string;
  readonly value: object;
  readonly signatures: readonly Signature[];
  /** A method's first parameter is what it is called on; a member's signature begins behind that. */
  readonly use: 'function' | 'method' | 'class' | 'member';
}

/** The namespaces that programs reach. */
export const spaces: Readonly<Record<string, object>> = {
  torch,
  dnn,
  'torch.amp': torch.amp,
  'torch.autograd': torch.autograd,
  'torch.profiler': torch.profiler,
  'torch.compiler': torch.compiler,
  F,
  nn,
  'nn.init': nn.init,
  'nn.utils': nn.utils,
  optim,
  'optim.lrScheduler': optim.lrScheduler,
  'utils.data': torch.utils.data,
  'vision.models': vision.models,
  'vision.datasets': vision.datasets,
  'vision.io': vision.io,
};

const isClass = (value: unknown): value is { readonly prototype: object } =>
  typeof value === 'function' && /^class\b/.test(String(value));

/** What the own properties of an object hold, getters aside. */
const ownOf = (prefix: string, object: object, use: SignedValue['use']): SignedValue[] =>
  Object.entries(Object.getOwnPropertyDescriptors(object)).flatMap(([name, { value }]) =>
    typeof value === 'function' && name !== 'constructor'
      ? [{ path: `${prefix}.${name}`, value: value as object, signatures: signaturesOf(value as object), use }]
      : [],
  );

const inSpace = ([prefix, space]: [string, object]): SignedValue[] =>
  Object.entries(space).flatMap(([name, value]): SignedValue[] => {
    const path = `${prefix}.${name}`;
    if (value === torch.Tensor) return ownOf('x', torch.Tensor.prototype, 'method');
    if (isClass(value))
      return [
        { path, value, signatures: signaturesOf(value), use: 'class' },
        ...ownOf(path, value.prototype, 'member'),
      ];
    return typeof value === 'function' ? [{ path, value, signatures: signaturesOf(value), use: 'function' }] : [];
  });

export const signed: readonly SignedValue[] = Object.entries(spaces)
  .flatMap(inSpace)
  .filter(({ signatures }) => signatures.length > 0);
