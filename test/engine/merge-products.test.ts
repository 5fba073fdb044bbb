/**
 * Intent: products that became columns of one have the values of eager code, in the first call and once the weights lie
 * side by side, and see a weight that changes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

type Tensor = torch.Tensor;

class ByHand extends nn.Module<[Tensor], Tensor> {
  q = new nn.Linear(24, 24);
  k = new nn.Linear(24, 24);
  v = new nn.Linear(24, 36);
  override forward(x: Tensor): Tensor {
    const [n, length] = x.shape;
    const heads = (t: Tensor): Tensor => t.reshape(n, length, 3, t.shape[2] / 3).transpose(1, 2);
    const [q, k, v] = [this.q, this.k, this.v].map((layer) => heads(layer(x)));
    const weights = F.softmax(q.matmul(k.transpose(2, 3)).mul(0.35), 3);
    return weights.matmul(v).transpose(1, 2).reshape(n, length, 36);
  }
}

class Self extends nn.Module<[Tensor], Tensor> {
  attention = new nn.MultiheadAttention(24, 4, { batchFirst: true });
  override forward(x: Tensor): Tensor {
    return this.attention(x, x, x, { needWeights: false })[0];
  }
}

/** Gate and value of a feed-forward layer, without biases, which only pointwise operations read. */
class Gated extends nn.Module<[Tensor], Tensor> {
  gate = new nn.Linear(24, 40, { bias: false });
  up = new nn.Linear(24, 40, { bias: false });
  down = new nn.Linear(40, 24, { bias: false });
  override forward(x: Tensor): Tensor {
    return this.down(torch.sigmoid(this.gate(x)).mul(this.up(x).sin()));
  }
}

describeWith(['adapter'], 'merged products', () => {
  beforeAll(() => startTestEngine());
  afterAll(() => engine.device?.destroy());

  test.for([
    ['attention by hand', () => new ByHand()],
    ['an attention module', () => new Self()],
    ['a gated layer', () => new Gated()],
  ] as const)('%s', async ([, make]) => {
    torch.manualSeed(5);
    const model: nn.Module<[Tensor], Tensor> = make().to('webgpu').eval();
    const compiled = torch.compile(model);
    const x = torch.randn(2, 7, 24).to('webgpu');
    const isEqual = async (): Promise<void> => {
      const eager = Float64Array.from(await torch.noGrad(() => model(x)).data());
      const merged = await torch.noGrad(() => compiled(x)).data();
      expect(relativeError(merged, eager)).toBeLessThan(2e-5);
    };
    for (let call = 0; call < 3; call++) await isEqual();
    const [first] = model.parameters();
    torch.noGrad(() => first.mul_(1.5));
    for (let call = 0; call < 3; call++) await isEqual();
  });
});
