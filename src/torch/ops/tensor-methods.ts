/**
 * @file What a tensor does itself: it goes backward, and its own methods take no argument too many either.
 */
import * as gradients from '../autograd.ts';
import type { MethodsOf, Params } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

const self = p.tensor('self');

/** Accumulates gradients into the leaves that this tensor was computed from. A scalar needs no `gradient`. */
const backward = fn(
  '.backward',
  [
    self,
    p.tensor('gradient', null),
    p.flag('retainGraph', null),
    p.flag('createGraph', false),
    p.refused('inputs', null, 'use torch.autograd.grad'),
  ],
  (self, gradient, retainGraph, createGraph): void =>
    gradients.backward([self], [gradient], { retainGraph: retainGraph ?? undefined, createGraph }),
);

const going = { backward };
methods(going);

/** Methods that the class defines, with what each takes beside the tensor. */
const own = {
  data: ['ours.data', []],
  dispose: ['ours.dispose', []],
  item: ['.item', []],
  registerHook: ['.register_hook', [p.callback('hook')]],
  requiresGrad_: ['.requires_grad_', [p.flag('requiresGrad', true)]],
  retainGrad: ['.retain_grad', []],
  tolist: ['.tolist', []],
} as const;

for (const [name, [pythonName, params]] of Object.entries(own)) {
  const body = Tensor.prototype[name as keyof typeof own] as (...args: unknown[]) => unknown;
  methods({
    [name]: fn(pythonName, [self, ...params] as Params, (...[tensor, ...rest]: unknown[]) => body.apply(tensor, rest)),
  });
}

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof going> {}
}
