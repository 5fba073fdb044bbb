/**
 * Modules: state is found, loaded and saved under PyTorch's keys, hooks see every call, initialisations follow their
 * formulas.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const { init } = nn;

class Net extends nn.Module<[torch.Tensor], torch.Tensor> {
  features = new nn.Sequential({ conv: new nn.Conv2d(1, 2, 3), norm: new nn.BatchNorm2d(2) });
  heads = new nn.ModuleDict({ a: new nn.Linear(8, 2), b: new nn.Linear(8, 3) });
  drop = new nn.Dropout();

  override forward(x: torch.Tensor): torch.Tensor {
    return this.heads.get('a')(this.drop((this.features(x) as torch.Tensor).flatten(1)));
  }
}

const numbers = (t: torch.Tensor): Promise<number[]> => t.data().then((data) => [...data]);

describe('words for what is there', () => {
  test('sizes, dtypes and the transpose have the names that programs know', async () => {
    const x = torch.tensor([
      [1.5, -2, 0],
      [3, 4, 5],
    ]);
    expect([x.numel(), x.dim(), [...x.size()], x.size(-1)]).toEqual([6, 2, [2, 3], 3]);
    expect([x.half().dtype, x.int().dtype, x.bool().dtype, x.int().float().dtype, x.cpu().device.type]).toEqual([
      'float16',
      'int32',
      'bool',
      'float32',
      'cpu',
    ]);
    expect(await x.T.tolist()).toEqual(await x.t().tolist());
    expect(() => x.size(2)).toThrow('size: dim 2 is out of range');
  });

  test('a parameter is made of any floating tensor, a computed one too', async () => {
    const p = new nn.Parameter(torch.ones(2).mul(0.5));
    expect([p.isLeaf, p.requiresGrad]).toEqual([true, true]);
    p.mul(3).sum().backward();
    expect([await p.tolist(), await p.grad!.tolist()]).toEqual([
      [0.5, 0.5],
      [3, 3],
    ]);
    await new optim.SGD([p], { lr: 1 }).step();
    expect(await p.tolist()).toEqual([-2.5, -2.5]);
    expect(() => new nn.Parameter(torch.ones(2, { dtype: 'int32' }))).toThrow(
      'Parameter: only floating tensors can require gradients',
    );
  });

  test('SoftMarginLoss is its function', async () => {
    const [x, y] = [torch.tensor([0.5, -2, 3]), torch.tensor([1, 1, -1])];
    expect(await new nn.SoftMarginLoss({ reduction: 'sum' })(x, y).item()).toBe(
      await F.softMarginLoss(x, y, { reduction: 'sum' }).item(),
    );
  });

  test('what a hook records is the work of the module around, so a layer stays what it is', async () => {
    const net = new nn.Sequential(new nn.ReLU(), new nn.Tanh());
    net.at(0).registerForwardHook((_module, _inputs, output) => output.add(1));
    expect(await net(torch.tensor([-1])).tolist()).toEqual([Math.fround(Math.tanh(1))]);
  });
});

describe('an option that does not exist is an error at the line', () => {
  const x = torch.ones(2, 3);
  const labels = torch.tensor([0, 1], { dtype: 'int32' });
  const model = new nn.Linear(3, 2);
  test.each<[string, () => unknown, string]>([
    [
      'of a loss',
      () => F.crossEntropy(x, labels, { label_smoothing: 0.1 } as never),
      'crossEntropy: unknown option label_smoothing',
    ],
    ['of a loss layer', () => new nn.MSELoss({ reducton: 'sum' } as never), 'MSELoss: unknown option reducton'],
    [
      'of an optimizer',
      () => new optim.SGD(model.parameters(), { learningRate: 1 } as never),
      'SGD: unknown option learningRate',
    ],
    ['of a reduction', () => x.sum(0, { keepDim: true } as never), 'sum: unknown option keepDim'],
    ['of a new tensor', () => torch.randn(2, { requires_grad: true } as never), 'randn: unknown option requires_grad'],
    ['of dropout', () => new nn.Dropout({ probability: 0.1 } as never), 'Dropout: unknown option probability'],
    [
      'features that do not fit',
      () => model(torch.ones(2, 5)),
      'linear: the input [2, 5] has 5 features, the weight expects 3',
    ],
  ])('%s', (_, act, message) => expect(act).toThrow(message));

  test('dropout takes its probability by name too', () =>
    expect(String(new nn.Dropout({ p: 0.3 }))).toBe('Dropout(p=0.3, inplace=False)'));
});

describeWith(['adapter'], 'modules', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  test('keys are paths, a buffer that is not persistent has none', () => {
    const net = new Net();
    net.registerBuffer('scratch', torch.zeros(1), { persistent: false });
    expect([...net.stateDict().keys()]).toEqual([
      'features.conv.weight',
      'features.conv.bias',
      'features.norm.weight',
      'features.norm.bias',
      'features.norm.running_mean',
      'features.norm.running_var',
      'features.norm.num_batches_tracked',
      'heads.a.weight',
      'heads.a.bias',
      'heads.b.weight',
      'heads.b.bias',
    ]);
    expect([...net.namedBuffers()].map(([name]) => name)).toContain('scratch');
  });

  test('a checkpoint of model, optimizer and epoch comes back as it was, and training goes on alike', async () => {
    torch.manualSeed(1);
    const x = torch.randn(4, 1, 4, 4).to('webgpu');
    const make = () => {
      const net = new Net().to('webgpu');
      return { net, optimizer: new optim.Adam(net.parameters(), { lr: 0.01 }) };
    };
    const train = async ({ net, optimizer }: ReturnType<typeof make>) => {
      torch.manualSeed(2);
      optimizer.zeroGrad();
      const loss = net(x).square().mean();
      loss.backward();
      void optimizer.step();
      return loss.item();
    };
    const one = make();
    await train(one);
    const bytes = await torch.save({
      model: one.net.stateDict(),
      optimizer: one.optimizer.stateDict(),
      epoch: 3,
      note: 'first',
      best: Infinity,
      tags: [true, null],
    });
    const expected = [await train(one), await train(one)];
    const saved = torch.load(bytes);
    expect([saved.epoch, saved.note, saved.best, saved.tags]).toEqual([3, 'first', Infinity, [true, null]]);
    const other = make();
    expect(other.net.loadStateDict(saved.model)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    other.optimizer.loadStateDict(saved.optimizer);
    expect([await train(other), await train(other)]).toEqual(expected);
  });

  test('a state that does not fit names every key, and loads in part where that is meant', async () => {
    const layer = new nn.Linear(2, 2);
    const state = { weight: torch.ones(2, 2), extra: torch.zeros(1) };
    expect(() => layer.loadStateDict(state)).toThrow(/missing: bias; unexpected: extra.*strict: false/);
    expect(layer.loadStateDict(state, { strict: false })).toEqual({ missingKeys: ['bias'], unexpectedKeys: ['extra'] });
    expect(await numbers(layer.weight)).toEqual([1, 1, 1, 1]);
    expect(() => layer.loadStateDict({ weight: torch.ones(3, 2), bias: torch.zeros(2) })).toThrow(
      /weight has shape \[3, 2\] in the state, \[2, 2\] in the module/,
    );
    await expect(torch.save({ layer } as never)).rejects.toThrow(/save its stateDict\(\)/);
  });

  test('train() and eval() reach every module', () => {
    const net = new Net();
    expect(net.modules().every((module) => module.training)).toBe(true);
    net.eval();
    expect(net.modules().some((module) => module.training)).toBe(false);
  });

  test('hooks see and replace what goes in and comes out, until they are removed', async () => {
    const layer = new nn.ReLU();
    const before = layer.registerForwardPreHook((_module, [x]) => (x as torch.Tensor).mul(2));
    const after = layer.registerForwardHook((_module, _inputs, y) => y.add(1));
    const x = torch.tensor([-1, 3]);
    expect(await numbers(layer(x))).toEqual([1, 7]);
    before.remove();
    after.remove();
    expect(await numbers(layer(x))).toEqual([0, 3]);
  });

  test('freezing a part keeps its gradients away and its values', async () => {
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
    net.at(0).requiresGrad_(false);
    (net(torch.ones(1, 2)) as torch.Tensor).sum().backward();
    expect(net.parameters().map((p) => p.grad !== null)).toEqual([false, false, true, true]);
  });

  test('a wrong argument is refused where it is written', () => {
    expect(() => new nn.Conv2d(4, 6, { kernelSize: 3, groups: 4 })).toThrow(/do not both divide into 4 groups/);
    expect(() => new nn.Conv2d(1, 1, { kernelSize: 3, pading: 1 } as never)).toThrow(/unknown option pading/);
    expect(() => new nn.Linear(0, 2)).toThrow(/inFeatures is 0/);
    expect(() => new nn.Dropout(2)).toThrow(/p is 2/);
    expect(() => new nn.BatchNorm2d(3)(torch.zeros(2, 3))).toThrow(/expected 4 dimensions/);
  });

  describe('init', () => {
    const fresh = (...shape: number[]) => torch.zeros(shape);

    test('constants, ones and the identity', async () => {
      expect(await numbers(init.constant_(fresh(3), 5))).toEqual([5, 5, 5]);
      expect(await numbers(init.eye_(fresh(2, 3)))).toEqual([1, 0, 0, 0, 1, 0]);
    });

    test('an orthogonal matrix has orthonormal rows', async () => {
      const q = init.orthogonal_(fresh(4, 6));
      const product = await numbers(q.matmul(q.transpose(0, 1)));
      product.forEach((v, i) => expect(Math.abs(v - (i % 5 === 0 ? 1 : 0))).toBeLessThan(1e-6));
    });

    test('a truncated normal stays within its bounds', async () => {
      const values = await numbers(init.truncNormal_(fresh(5000), 0, 1, -0.5, 1));
      expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
      expect(Math.max(...values)).toBeGreaterThan(0.9);
    });

    test('bounds follow the fans', async () => {
      const values = await numbers(init.xavierUniform_(fresh(30, 20)));
      const bound = Math.sqrt(6 / 50);
      expect(Math.max(...values)).toBeLessThan(bound);
      expect(Math.max(...values)).toBeGreaterThan(0.95 * bound);
      expect(() => init.kaimingNormal_(fresh(3))).toThrow(/at least 2 dimensions/);
    });
  });
});
