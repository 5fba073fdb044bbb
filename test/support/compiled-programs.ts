/**
 * @file Thirteen programs for torch.compile, each a model or function of a kind of its own. Their schedules and the
 * pairs of operations that are not fused are kept as snapshots.
 */
import { F, nn, optim, torch, vision } from '../../src/session/wudnn.ts';

type Tensor = torch.Tensor;

/** Runs a program to its end on the device that the engine has. */
export type CompiledProgram = () => Promise<void>;

const onGpu = (...shape: number[]): Tensor => torch.randn(...shape).to('webgpu');

/** Calls a compiled module or function once for inference. */
async function infer(target: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Promise<void> {
  const compiled = torch.compile(target);
  await torch.noGrad(() => compiled(...inputs)).data();
}

/** Takes two steps of training, since the first makes the optimizer's state. */
async function train(
  model: nn.Module<[Tensor]>,
  optimizer: optim.Optimizer,
  x: Tensor,
  loss: (y: Tensor) => Tensor,
): Promise<void> {
  const compiled = torch.compile((input: Tensor) => loss(model(input) as Tensor));
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad();
    compiled(x).backward();
    await optimizer.step();
  }
}

class SimpleCNN extends nn.Module<[Tensor], Tensor> {
  conv1 = new nn.Conv2d(3, 16, 3, 1, 1);
  conv2 = new nn.Conv2d(16, 32, 3, 1, 1);
  pool = new nn.MaxPool2d(2);
  fc = new nn.Linear(32 * 8 * 8, 10);
  override forward(x: Tensor): Tensor {
    const y = this.pool(F.relu(this.conv2(this.pool(F.relu(this.conv1(x))))));
    return this.fc(y.flatten(1));
  }
}

/** The inverted residual of MobileNetV2. */
class Inverted extends nn.Module<[Tensor], Tensor> {
  layers = new nn.Sequential(
    new nn.Conv2d(8, 32, { kernelSize: 1, bias: false }),
    new nn.BatchNorm2d(32),
    new nn.ReLU6(),
    new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1, groups: 32, bias: false }),
    new nn.BatchNorm2d(32),
    new nn.ReLU6(),
    new nn.Conv2d(32, 8, { kernelSize: 1, bias: false }),
    new nn.BatchNorm2d(8),
  );
  override forward(x: Tensor): Tensor {
    return x.add(this.layers(x));
  }
}

class Encoder extends nn.Module<[Tensor], Tensor> {
  qkv = new nn.Linear(32, 96);
  out = new nn.Linear(32, 32);
  up = new nn.Linear(32, 64);
  down = new nn.Linear(64, 32);
  norm1 = new nn.LayerNorm(32);
  norm2 = new nn.LayerNorm(32);
  override forward(x: Tensor): Tensor {
    const [n, length, width] = x.shape;
    const heads = this.qkv(x)
      .reshape(n, length, 3, 4, width / 4)
      .permute(2, 0, 3, 1, 4);
    const [q, k, v] = [0, 1, 2].map((i) => heads.select(0, i));
    const mixed = F.scaledDotProductAttention(q, k, v).transpose(1, 2).reshape(n, length, width);
    const y = this.norm1(x.add(this.out(mixed)));
    return this.norm2(y.add(this.down(F.gelu(this.up(y)))));
  }
}

/** Its queries, keys and values come of layers of their own. */
class Attention extends nn.Module<[Tensor], Tensor> {
  q = new nn.Linear(16, 16);
  k = new nn.Linear(16, 16);
  v = new nn.Linear(16, 16);
  override forward(x: Tensor): Tensor {
    const [n, length, width] = x.shape;
    const heads = (t: Tensor): Tensor => t.reshape(n, length, 2, width / 2).transpose(1, 2);
    const [q, k, v] = [this.q, this.k, this.v].map((layer) => heads(layer(x)));
    const weights = F.softmax(q.matmul(k.transpose(2, 3)), 3);
    return weights.matmul(v).transpose(1, 2).reshape(n, length, width);
  }
}

class UNet extends nn.Module<[Tensor], Tensor> {
  down = new nn.Conv2d(3, 8, 3, 1, 1);
  middle = new nn.Conv2d(8, 8, 3, 1, 1);
  up = new nn.ConvTranspose2d(8, 8, { kernelSize: 2, stride: 2 });
  last = new nn.Conv2d(16, 1, 3, 1, 1);
  override forward(x: Tensor): Tensor {
    const fine = F.relu(this.down(x));
    const coarse = F.relu(this.middle(F.maxPool2d(fine, 2)));
    return torch.sigmoid(this.last(torch.cat([fine, this.up(coarse)], 1)));
  }
}

const labels = (count: number): Tensor => torch.arange(count).remainder(3).to('webgpu');

export const compiledPrograms: Readonly<Record<string, CompiledProgram>> = {
  'convolution, ReLU, max pool': async () => {
    const layers = new nn.Sequential(new nn.Conv2d(3, 8, 3, 1, 1), new nn.ReLU(), new nn.MaxPool2d(2)).to('webgpu');
    await infer(layers, onGpu(2, 3, 16, 16));
  },
  SimpleCNN: () => infer(new SimpleCNN().to('webgpu').eval(), onGpu(4, 3, 32, 32)),
  LeNet: () => infer(new vision.models.LeNet().to('webgpu').eval(), onGpu(2, 1, 28, 28)),
  "LeNet's step by SGD": async () => {
    const model = new vision.models.LeNet().to('webgpu');
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    await train(model, optimizer, onGpu(4, 1, 28, 28), (y) => F.crossEntropy(y, labels(4)));
  },
  "a perceptron's step by Adam": async () => {
    const model = new nn.Sequential(new nn.Linear(12, 16), new nn.Tanh(), new nn.Linear(16, 3)).to('webgpu');
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
    await train(model, optimizer, onGpu(8, 12), (y) => F.mseLoss(y, torch.ones(8, 3).to('webgpu')));
  },
  ResNet: async () => {
    const model = new vision.models.ResNet({ inChannels: 3, widths: [8, 16] });
    await infer(model.to('webgpu').eval(), onGpu(1, 3, 16, 16));
  },
  "a residual block's gradients": async () => {
    const block = new vision.models.BasicBlock(8, 8).to('webgpu');
    const compiled = torch.compile(block);
    compiled(onGpu(2, 8, 8, 8))
      .square()
      .sum()
      .backward();
    await torch.sync();
    await block.conv1.weight.grad!.data();
  },
  "MobileNet's inverted residual": () => infer(new Inverted().to('webgpu').eval(), onGpu(1, 8, 12, 12)),
  'an encoder block': () => infer(new Encoder().to('webgpu').eval(), onGpu(2, 10, 32)),
  'attention by hand': () => infer(new Attention().to('webgpu').eval(), onGpu(2, 6, 16)),
  'a U-Net': () => infer(new UNet().to('webgpu').eval(), onGpu(1, 3, 16, 16)),
  'softmax and losses': () =>
    infer(
      (x: Tensor) =>
        F.softmax(x.mul(2), 1)
          .sum(0)
          .add(F.crossEntropy(x, labels(6)))
          .add(F.logSoftmax(x, 1).amax()),
      onGpu(6, 9),
    ),
  'pointwise chains': () =>
    infer(
      (x: Tensor, row: Tensor, column: Tensor) => {
        const y = x.sub(row).exp();
        const z = y.div(y.sum(1, true)).mul(column);
        return z.add(y.transpose(0, 1).sin().transpose(0, 1)).add(x.to('float16').to('float32'));
      },
      onGpu(6, 8),
      onGpu(8),
      onGpu(6, 1),
    ),
};
