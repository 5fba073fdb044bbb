// Training: a convolution learns an edge detector
import { torch, nn, optim, plot, progress } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');

// The target: Sobel's filter for vertical edges.
const sobel = torch
  .tensor([
    [
      [
        [-1, 0, 1],
        [-2, 0, 2],
        [-1, 0, 1],
      ],
    ],
  ])
  .to(device);
const teacher = new nn.Conv2d(1, 1, { kernelSize: 3, bias: false }).to(device);
teacher.weight = new nn.Parameter(sobel, false);

const student = new nn.Conv2d(1, 1, { kernelSize: 3, bias: false }).to(device);
const optimizer = new optim.SGD(student.parameters(), { lr: 0.03 });

const steps: number[] = [];
const losses: number[] = [];
for (let step = 0; step <= 60; step++) {
  const images = torch.randn(4, 1, 16, 16).to(device);
  const target = teacher(images);
  const error = student(images).sub(target);
  const loss = error.mul(error).mean();

  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (step % 10 === 0) {
    steps.push(step);
    losses.push(await loss.item());
    console.log(`step ${step}: loss ${losses.at(-1)!.toFixed(6)}`);
    plot(steps, losses, { title: 'loss', label: 'mean squared error' });
    progress(step, 60, { title: 'steps' });
  }
}

export const learnt = student.weight;
console.log('learnt:', await learnt.tolist());
