/**
 * Layers: first values from a seed are PyTorch's bit for bit, they print as PyTorch's, and compute and differentiate
 * alike.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import type { SafetensorsFile } from '../../src/base/safetensors.ts';
import { engine } from '../../src/compile/engine.ts';
import { nn, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { layerCases } from '../support/layers.ts';
import { runPython } from '../support/python.ts';

/** Runs every layer on the same input, from its class text and from ours, and writes weights, outputs and gradients. */
const python = `
import json, struct, sys
import torch
from torch import nn
cases = json.load(sys.stdin)
tensors, prints = {}, {}

def put(name, t):
    tensors[name] = t.detach().clone().contiguous()

for i, case in enumerate(cases):
    torch.manual_seed(100 + i)
    module = eval(case['python'])
    prints[str(i)] = str(module)
    for key, t in module.state_dict().items(): put(f'{i}.first.{key}', t)
    inputs = []
    for shape, dtype, high in case['inputs']:
        x = torch.randn(shape) if dtype == 'float32' else torch.randint(0, high, shape)
        inputs.append(x.requires_grad_() if dtype == 'float32' else x)
    for _ in range(case['calls']): y = module(*inputs)
    y = y[0] if isinstance(y, tuple) else y
    put(f'{i}.output', y)
    (y * torch.linspace(-1, 1, y.numel()).reshape(y.shape)).sum().backward()
    for n, x in enumerate(inputs):
        if x.grad is not None: put(f'{i}.input {n}', x.grad)
    for key, p in module.named_parameters():
        if p.grad is not None: put(f'{i}.grad.{key}', p.grad)
    for key, t in module.state_dict().items(): put(f'{i}.last.{key}', t)

header, body = {'__metadata__': prints}, b''
for name, t in tensors.items():
    data = t.numpy().tobytes()
    header[name] = {'dtype': {torch.float32: 'F32', torch.int64: 'I64'}[t.dtype], 'shape': list(t.shape), 'data_offsets': [len(body), len(body) + len(data)]}
    body += data
text = json.dumps(header).encode()
sys.stdout.buffer.write(struct.pack('<Q', len(text)) + text + body)
`;

/**
 * PyTorch's versions differ in how they print a mode, `nearest` or `'nearest'`, a whole number, `1` or `1.0`, and
 * whether they tell a norm's bias.
 */
const plain = (text: string): string =>
  text
    .replaceAll("'", '')
    .replaceAll(/(\d)\.0(?=[,)])/g, '$1')
    .replaceAll(/(affine=\w+), bias=\w+/g, '$1');

describeWith(['adapter', 'python'], 'layers', () => {
  let theirs: SafetensorsFile;

  beforeAll(async () => {
    await startTestEngine();
    const asked = layerCases.map(({ python, inputs, calls = 1 }) => ({ python, inputs, calls }));
    theirs = decodeSafetensors(await runPython(python, JSON.stringify(asked)));
  });
  afterAll(() => engine.device?.destroy());

  test.each(layerCases.map((layer, i) => [layer.python, i, layer] as const))('%s', async (_name, i, layer) => {
    torch.manualSeed(100 + i);
    const module = layer.make();
    expect(plain(String(module))).toBe(plain(theirs.metadata[i]));
    const stateOf = (moment: string) =>
      [...theirs.tensors]
        .filter(([key]) => key.startsWith(`${i}.${moment}.`))
        .map(([key, t]) => [key.slice(`${i}.${moment}.`.length), t] as const);
    const first = module.stateDict();
    expect([...first.keys()]).toEqual(stateOf('first').map(([key]) => key));
    for (const [key, t] of stateOf('first')) expect(await first.get(key)!.data(), key).toEqual(t.data);

    module.to('webgpu');
    const inputs = layer.inputs.map(([shape, dtype, high]) =>
      (dtype === 'float32' ? torch.randn(shape) : torch.randint(0, high, shape)).to('webgpu'),
    );
    for (const x of inputs) if (x.dtype === 'float32') x.requiresGrad = true;
    let y = module(...inputs);
    for (let call = 1; call < (layer.calls ?? 1); call++) y = module(...inputs);
    const output: torch.Tensor = Array.isArray(y) ? y[0] : y;
    const count = output.shape.reduce((a, b) => a * b, 1);
    const weights = Float32Array.from({ length: count }, (_, k) => (count === 1 ? -1 : -1 + (2 * k) / (count - 1)));
    output
      .mul(torch.tensor(weights, { shape: [...output.shape], device: 'webgpu' }))
      .sum()
      .backward();

    const found = new Map<string, torch.Tensor>([[`${i}.output`, output]]);
    inputs.forEach((x, n) => x.grad && found.set(`${i}.input ${n}`, x.grad));
    for (const [key, p] of module.namedParameters()) if (p.grad) found.set(`${i}.grad.${key}`, p.grad);
    for (const [key, t] of module.stateDict()) found.set(`${i}.last.${key}`, t);
    const expected = [...theirs.tensors].filter(([key]) => key.startsWith(`${i}.`) && !key.startsWith(`${i}.first.`));
    expect([...found.keys()].toSorted()).toEqual(expected.map(([key]) => key).toSorted());
    for (const [key, { data }] of expected) {
      // Sums of up to some thousand products in another order; a sum that cancels is judged against its terms' size, 1.
      const scale = Math.max(1, ...Float64Array.from(data, Math.abs));
      const got = await found.get(key)!.data();
      const worst = Math.max(0, ...Float64Array.from(data, (v, k) => Math.abs(v - got[k])));
      expect(worst / scale, key).toBeLessThan(2e-5);
    }
  });

  test('a state saved here is read by Python and one from there is loaded here', async () => {
    torch.manualSeed(1);
    const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.Flatten(), new nn.Linear(8, 3));
    const bytes = await torch.save(model.stateDict());
    const copied = await runPython(
      `
import json, struct, sys
import torch
data = sys.stdin.buffer.read()
size, = struct.unpack('<Q', data[:8])
header = json.loads(data[8:8 + size])
model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(8, 3))
state = {}
for name, entry in header.items():
    begin, end = entry['data_offsets']
    state[name] = torch.frombuffer(bytearray(data[8 + size + begin:8 + size + end]), dtype=torch.float32).reshape(entry['shape'])
model.load_state_dict(state)
header, body = {}, b''
for name, t in model.state_dict().items():
    part = (t * 2).to(torch.float64).numpy().tobytes()
    header[name] = {'dtype': 'F64', 'shape': list(t.shape), 'data_offsets': [len(body), len(body) + len(part)]}
    body += part
text = json.dumps(header).encode()
sys.stdout.buffer.write(struct.pack('<Q', len(text)) + text + body)
`,
      bytes,
    );
    const before = await model.at(0).stateDict().get('weight')!.data();
    expect(model.loadStateDict(torch.load(copied))).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(await model.at(0).stateDict().get('weight')!.data()).toEqual(before.map((v: number) => 2 * v));
  });
});
