/**
 * @file torch.compile: a call is captured once and played again, and the engine may fuse what it records.
 *
 * Eager mode runs one kernel an operation. In compiled code a convolution or matrix product takes bias, residual and
 * activation as its epilogue; a convolution that needs no gradient also takes a 2×2 max pool, and a batch norm in eval
 * mode into its filters. Pointwise operations share kernels, which may write several results. Intermediates that nobody
 * else reads then never exist. What depends on a model's weights alone is computed once, and again when a weight
 * changes.
 *
 * Where a call depends on nothing but its arguments and its module's fields, which is read from the program's text,
 * later calls make its nodes without running it: checks, inference and the module's own code cost nothing then. Guards
 * tell when that would be wrong.
 */
import type { Module } from '../nn/module.ts';
import { fn, p } from '../signature.ts';
import { callable } from './explain.ts';

/** PyTorch's `false`: every shape is captured on its own. */
const dynamic = p.kind<false>(
  'false or null, which are one here',
  'leave it out: each shape has a graph and kernels of its own',
  (v) => v === false,
);
let isOn = true;

/** Sets for whoever runs the program whether torch.compile compiles, as TORCHDYNAMO_DISABLE does in PyTorch. */
export function switchCompile(on: boolean): void {
  isOn = on;
}

const modes = ['default', 'reduce-overhead', 'max-autotune'] as const;

/**
 * Computes the same as `model` with fused kernels. Gradients flow through it as always. A module gives a module that
 * holds `model` as
 * `_orig_mod`, with the same parameters; as in PyTorch, their keys begin with `_orig_mod.`. `mode`: `'default'` and
 * `'reduce-overhead'` are the same, since calls are replayed without running the model wherever that is safe;
 * `'max-autotune'` measures the algorithms of compiled code, as
 * `torch.backends.cudnn.benchmark` does for a whole program. With `fullgraph`, a call that is not one graph is an
 * error; with `disable`, the model itself is returned.
 */
export const compile = fn(
  'torch.compile',
  [
    p.callback('model'),
    '*',
    p.flag('fullgraph', false),
    dynamic('dynamic', null),
    p.refused('backend', 'inductor', 'leave it out; there is one'),
    p.choice(modes)('mode', null),
    p.refused('options', null, 'leave it out; there are none'),
    p.flag('disable', false),
  ],
  (target, fullgraph, _dynamic, _backend, mode, _options, disable): unknown =>
    disable || !isOn ? target : callable(target, { fullgraph, mark: mode === 'max-autotune' ? mode : true }),
) as unknown as Compile;

/** What torch.compile takes by name. */
export interface CompileSettings {
  readonly fullgraph?: boolean;
  readonly dynamic?: false | null;
  readonly backend?: 'inductor';
  readonly mode?: (typeof modes)[number] | null;
  readonly options?: null;
  readonly disable?: boolean;
}

/** A module whose calls are compiled, and the module itself. */
export type OptimizedModule<M extends Module> = M & { readonly _orig_mod: M };

interface Compile {
  <M extends Module>(model: M, settings?: CompileSettings): OptimizedModule<M>;
  <In extends unknown[], Out>(model: (...inputs: In) => Out, settings?: CompileSettings): (...inputs: In) => Out;
}
