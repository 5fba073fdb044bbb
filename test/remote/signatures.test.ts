/**
 * @file Intent: every signature is PyTorch's own: the same parameters in the same order, by keyword only where PyTorch
 * wants it, with the same defaults. PyTorch is asked for its schemas and by inspect; what the oldest version that must
 * pass does not know is written down here.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Param } from '../../src/torch/signature.ts';
import type { Signature } from '../../src/torch/signature/match.ts';
import { snakeCase } from '../../src/base/python.ts';
import { laterLayers } from '../support/later-layers.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';
import { signed } from '../../scripts/api/signed-value.ts';

/** A parameter as PyTorch has it. */
interface Theirs {
  readonly name: string;
  readonly placed: boolean;
  readonly needed: boolean;
  readonly nullable: boolean;
  readonly default: unknown;
}

/** What PyTorch takes, in Python's words, where 1.13 does not tell it or a later one takes something else. */
const later: Readonly<Record<string, string>> = {
  ...laterLayers,
  '.tolist': 'self',
  '.bfloat16': 'input, *, memory_format=None',
  '.bool': 'input, *, memory_format=None',
  '.contiguous': 'input, *, memory_format=None',
  '.cpu': 'input, *, memory_format=None',
  '.float': 'input, *, memory_format=None',
  '.half': 'input, *, memory_format=None',
  '.int': 'input, *, memory_format=None',
  '.long': 'input, *, memory_format=None',
  'torch.meshgrid': '*tensors, indexing=None',
  'torch.nonzero': 'input, *, as_tuple=False',
  'F.logsigmoid': 'input',
  'F.scaled_dot_product_attention':
    'query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, enable_gqa=False',
  'torch._int_mm': 'input, mat2',
  'torch.amp.GradScaler':
    "device='webgpu', init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True",
  'torch.finfo': "type='float32'",
  'torch.iinfo': 'type',
  'torch.promote_types': 'type1, type2',
  'torch.can_cast': 'from_, to',
  'torch.is_autocast_enabled': 'device_type=None',
  'torch.autograd.grad':
    'outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True, allow_unused=None, is_grads_batched=False, materialize_grads=False',
  'torch.compile':
    "model, *, fullgraph=False, dynamic=None, backend='inductor', mode=None, options=None, disable=False",
  'torch.compiler.disable': 'fn=None, recursive=True',
  'torch.compiler.is_compiling': '',
  'torch.compiler.reset': '',
  'torch.einsum': 'equation, *operands',
  'torch.profiler.profile':
    '*, activities=None, schedule=None, on_trace_ready=None, record_shapes=False, profile_memory=False, with_stack=False, with_flops=False, with_modules=False, experimental_config=None, execution_trace_observer=None, acc_events=False, use_cuda=None',
  'torch.set_grad_enabled': 'mode',
  'torch.broadcast_tensors': '*tensors',
  'torch.cartesian_prod': '*tensors',
  'torch.tensor_split': 'input, indices_or_sections, dim=0',
  'torch.unique': 'input, sorted=True, return_inverse=False, return_counts=False, dim=None',
};

/** Signatures that PyTorch has and nothing stands for here: a call is refused. */
const without: Readonly<Record<string, string>> = {
  "torch.add: nothing stands for PyTorch's (input, other, alpha)": 'Python takes alpha by name only',
  "torch.sub: nothing stands for PyTorch's (input, other, alpha)": 'Python takes alpha by name only',
  ".add_: nothing stands for PyTorch's (input, other, alpha)": 'Python takes alpha by name only',
  ".sub_: nothing stands for PyTorch's (input, other, alpha)": 'Python takes alpha by name only',
  ".is_contiguous: nothing stands for PyTorch's (input, memory_format)": 'Python takes memory_format by name only',
  ".to: dtype is needed where PyTorch's default is null": 'one of several signatures',
  ".to: places are (input, other, non_blocking, copy), PyTorch's (input, device, dtype, non_blocking, copy, memory_format)":
    'one of several signatures',
  ".to: nothing stands for PyTorch's (input, device, dtype, non_blocking, copy, memory_format)":
    'elements lie in one order alone',
  ".to: nothing stands for PyTorch's (input, dtype, non_blocking, copy, memory_format)":
    'elements lie in one order alone',
  ".to: nothing stands for PyTorch's (input, other, non_blocking, copy, memory_format)":
    'elements lie in one order alone',
  ".to: nothing stands for PyTorch's (input)": 'of TorchScript',
  ".to: nothing stands for PyTorch's (input, non_blocking, copy)": 'of TorchScript',
  ".view: nothing stands for PyTorch's (input, dtype)": 'the same bytes as another dtype; to() converts',
  "torch.compiler.disable: fn is needed where PyTorch's default is null": 'Python leaves it out in a decorator alone',
  "torch.isin: nothing stands for PyTorch's (elements, test_element)": 'a number stands for test_elements',
  "torch.isin: nothing stands for PyTorch's (element, test_elements)": 'a number stands for elements',
  "torch.repeat_interleave: nothing stands for PyTorch's (repeats)": 'indices alone',
  "torch.select: nothing stands for PyTorch's (list, idx)": 'of TorchScript',
  ".copy_: nothing stands for PyTorch's (input, other)": 'of TorchScript',
  "torch.quantize_per_tensor: nothing stands for PyTorch's (tensors, scales, zero_points, dtype)":
    'a list of tensors at once',
  "torch.where: nothing stands for PyTorch's (condition)": 'a tuple of indices; nonzero gives them',
};

