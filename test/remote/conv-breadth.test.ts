/**
 * @file Breadth: 40 random convolutions (batch, channels, odd sizes, stride, padding, dilation, groups) in all three
 * directions, by every algorithm that supports them, against PyTorch's own numbers. The directions share the
 * algorithms; the transforms, which compile for seconds and have sweeps of their own, take every fourth convolution.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import type { ConvCase } from '../support/conv.ts';
import { hasTurn } from '../support/combinations.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { openTestDevice } from '../support/device.ts';
import { describeWith } from '../support/needs.ts';
import { randomNumbers } from '../support/numbers.ts';
import { runPython } from '../support/python.ts';

const count = 40;
const directions: readonly Direction[] = ['forward', 'backward data', 'backward filter'];

/** A convolution that makes sense, from a seed: every draw is a choice among small values. */
function randomGeometry(seed: number): ConvGeometry {
  const draws = randomNumbers(16, seed * 101 + 7);
  let at = 0;
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(((draws[at++] + 1) / 2) * choices.length)];
  const groups = pick([1, 1, 1, 2, 3]);
  const [R, S] = [pick([1, 2, 3, 3, 5, 7]), pick([1, 3, 3, 3, 4, 5])];
  const dilation = [pick([1, 1, 1, 2]), pick([1, 1, 1, 3])] as const;
  const stride = [pick([1, 1, 2, 3]), pick([1, 1, 2])] as const;
  const pad = [pick([0, 1, 1, 2]), pick([0, 1, 1, 2])];
  const size = (filter: number, d: number): number => d * (filter - 1) + 1 + pick([0, 3, 8, 13]);
  return {
    x: [pick([1, 2, 3]), groups * pick([1, 3, 5, 8]), size(R, dilation[0]), size(S, dilation[1])],
    w: [groups * pick([1, 4, 7, 16]), 0, R, S],
    stride,
    dilation,
    groups,
    padding: [pad[0], pad[0], pad[1], pad[1]],
  };
}

const geometries = Array.from({ length: count }, (_, seed): ConvGeometry => {
  const g = randomGeometry(seed);
  return { ...g, w: [g.w[0], g.x[1] / g.groups!, g.w[2], g.w[3]] };
});

/** Reads a line of JSON and raw doubles (x, w, dy of each case); writes y, dx, dw of each as raw doubles. */
const program = `
import json, sys, torch
import torch.nn.functional as F
cases = json.loads(sys.stdin.buffer.readline())
def take(shape):
    n = 1
    for d in shape: n *= d
    return torch.frombuffer(bytearray(sys.stdin.buffer.read(8 * n)), dtype=torch.float64).reshape(shape)
for c in cases:
    x, w, dy = take(c["x"]).requires_grad_(), take(c["w"]).requires_grad_(), take(c["y"])
    y = F.conv2d(x, w, None, c["stride"], c["padding"], c["dilation"], c["groups"])
    y.backward(dy)
    for t in (y.detach(), x.grad, w.grad):
        sys.stdout.buffer.write(t.contiguous().numpy().tobytes())
`;

describeWith(['adapter', 'python'], 'convolution against PyTorch', () => {
  let device: Device;
  let references: Float64Array[][];

  beforeAll(async () => {
    device = await openTestDevice();
    references = await askPyTorch();
  });
  afterAll(() => device.destroy());

  test.for(geometries.map((geometry, i) => [describeConv(convDescriptor(geometry)), i] as const))(
    '%s',
    async ([, i]) => {
      for (const [d, direction] of directions.entries()) {
        const desc = convDescriptor(geometries[i], { direction });
        const example: ConvCase = { ...convCase(desc, i + 1), reference: references[i][d] };
        let ran = 0;
        const able = convAlgorithms(direction).filter((algorithm) => algorithm.supports(desc, device) === true);
        for (const algorithm of able.filter(({ spreads }, a) => (spreads ? hasTurn(i, 4) : hasTurn(i + d + a, 2)))) {
          const [config] = algorithm.configs(desc, device);
          const { error } = await runConv(device, algorithm, config, example);
          expect(error, `${direction} ${algorithm.name} ${config.label}`).toBeLessThan(gate(desc, config, algorithm));
          ran++;
        }
        expect(ran, `${direction}: algorithms that ran`).toBeGreaterThan(0);
      }
    },
  );
});

async function askPyTorch(): Promise<Float64Array[][]> {
  const descs = geometries.map((g) => convDescriptor(g));
  const header = geometries.map((g, i) => ({
    x: g.x,
    w: g.w,
    y: [descs[i].N, descs[i].K, descs[i].P, descs[i].Q],
    stride: g.stride,
    padding: [g.padding![0], g.padding![2]],
    dilation: g.dilation,
    groups: g.groups,
  }));
  const operands = descs.flatMap((desc, i) => {
    const { x, w, y } = convCase(desc, i + 1);
    return [x, w, y].map((a) => Buffer.from(a.buffer));
  });
  const output = await runPython(program, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...operands]));
  let at = 0;
  const take = (n: number): Float64Array => {
    const values = new Float64Array(output.buffer.slice(output.byteOffset + at, output.byteOffset + at + 8 * n));
    at += 8 * n;
    return values;
  };
  return descs.map((d) => [
    take(d.N * d.K * d.P * d.Q),
    take(d.N * d.C * d.H * d.W),
    take(d.K * (d.C / d.groups) * d.R * d.S),
  ]);
}
