/** A recorded model prints as the program that a PyTorch user would have written. */
import { describe, expect, test } from 'vitest';
import * as e from '../../src/graph/expr.ts';
import type { Node, TracedModel } from '../../src/graph/types.ts';
import { printModel } from '../../src/remote/classes.ts';
import { createJob } from '../../src/remote/program.ts';
import * as nn from '../../src/torch/nn/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { takeTrace } from '../../src/torch/trace.ts';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import { Recorder, smallCnn, smallResNet } from '../support/traces.ts';
import { readHost } from '../support/read-host.ts';

/** Records `body` as the model's forward on one input. */
function model(body: (r: Recorder, x: Node) => Node | Node[], r = new Recorder()): TracedModel {
  const x = r.input(2, 3, 8, 8);
  const y = r.call('', 'Model', () => body(r, x));
  return { name: 'Model', inputs: [x], state: r.state, outputs: Array.isArray(y) ? y : [y] };
}

describe('a constructor is what the program called, without defaults', () => {
  const floats = (...shape: number[]) => torch.randn(shape);
  const changed = new nn.Dropout(0.5);
  Object.assign(changed, { p: 0.25 });

  test.each<[string, nn.Module, torch.Tensor]>([
    ['nn.Conv2d(3, 16, 3, padding=1)', new nn.Conv2d(3, 16, { kernelSize: [3, 3], padding: [1, 1] }), floats(3, 8, 8)],
    ['nn.Conv2d(3, 16, (3, 5), 2, bias=False)', new nn.Conv2d(3, 16, [3, 5], 2, { bias: false }), floats(3, 8, 8)],
    ['nn.Conv2d(3, 16, 3, padding="same")', new nn.Conv2d(3, 16, 3, { padding: 'same' }), floats(3, 8, 8)],
    ['nn.MaxPool2d(2, 2)', new nn.MaxPool2d(2, 2, 0, 1), floats(3, 8, 8)],
    ['nn.MaxPool2d(2, stride=1)', new nn.MaxPool2d({ kernelSize: 2, stride: 1 }), floats(3, 8, 8)],
    ['nn.Linear(8, 5)', new nn.Linear(8, 5, { bias: true }), floats(8)],
    ['nn.BatchNorm2d(3, eps=1e-06)', new nn.BatchNorm2d(3, { eps: 1e-6, momentum: 0.1 }), floats(2, 3, 8, 8)],
    ['nn.LayerNorm(8, 0.001)', new nn.LayerNorm(8, 1e-3), floats(8, 8)],
    ['nn.LayerNorm((8, 8))', new nn.LayerNorm([8, 8]), floats(8, 8)],
    [
      'nn.MultiheadAttention(8, 4, batch_first=True)',
      new nn.MultiheadAttention(8, 4, { batchFirst: true }),
      floats(2, 3, 8),
    ],
    ['nn.ReLU()', new nn.ReLU(true), floats(3)],
    ['nn.Dropout(0.25)', changed, floats(3)],
  ])('%s', (python, layer, x) => {
    takeTrace();
    const isAttention = layer instanceof nn.MultiheadAttention;
    new (class extends nn.Module {
      readonly layer = layer;

      override forward(x: torch.Tensor): unknown {
        return isAttention ? layer(x, x, x) : layer(x);
      }
    })()(x);
    expect(printModel(takeTrace().model!).code).toContain(`= ${python}\n`);
  });
});

