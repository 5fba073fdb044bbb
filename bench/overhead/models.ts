/**
 * @file The models whose calls are timed: a small convolutional network, ResNet-18, and an encoder block.
 */
import { nn, torch } from '../../src/torch/index.ts';

type Forward = (x: torch.Tensor) => torch.Tensor;

/** Convolution, ReLU, max pool: the playground's first example. */
export class SimpleCnn extends nn.Module<[torch.Tensor], torch.Tensor> {
  conv1 = new nn.Conv2d(3, 16, { kernelSize: 3, padding: 1 });
  relu = new nn.ReLU();
  pool = new nn.MaxPool2d(2, 2);

  override forward(x: torch.Tensor): torch.Tensor {
    return this.pool(this.relu(this.conv1(x)));
  }
}

/** torchvision's basic block. */
class Block extends nn.Module<[torch.Tensor], torch.Tensor> {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  relu = new nn.ReLU();
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Sequential | null = null;

  constructor(from: number, to: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(from, to, { kernelSize: 3, stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, { kernelSize: 3, padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    if (stride !== 1 || from !== to)
      this.downsample = new nn.Sequential(
        new nn.Conv2d(from, to, { kernelSize: 1, stride, bias: false }),
        new nn.BatchNorm2d(to),
      );
  }

  override forward(x: torch.Tensor): torch.Tensor {
    const around = this.downsample ? (this.downsample(x) as torch.Tensor) : x;
    const y = this.bn2(this.conv2(this.relu(this.bn1(this.conv1(x)))));
    return this.relu(y.add(around));
  }
}

const stage = (from: number, to: number, stride: number): nn.Sequential =>
  new nn.Sequential(new Block(from, to, stride), new Block(to, to, 1));

/** torchvision's ResNet-18. */
export const resnet18 = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(3, 64, { kernelSize: 7, stride: 2, padding: 3, bias: false }),
    new nn.BatchNorm2d(64),
    new nn.ReLU(),
    new nn.MaxPool2d({ kernelSize: 3, stride: 2, padding: 1 }),
    stage(64, 64, 1),
    stage(64, 128, 2),
    stage(128, 256, 2),
    stage(256, 512, 2),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(512, 1000),
  );

export interface Model {
  readonly name: string;
  readonly make: () => { readonly forward: Forward; readonly input: torch.Tensor };
}

const on = (model: nn.Module, ...shape: number[]): ReturnType<Model['make']> => ({
  forward: model.to('webgpu').eval() as unknown as Forward,
  input: torch.randn(...shape).to('webgpu'),
});

export const models: readonly Model[] = [
  { name: 'SimpleCNN', make: () => on(new SimpleCnn(), 4, 3, 32, 32) },
  { name: 'ResNet-18', make: () => on(resnet18(), 1, 3, 112, 112) },
  {
    name: 'an encoder block',
    make: () => on(new nn.TransformerEncoderLayer(128, 4, { dimFeedforward: 512, batchFirst: true }), 2, 64, 128),
  },
];
