/**
 * @file The workloads: models with what goes in, and how a step trains them.
 */
import type { Layers, Window } from './layers.ts';

export type Optimizer =
  | { readonly name: 'SGD'; readonly lr: number; readonly momentum: number }
  | { readonly name: 'Adam'; readonly lr: number };

export interface Workload {
  readonly name: string;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly build: <T>(l: Layers<T>, x: T) => T;
  /** A step: forward, cross-entropy against the classes of a batch, backward, update. Absent: inference. */
  readonly optimizer?: Optimizer;
}

const halved: Window = { size: 2, stride: 2 };
const padded = (K: number, C: number) => ({ shape: [K, C, 3, 3], padding: 1 }) as const;

function simpleCnn<T>(l: Layers<T>, x: T): T {
  let y = l.maxPool(l.relu(l.conv(x, 'conv1', { ...padded(16, 3), bias: true })), halved);
  y = l.maxPool(l.relu(l.conv(y, 'conv2', { ...padded(32, 16), bias: true })), halved);
  return l.linear(l.flatten(y), 'fc', 32 * 8 * 8, 10);
}

function leNet<T>(l: Layers<T>, x: T): T {
  let y = l.maxPool(l.relu(l.conv(x, 'conv1', { shape: [6, 1, 5, 5], padding: 2, bias: true })), halved);
  y = l.maxPool(l.relu(l.conv(y, 'conv2', { shape: [16, 6, 5, 5], bias: true })), halved);
  y = l.relu(l.linear(l.flatten(y), 'fc1', 16 * 5 * 5, 120));
  return l.linear(l.relu(l.linear(y, 'fc2', 120, 84)), 'fc3', 84, 10);
}

function mlp<T>(l: Layers<T>, x: T): T {
  const y = l.relu(l.linear(l.relu(l.linear(x, 'fc1', 784, 256)), 'fc2', 256, 128));
  return l.linear(y, 'fc3', 128, 10);
}

/** torchvision's. */
function resNet18<T>(l: Layers<T>, x: T): T {
  const normed = (y: T, name: string, K: number, C: number, size: number, stride: number): T =>
    l.norm(l.conv(y, `${name}.conv`, { shape: [K, C, size, size], stride, padding: size >> 1 }), `${name}.norm`, K);
  let y = l.maxPool(l.relu(normed(x, 'stem', 64, 3, 7, 2)), { size: 3, stride: 2, padding: 1 });
  let from = 64;
  for (const [s, to] of [64, 128, 256, 512].entries()) {
    for (let b = 0; b < 2; b++) {
      const stride = s > 0 && b === 0 ? 2 : 1;
      const name = `layer${s + 1}.${b}`;
      const inner = l.relu(normed(y, `${name}.1`, to, from, 3, stride));
      const way = stride === 1 ? y : normed(y, `${name}.down`, to, from, 1, stride);
      y = l.relu(l.add(normed(inner, `${name}.2`, to, to, 3, 1), way));
      from = to;
    }
  }
  return l.linear(l.meanPool(y), 'fc', 512, 1000);
}

/** torchvision's. */
function mobileNetV2<T>(l: Layers<T>, x: T): T {
  const normed = (y: T, name: string, K: number, C: number, size: number, stride: number, groups = 1): T =>
    l.norm(
      l.conv(y, `${name}.conv`, { shape: [K, C / groups, size, size], stride, padding: size >> 1, groups }),
      `${name}.norm`,
      K,
    );
  const stages = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  let y = l.relu6(normed(x, 'stem', 32, 3, 3, 2));
  let from = 32;
  for (const [s, [expansion, to, depth, first]] of stages.entries()) {
    for (let b = 0; b < depth; b++) {
      const name = `stage${s}.${b}`;
      const stride = b === 0 ? first : 1;
      const wide = from * expansion;
      const before = y;
      if (expansion > 1) y = l.relu6(normed(y, `${name}.expand`, wide, from, 1, 1));
      y = l.relu6(normed(y, `${name}.depth`, wide, wide, 3, stride, wide));
      y = normed(y, `${name}.project`, to, wide, 1, 1);
      if (stride === 1 && from === to) y = l.add(y, before);
      from = to;
    }
  }
  return l.linear(l.meanPool(l.relu6(normed(y, 'head', 1280, 320, 1, 1))), 'fc', 1280, 1000);
}

/** nn.TransformerEncoderLayer's order: norms behind the sums. */
function encoderBlock<T>(l: Layers<T>, x: T): T {
  const [width, wide, heads] = [256, 1024, 8];
  const of = (name: string): T => l.linear(x, name, width, width);
  const attended = l.linear(l.attention(of('q'), of('k'), of('v'), heads), 'out', width, width);
  const y = l.layerNorm(l.add(x, attended), 'norm1', width);
  const fed = l.linear(l.relu(l.linear(y, 'fc1', width, wide)), 'fc2', wide, width);
  return l.layerNorm(l.add(y, fed), 'norm2', width);
}

function uNet<T>(l: Layers<T>, x: T): T {
  const two = (y: T, name: string, K: number, C: number): T => {
    const once = l.relu(l.norm(l.conv(y, `${name}.1`, padded(K, C)), `${name}.norm1`, K));
    return l.relu(l.norm(l.conv(once, `${name}.2`, padded(K, K)), `${name}.norm2`, K));
  };
  const a = two(x, 'down1', 16, 3);
  const b = two(l.maxPool(a, halved), 'down2', 32, 16);
  const c = two(l.maxPool(b, halved), 'down3', 64, 32);
  const d = two(l.maxPool(c, halved), 'middle', 128, 64);
  let y = two(l.concat(l.upsample(d), c), 'up3', 64, 192);
  y = two(l.concat(l.upsample(y), b), 'up2', 32, 96);
  y = two(l.concat(l.upsample(y), a), 'up1', 16, 48);
  return l.conv(y, 'head', { shape: [2, 16, 1, 1], bias: true });
}

const momentum = { name: 'SGD', lr: 0.01, momentum: 0.9 } as const;

export const workloads: readonly Workload[] = [
  { name: 'simple-cnn-4', input: [4, 3, 32, 32], output: [4, 10], build: simpleCnn },
  { name: 'simple-cnn-64', input: [64, 3, 32, 32], output: [64, 10], build: simpleCnn },
  { name: 'lenet-step', input: [32, 1, 28, 28], output: [32, 10], build: leNet, optimizer: momentum },
  { name: 'mlp-adam-step', input: [64, 784], output: [64, 10], build: mlp, optimizer: { name: 'Adam', lr: 1e-3 } },
  { name: 'resnet18-112', input: [1, 3, 112, 112], output: [1, 1000], build: resNet18 },
  { name: 'resnet18-224', input: [1, 3, 224, 224], output: [1, 1000], build: resNet18 },
  { name: 'mobilenet-v2', input: [1, 3, 224, 224], output: [1, 1000], build: mobileNetV2 },
  { name: 'resnet18-step', input: [4, 3, 64, 64], output: [4, 1000], build: resNet18, optimizer: momentum },
  { name: 'encoder-block', input: [1, 128, 256], output: [1, 128, 256], build: encoderBlock },
  { name: 'u-net-64', input: [1, 3, 64, 64], output: [1, 2, 64, 64], build: uNet },
];
