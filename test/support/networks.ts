/**
 * @file Models to try comparisons on: those of the examples, and random ones of all common layers.
 */
import { readFileSync } from 'node:fs';
import type { TracedModel } from '../../src/graph/types.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import type { Tensor } from '../../src/torch/tensor.ts';
import { takeTrace } from '../../src/torch/trace.ts';
import { LeNet, ResNet } from '../../src/vision/models.ts';
import { runProgram } from '../../src/session/program.ts';
import * as wudnn from '../../src/session/wudnn.ts';
import { stream } from './fake-bench.ts';
import { randomNumbers } from './numbers.ts';

const traced = (model: nn.Module<[Tensor], Tensor>, x: Tensor, loss?: (y: Tensor) => Tensor): TracedModel => {
  takeTrace();
  const y = model(x);
  if (loss) loss(y).backward();
  const { model: last, trained } = takeTrace();
  return (loss ? trained : last)!;
};

const images = (seed: number, ...shape: number[]): Tensor =>
  torch
    .tensor(
      [
        ...randomNumbers(
          shape.reduce((a, b) => a * b),
          seed,
        ),
      ].map((x) => 1.7 * x),
    )
    .reshape(shape);
const classify = (y: Tensor): Tensor =>
  F.crossEntropy(
    y,
    torch.tensor(
      Array.from({ length: y.shape[0] }, (_, i) => i % y.shape[1]),
      { dtype: 'int32' },
    ),
  );

/** The models of the examples, and others that people bring: evaluated, and trained. */
export async function zoo(): Promise<[string, TracedModel][]> {
  torch.manualSeed(3);
  const encoder = new nn.TransformerEncoderLayer(32, 4, { dimFeedforward: 64, dropout: 0, batchFirst: true });
  const features = (seed: number): Tensor => images(seed, 3, 10, 32);
  const examples: [string, TracedModel][] = [];
  for (const name of ['1-simple-cnn', '2-shapes', '3-sequential']) examples.push([name, await ofExample(name)]);
  return [
    ...examples,
    ['LeNet', traced(new LeNet(), images(1, 2, 1, 28, 28), classify)],
    ['ResNet, trained', traced(new ResNet(), images(2, 2, 1, 12, 12), classify)],
    ['ResNet, evaluated', traced(new ResNet().eval(), images(3, 2, 1, 12, 12))],
    [
      'TransformerEncoderLayer',
      traced(encoder as unknown as nn.Module<[Tensor], Tensor>, features(4), (y) => y.square().mean()),
    ],
    [
      'MLP',
      traced(
        new nn.Sequential(
          new nn.Linear(32, 64),
          new nn.GELU(),
          new nn.LayerNorm(64),
          new nn.Linear(64, 10),
        ) as unknown as nn.Module<[Tensor], Tensor>,
        features(5).reshape([30, 32]),
        classify,
      ),
    ],
  ];
}

async function ofExample(name: string): Promise<TracedModel> {
  const text = readFileSync(new URL(`../../src/playground/examples/${name}.ts`, import.meta.url), 'utf8');
  takeTrace();
  const ended = await runProgram(text, { modules: { wudnn }, console: () => {} });
  if (!ended.ok) throw new Error(`${name}: ${ended.error.message}`);
  return takeTrace().model!;
}

/** A network of random layers over small images; half of them are trained. */
export function randomNetwork(seed: number): TracedModel {
  const random = stream(seed);
  const pick = <T>(...choices: readonly (() => T)[]): T => choices[Math.floor(random() * choices.length)]();
  torch.manualSeed(seed);
  let channels = 1 + Math.floor(4 * random());
  let size = 6 + Math.floor(5 * random());
  const x = images(seed, 2, channels, size, size);
  const layers: nn.Module[] = [];
  const widen = (next: number): number => {
    const before = channels;
    channels = next;
    return before;
  };
  const activation = (): nn.Module =>
    pick<nn.Module>(
      () => new nn.ReLU(),
      () => new nn.GELU(),
      () => new nn.SiLU(),
      () => new nn.Tanh(),
      () => new nn.LeakyReLU(0.1),
      () => new nn.Hardswish(),
    );
  for (let i = 0; i < 2 + Math.floor(4 * random()); i++) {
    const next = 4 * (1 + Math.floor(2 * random()));
    layers.push(
      pick<nn.Module>(
        () => new nn.Conv2d(widen(next), next, { kernelSize: 3, padding: 1 }),
        () => new nn.Conv2d(widen(next), next, { kernelSize: 1, bias: false }),
        () => new nn.Conv2d(widen(next), next, { kernelSize: 5, padding: 2 }),
      ),
    );
    layers.push(
      ...pick<nn.Module[]>(
        () => [],
        () => [new nn.BatchNorm2d(channels)],
        () => [new nn.GroupNorm(2, channels)],
      ),
      activation(),
    );
    if (size >= 4 && random() < 0.4) {
      layers.push(
        pick<nn.Module>(
          () => new nn.MaxPool2d(2),
          () => new nn.AvgPool2d(2),
        ),
      );
      size = Math.floor(size / 2);
    }
  }
  layers.push(
    new nn.AdaptiveAvgPool2d(2),
    new nn.Flatten(),
    new nn.Linear(4 * channels, 16),
    activation(),
    ...pick<nn.Module[]>(
      () => [new nn.LayerNorm(16)],
      () => [],
    ),
    new nn.Linear(16, 5),
  );
  const model = new nn.Sequential(...layers) as unknown as nn.Module<[Tensor], Tensor>;
  return random() < 0.5
    ? traced(
        model,
        x,
        pick(
          () => classify,
          () => (y: Tensor) => y.square().mean(),
        ),
      )
    : traced(model.eval(), x);
}