describe('printing a model', () => {
  test('a plain network is its layers and their calls', () => {
    expect(printModel(smallCnn()).code).toBe(`\
class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.conv1(x)
        x = self.relu(x)
        return x`);
  });

  test('instances that differ in numbers share a class, stages become Sequential, a residual keeps its input', () => {
    const { code } = printModel(smallResNet());
    expect(code).toContain(`\
class BasicBlock(nn.Module):
    def __init__(self, in_channels):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, in_channels, 3, padding=1)`);
    expect(code).toContain('self.layer1 = nn.Sequential(BasicBlock(8), BasicBlock(8))');
    expect(code).toContain('self.layer2 = nn.Sequential(BasicBlock2(), BasicBlock(16))');
    expect(code).toContain('y = y + x');
  });

  test('a list of modules that is never called itself is a ModuleList, with an identity for one that left no trace', () => {
    const { code } = printModel(model((r, x) => r.conv('layers.2', r.conv('layers.0', x, 4), 4)));
    expect(code).toContain(
      'self.layers = nn.ModuleList([nn.Conv2d(3, 4, 3, padding=1), nn.Identity(), nn.Conv2d(4, 4, 3, padding=1)])',
    );
    expect(code).toContain('x = self.layers[2](x)');
  });

  test('operations outside of layers are calls, and a number stays a number', () => {
    const { code } = printModel(model((_, x) => e.add(e.mul(e.tanh(x), 2.5), x)));
    expect(code).toContain('y = torch.tanh(x)\n        y = y * 2.5\n        y = y + x\n        return y');
  });

  test('what is checked before it is read is no statement', () => {
    takeTrace();
    new (class extends nn.Module {
      override forward(x: torch.Tensor): torch.Tensor {
        const places = x.mul(2).int();
        return x.gather(0, places).add(x.indexSelect(0, places)).add(places.remainder(places));
      }
    })()(torch.tensor([0, 1]));
    expect(printModel(takeTrace().model!).code).toContain(`
    def forward(self, x):
        y = x * 2
        y = y.to(torch.int32)
        z = torch.gather(x, 0, y.long())
        x = torch.index_select(x, 0, y)
        z = z + x
        y = torch.remainder(y, y)
        y = y.to(torch.float32)
        z = z + y
        return z`);
  });

  test('a number beyond the whole numbers of float64 is a float in Python too', () => {
    const { code } = printModel(model((_, x) => e.mul(x, 2 ** 80)));
    expect(code).toContain('* 1.2089258196146292e+24');
  });

  test('a parameter and a buffer of the model itself are declared', () => {
    const r = new Recorder();
    const printed = printModel(model((_, x) => e.mul(x, r.parameter('scale', [1, 3, 1, 1])), r));
    expect(printed.code).toContain('self.scale = nn.Parameter(torch.empty(1, 3, 1, 1))');
    expect(printed.code).toContain('x = x * self.scale');
  });

  test('a tensor that the program made itself travels as a buffer', async () => {
    const r = new Recorder();
    const mask = r.input(8, 8);
    const traced = model((_, x) => e.mul(x, mask), r);
    expect(printModel(traced).code).toContain('self.register_buffer("constant1", torch.empty(8, 8))');
    const { tensors } = decodeSafetensors((await createJob(traced, readHost)).tensors);
    expect(tensors.get('state.constant1')!.data).toEqual(mask.value!.host);
  });

  test('weights that are one are tied', () => {
    const r = new Recorder();
    const traced = model((_, x) => r.conv('b', r.conv('a', x, 3), 3), r);
    const shared = traced.state.get('a.weight')!;
    const state = new Map(traced.state).set('b.weight', shared);
    expect(printModel({ ...traced, state }).code).toContain('self.b.weight = self.a.weight');
  });

  test('a module whose two calls differ is printed in place, with its weights where they were', () => {
    const r = new Recorder();
    const traced = model((_, x) => {
      const half = (y: Node, twice: boolean): Node =>
        r.call('block', 'Block', () => {
          const z = r.conv('block.conv', y, 3);
          return twice ? e.add(z, z) : z;
        });
      return half(half(x, false), true);
    }, r);
    const { code } = printModel(traced);
    expect(code).toContain('self.block = nn.ModuleDict({"conv": nn.Conv2d(3, 3, 3, padding=1)})');
    expect(code).toContain('x = self.block.conv(x)\n        x = self.block.conv(x)\n        x = x + x');
  });

  test('several outputs are returned as a tuple and named in order', () => {
    const printed = printModel(model((_, x) => [e.tanh(x), e.exp(x)]));
    expect(printed.code).toContain('return y, x');
    expect(printed.outputs).toEqual(['output0', 'output1']);
  });
});
