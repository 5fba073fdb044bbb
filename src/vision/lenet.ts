/**
 * @file LeNet-5 (LeCun and others, Proceedings of the IEEE 86(11), 1998), with the rectifiers and max pooling of today.
 */
import * as nn from '../torch/nn/index.ts';
import { relu } from '../torch/functional.ts';
import { p } from '../torch/signature.ts';
import { constructed } from '../torch/signature/constructors.ts';
import type { Tensor } from '../torch/tensor.ts';

abstract class Digits extends nn.Module<[Tensor], Tensor> {
  conv1 = new nn.Conv2d(1, 6, { kernelSize: 5, padding: 2 });
  conv2 = new nn.Conv2d(6, 16, 5);
  pool = new nn.MaxPool2d(2);
  fc1 = new nn.Linear(16 * 5 * 5, 120);
  fc2 = new nn.Linear(120, 84);
  fc3: nn.Linear;

  constructor(classes: number) {
    super();
    this.fc3 = new nn.Linear(84, classes);
  }

  override forward(x: Tensor): Tensor {
    const features = this.pool(relu(this.conv2(this.pool(relu(this.conv1(x))))));
    return this.fc3(relu(this.fc2(relu(this.fc1(features.flatten(1))))));
  }
}

/** Scores [N, classes] of grey images [N, 1, 28, 28]. */
export class LeNet extends constructed(Digits, 'ours.LeNet', [p.int('classes', 10)], (classes) => [classes]) {}