/** Arrays of one number stand for that number; an empty one is None. */
function same(a: unknown, b: unknown): boolean {
  const flat = (v: unknown): unknown =>
    Array.isArray(v) && v.every((item) => item === v[0])
      ? (v[0] ?? null)
      : v === Infinity
        ? 'inf'
        : v === -Infinity
          ? '-inf'
          : v;
  return JSON.stringify(flat(a)) === JSON.stringify(flat(b));
}

/** Schemas call `self` what functions call `input`. */
const known = (name: string): string => (name === 'self' ? 'input' : name);
const nameOf = ({ name }: Param): string => known(snakeCase(name));
const placesOf = (theirs: readonly Theirs[]): string[] =>
  theirs.filter(({ placed }) => placed).map(({ name }) => known(name));

/** What differs from one of PyTorch's signatures; `all` are those of the same function. */
function differences(
  { params, places }: Signature,
  theirs: readonly Theirs[],
  all: readonly (readonly Theirs[])[],
): string[] {
  const ours = params.filter((param) => !param.ours);
  const inPlaces = ours.slice(0, places).map(nameOf);
  if (inPlaces.join() !== placesOf(theirs).join())
    return [`places are (${inPlaces.join(', ')}), PyTorch's (${placesOf(theirs).join(', ')})`];
  return ours.flatMap((param, i) => {
    const name = nameOf(param);
    const found = [...theirs, ...all.flat()].find((t) => known(t.name) === name);
    if (!found) return [`${name} is no parameter of PyTorch's`];
    if (param.item?.rest) return []; // Python's *args take none, too
    if (!found.needed)
      return !param.required && same(param.usual ?? null, found.default)
        ? []
        : [
            `${name} is ${param.required ? 'needed' : JSON.stringify(param.usual)} where PyTorch's default is ${JSON.stringify(found.default)}`,
          ];
    const optionalThere = found.nullable || i >= places || all.some((other) => other.every((t) => t.name !== name));
    return param.required || (optionalThere && (param.usual === null || i >= places))
      ? []
      : [`${name} may be left out, PyTorch needs it`];
  });
}

/** Each of ours is one of PyTorch's, and each of PyTorch's is the beginning of one of ours. */
function complaints(name: string, ours: readonly Signature[], theirs: readonly (readonly Theirs[])[]): string[] {
  const different = ours.flatMap((signature) => {
    const found = theirs
      .map((t) => differences(signature, t, theirs))
      .sort((a, b) => a.length - b.length || Number(a[0]?.startsWith('places')) - Number(b[0]?.startsWith('places')));
    return found.length === 0 ? [`${name}: PyTorch has no such signature`] : found[0].map((text) => `${name}: ${text}`);
  });
  const missing = theirs.filter(
    (t) =>
      !ours.some(({ params, places }) => {
        const inPlaces = params
          .filter((param) => !param.ours)
          .slice(0, places)
          .map(nameOf);
        return (
          placesOf(t).every((place, i) => inPlaces[i] === place) &&
          params.slice(placesOf(t).length, places).every((param) => !param.required)
        );
      }),
  );
  return [
    ...different,
    ...missing.map((t) => `${name}: nothing stands for PyTorch's (${placesOf(t).join(', ')})`),
  ].filter((text) => !(text in without));
}

describeWith(['python'], 'signatures', () => {
  test("are PyTorch's", async () => {
    const byName = new Map<string, readonly Signature[]>();
    for (const { signatures, use } of signed) {
      const { name } = signatures[0];
      if (use === 'function' || use === 'class' || (use === 'method' && name.startsWith('.')))
        byName.set(name, signatures);
    }
    const names = [...byName.keys()].filter((name) => !name.startsWith('ours.'));
    const program = readFileSync(new URL('../support/pytorch-signatures.py', import.meta.url), 'utf8');
    const answers = JSON.parse(
      String(await runPython(program, JSON.stringify(names.map((name) => [name, later[name] ?? null])))),
    ) as (Theirs[][] | string)[];
    const found = names.flatMap((name, i) => {
      const theirs = answers[i];
      return typeof theirs === 'string' ? [`${name}: ${theirs}`] : complaints(name, byName.get(name)!, theirs);
    });
    expect(found).toEqual([]);
  });
});
