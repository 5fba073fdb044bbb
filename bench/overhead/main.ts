/**
 * @file What an operation costs the CPU: recording it, finding its schedule, and encoding its kernel.
 *
 * Runs on Dawn's null backend, which validates and executes nothing, so that what is left is the engine's own work and
 * the driver's interface. Shapes are known after the first steps, as in a training loop. What is told is processor time
 * of all threads, garbage collection included, so that other programs on the machine do not count.
 */
import { create, globals } from 'webgpu';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import type { Device } from '../../src/gpu/device.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { models } from './models.ts';

interface Workload {
  readonly name: string;
  /** Records one step; what it returns is computed. */
  readonly step: () => Promise<unknown>;
}

const warmUp = 200;
const rounds = 9;
const steps = 100;

class SmallCnn extends nn.Module<[torch.Tensor], torch.Tensor> {
  features = new nn.Sequential(
    new nn.Conv2d(1, 4, { kernelSize: 3, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(4, 8, { kernelSize: 3, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
  );
  fc1 = new nn.Linear(32, 16);
  fc2 = new nn.Linear(16, 4);

  override forward(x: torch.Tensor): torch.Tensor {
    return this.fc2(this.fc1(this.features(x) as torch.Tensor).relu());
  }
}

function workloads(): Workload[] {
  const a = torch.randn(64).to('webgpu');
  const chain = (): torch.Tensor => {
    let y = a;
    for (let i = 0; i < 100; i++) y = y.mul(0.5).add(a);
    return y;
  };
  const training = (make: (parameters: torch.Tensor[]) => optim.Optimizer<any>): (() => Promise<unknown>) => {
    const model = new SmallCnn().to('webgpu');
    const optimizer = make(model.parameters());
    const x = torch.randn(4, 1, 8, 8).to('webgpu');
    return async () => {
      optimizer.zeroGrad();
      const y = model(x);
      const loss = y.mul(y).mean();
      loss.backward();
      void optimizer.step();
      return loss.item();
    };
  };
  return [
    { name: 'a chain of 200 pointwise operations', step: async () => engine.realize([chain().node]) },
    {
      name: 'a training step, SGD with momentum',
      step: training((ps) => new optim.SGD(ps, { lr: 0.01, momentum: 0.9 })),
    },
    { name: 'a training step, Adam', step: training((ps) => new optim.Adam(ps)) },
    ...models.map(({ name, make }) => {
      const { forward, input } = make();
      const compiled = torch.compile(forward);
      return { name: `${name}, compiled`, step: () => torch.noGrad(() => compiled(input).data()) };
    }),
  ];
}

/** `args`: what the names of the workloads to run contain; none means all. */
export async function main(args: readonly string[]): Promise<void> {
  Object.assign(globalThis, globals);
  provideShaders(readShaders());
  await engine.start(create(['backend=null']));
  const kernels = countKernels(engine.device!);
  const rows = [['workload', 'kernels', 'µs a step', 'µs a kernel', 'spread']];
  const asked = workloads().filter(({ name }) => args.length === 0 || args.some((part) => name.includes(part)));
  for (const { name, step } of asked) {
    for (let i = 0; i < warmUp; i++) await step();
    const before = kernels();
    await step();
    const count = kernels() - before;
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = process.cpuUsage();
      for (let i = 0; i < steps; i++) await step();
      const { user, system } = process.cpuUsage(started);
      times.push((user + system) / steps);
    }
    times.sort((x, y) => x - y);
    const median = times[Math.floor(rounds / 2)];
    rows.push([
      name,
      String(count),
      median.toFixed(0),
      (median / count).toFixed(1),
      `${times[0].toFixed(0)}–${times.at(-1)!.toFixed(0)}`,
    ]);
  }
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  for (const row of rows)
    console.log(row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '));
  console.log(
    `\nprocessor time, median of ${rounds} rounds of ${steps} steps; Node ${process.versions.node}, Dawn's null backend`,
  );
  engine.device!.destroy();
}

/** Counts the kernels that a device is given from now on. */
function countKernels(device: Device): () => number {
  let count = 0;
  const submit = device.submit.bind(device);
  device.submit = (program, buffers) => {
    count += program.steps.length;
    submit(program, buffers);
  };
  return () => count;
}
