/**
 * @file Signatures: what each of PyTorch's callables takes, stated once, beside its body.
 *
 *     export const sum = fn(
 *       'torch.sum',
 *       [p.tensor('input'), p.dims('dim', null), p.flag('keepdim', false), '*', p.dtype('dtype', null)],
 *       (self, dim, keepdim, dtype): Tensor => …,
 *     );
 *
 * From that come the type, the check of names and kinds, a call in PyTorch's places (`torch.sum(x, 1, true)`), by name
 * (`torch.sum(x, { dim: 1, keepdim: true })`) or first so and then so, the defaults, the method, and the call that the
 * remote program has.
 *
 * To convert a family:
 *
 * 1. Parameters stand in PyTorch 2.6's order, in camel case, with its defaults; `null` is None. What PyTorch takes by
 *    keyword only stands behind `'*'`, and options that PyTorch lacks last of all: `p.ours(p.choice(…)('algo', null))`.
 * 2. A parameter that nothing stands for here keeps its place: `p.refused('returnIndices', false, 'remedy')`.
 * 3. The body gets every value in order, with the defaults; its parameters' names are what an editor shows. Write its
 *    result's type. It checks values (a size that is negative), not kinds.
 * 4. A function that several operations stand for ends with `{ pythonCall: true }`.
 * 5. Several signatures: `overloads(fn(…), fn(…))`. Methods: `methods({ sum, … })`, and
 *    `interface Tensor extends MethodsOf<typeof …>`.
 * 6. A layer: `class Linear extends layer(Module<…>, 'nn.Linear', […], (inFeatures, …) => ({ fields }))`, see
 *    nn/layer.ts.
 *
 * `test/remote/signatures.test.ts` holds names, order and defaults against PyTorch's own signatures,
 * `test/unit/signatures.test.ts` calls everything with an argument too many, a wrong kind in each place, and every
 * option in its place and by name.
 */
export { around, fn, methods, overloads, signaturesOf } from './signature/call.ts';
export * as p from './signature/kinds.ts';
export type { Dims, Pair, Single } from './signature/kinds.ts';
export type { Body, Fn, MethodsOf, Param, Params, Values } from './signature/types.ts';
