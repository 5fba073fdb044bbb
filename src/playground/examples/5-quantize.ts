// Quantisation: a trained network in 8 bits, its accuracy and its bytes
import { torch, nn, F, optim, vision } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const drawn = { size: 16, classes: 4 };
const shown = vision.datasets.shapes(512, drawn);
const unseen = vision.datasets.shapes(256, { ...drawn, seed: 1 });

class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, { kernelSize: 3, padding: 1 });
  conv2 = new nn.Conv2d(8, 16, { kernelSize: 3, padding: 1 });
  head = new nn.Linear(256, drawn.classes);

  /** What each layer gives, the last one being the scores. */
  stages(x: torch.Tensor): torch.Tensor[] {
    const first = F.relu(this.conv1(x));
    const second = F.relu(this.conv2(F.maxPool2d(first, 2)));
    return [first, second, this.head(F.maxPool2d(second, 2).flatten(1))];
  }

  forward(x: torch.Tensor): torch.Tensor {
    return this.stages(x)[2];
  }
}

const net = new Net().to(device);
const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
for (let epoch = 0; epoch < 4; epoch++) {
  for await (const [images, labels] of new torch.utils.data.DataLoader(shown, { batchSize: 32, shuffle: true })) {
    optimizer.zeroGrad();
    F.crossEntropy(net(images.to(device)), labels.to(device)).backward();
    optimizer.step();
  }
}

// Calibration: the ranges seen in the images become scales and zero points. A relu's range begins at 0, so its zero
// point is the lowest level, and the quantised layer needs no relu: negative values are clamped to it.
const [seen] = shown.tensors;
const ranges = torch.noGrad(() => [seen.to(device), ...net.stages(seen.to(device))].map((t) => torch.chooseQparams(t)));

/** A layer in 8 bits: its weight has a scale for each output channel. */
class Quantized extends nn.Module {
  declare weight: torch.Tensor;
  declare weightScale: torch.Tensor;
  declare bias: torch.Tensor;
  declare inputScale: torch.Tensor;
  declare inputZeroPoint: torch.Tensor;
  declare scale: torch.Tensor;
  declare zeroPoint: torch.Tensor;

  constructor(layer: nn.Conv2d | nn.Linear, [before, after]: typeof ranges) {
    super();
    const { scale, zeroPoint } = torch.chooseQparams(layer.weight, { dtype: 'int8', symmetric: true, axis: 0 });
    this.registerBuffer('weight', torch.quantizePerChannel(layer.weight, scale, zeroPoint, 0, 'int8'));
    this.registerBuffer('weightScale', scale);
    this.registerBuffer('bias', layer.bias!.detach());
    this.registerBuffer('inputScale', before.scale);
    this.registerBuffer('inputZeroPoint', before.zeroPoint);
    this.registerBuffer('scale', after.scale);
    this.registerBuffer('zeroPoint', after.zeroPoint);
  }

  forward(q: torch.Tensor): torch.Tensor {
    const { weight, bias, weightScale, inputScale, inputZeroPoint, scale, zeroPoint } = this;
    const parameters = { weightScale, inputScale, inputZeroPoint, scale, zeroPoint };
    return q.ndim === 4
      ? F.quantizedConv2d(q, weight, bias, { ...parameters, padding: 1 })
      : F.quantizedLinear(q, weight, bias, parameters);
  }
}

class QuantizedNet extends nn.Module {
  conv1 = new Quantized(net.conv1, ranges.slice(0, 2));
  conv2 = new Quantized(net.conv2, ranges.slice(1, 3));
  head = new Quantized(net.head, ranges.slice(2, 4));

  forward(x: torch.Tensor): torch.Tensor {
    let q = torch.quantizePerTensor(x, this.conv1.inputScale, this.conv1.inputZeroPoint, 'uint8');
    q = F.maxPool2d(this.conv1(q), 2);
    q = F.maxPool2d(this.conv2(q), 2);
    q = this.head(q.flatten(1));
    return torch.dequantizePerTensor(q, this.head.scale, this.head.zeroPoint);
  }
}

const small = torch.noGrad(() => new QuantizedNet());
const files = [await torch.save(net.stateDict()), await torch.save(small.stateDict())].map((file) => file.length);
const [images, labels] = unseen.tensors;

async function accuracy(scores: torch.Tensor): Promise<string> {
  const hits = await scores.argmax(1).eq(labels.to(device)).to('float32').mean().item();
  return `${(100 * hits).toFixed(1)} % of unseen images`;
}

export const floatScores = torch.noGrad(() => net(images.to(device)));
export const quantizedScores = torch.noGrad(() => small(images.to(device)));

console.log(`float32: ${await accuracy(floatScores)}, a file of ${files[0]} bytes`);
console.log(`int8:    ${await accuracy(quantizedScores)}, a file of ${files[1]} bytes`);
