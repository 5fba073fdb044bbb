/**
 * @file Intent: every public name of PyTorch is here, or a program that uses it is told why it is not; no name is both.
 */
import { describe, expect, test } from 'vitest';
import { spelled, whyAbsent } from '../../src/torch/absent.ts';
import { namesAbsent, namesHere, spaces } from '../support/coverage.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

describe.each(spaces)('%s', (space) => {
  test('has no name that it lists as absent, and lists each once', () => {
    const here = new Set(namesHere(space).map(spelled));
    const absent = namesAbsent(space);
    expect(absent.filter((name) => here.has(spelled(name)))).toEqual([]);
    expect(absent.filter((name, i) => absent.indexOf(name) < i)).toEqual([]);
  });

  test('has a reason for each that is absent', () => {
    expect(namesAbsent(space).filter((name) => !whyAbsent(space, name))).toEqual([]);
  });
});

/** What counts as public: what is documented, and no private part, type or helper of a helper. */
const python = `
import inspect, json, torch
import torch.nn.functional as F
function = lambda f: callable(f) and not inspect.isclass(f) and getattr(f, '__module__', '') != 'typing'
documented = lambda space, names: sorted(n for n in names if not n.startswith('_') and function(getattr(space, n)) and getattr(space, n).__doc__)
helpers = {'assert_int_or_pair', 'boolean_dispatch', 'native_channel_shuffle', 'handle_torch_function', 'has_torch_function',
           'has_torch_function_unary', 'has_torch_function_variadic'}
print(json.dumps({
    # What torch has of F is documented there; other functions of its core are parts of the compiler.
    'torch': [n for n in documented(torch, torch.__all__) if not hasattr(F, n) and (hasattr(torch._C._VariableFunctions, n) or inspect.isfunction(getattr(torch, n)))],
    'nn': torch.nn.modules.__all__,
    'F': [n for n in documented(F, dir(F)) if n not in helpers and not n.endswith('_with_indices')],
    'optim': [n for n in dir(torch.optim) if inspect.isclass(getattr(torch.optim, n))],
    'optim.lrScheduler': torch.optim.lr_scheduler.__all__,
    'linalg': [n for n in documented(torch.linalg, dir(torch.linalg)) if n != 'common_notes'],
    'fft': [n for n in torch.fft.__all__ if n != 'Tensor'],
}))
`;

describeWith(['python'], "the machine's own PyTorch", () => {
  test('has no public name that is neither here nor listed', async () => {
    const theirs = JSON.parse(String(await runPython(python))) as Record<string, string[]>;
    const unknown = spaces.flatMap((space) => {
      const names = new Set([...namesHere(space), ...namesAbsent(space)].map(spelled));
      return theirs[space].filter((name) => !names.has(spelled(name))).map((name) => `${space}.${name}`);
    });
    expect(unknown).toEqual([]);
  });
});
