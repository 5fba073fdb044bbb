/**
 * @file Intent: what only the data decides is PyTorch's: results of the size that it says (nonzero, maskedSelect,
 * unique), and answers (allclose, equal).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const inputs: Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }> = {
  'a matrix': { shape: [3, 4], data: [0, 1, 2, 0, -1, 0, 2, 2, 0, 0, 5, 1] },
  'a vector': { shape: [5], data: [3, 0, 3, -2, 0] },
  'all zeros': { shape: [2, 2], data: [0, 0, 0, 0] },
  'no element': { shape: [0, 3], data: [] },
  'one element': { shape: [1, 1], data: [4] },
  'a scalar': { shape: [], data: [2] },
  'three dimensions': { shape: [2, 3, 2], data: [1, 1, 0, 2, 0, 3, -1, 0, 0, 1, 2, 0] },
  halves: { shape: [4], data: [0.5, -0.5, 0.5, 0] },
};

const program = `
import json, sys, torch
out = {}
for name, given in json.load(sys.stdin).items():
    x = torch.tensor(given["data"], dtype=torch.float32).reshape(given["shape"])
    values, inverse, counts = torch.unique(x, return_inverse=True, return_counts=True)
    near, other = x * (1 + 1e-6), x + (x > 1) * 0.25
    answers = [torch.allclose(x, near), torch.allclose(x, other), torch.allclose(x, other, rtol=0, atol=0.3), torch.equal(x, x.clone()), torch.equal(x, other), torch.equal(x, x.unsqueeze(0))]
    out[name] = [t.tolist() for t in (torch.nonzero(x), torch.masked_select(x, x > 0), values, inverse, counts)] + answers
print(json.dumps(out))
`;

describeWith(['adapter', 'python'], 'results that are sized by data', () => {
  let expected: Record<string, unknown[]>;
  beforeAll(async () => {
    await startTestEngine();
    expected = JSON.parse(String(await runPython(program, JSON.stringify(inputs)))) as Record<string, unknown[]>;
  });
  afterAll(() => engine.device?.destroy());

  test.for(
    Object.keys(inputs).flatMap((name) => (['cpu', 'webgpu'] as const).map((device) => [name, device] as const)),
  )('%s on %s', async ([name, device]) => {
    const { shape, data } = inputs[name];
    const x = torch.tensor(Float32Array.from(data), { shape }).to(device);
    const { values, inverse, counts } = await x.unique();
    const ours = [await x.nonzero(), await x.maskedSelect(x.gt(0)), values, inverse, counts];
    const [near, other] = [x.mul(1 + 1e-6), x.add(x.gt(1).mul(0.25))];
    const answers = [
      x.allclose(near),
      x.allclose(other),
      x.allclose(other, { rtol: 0, atol: 0.3 }),
      x.equal(x.clone()),
      x.equal(other),
      x.equal(x.unsqueeze(0)),
    ];
    expect(await Promise.all([...ours.map((t) => t.tolist()), ...answers])).toEqual(expected[name]);
  });
});
