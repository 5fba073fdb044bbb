/**
 * Intent: normalisation by the statistics of one value is refused in training where PyTorch refuses it, and nowhere
 * else; a batch may be empty.
 */
import { expect, test } from 'vitest';
import { F, nn, torch } from '../../src/torch/index.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

/** By PyTorch's call of x and its channels: the same one here. */
const calls: Readonly<Record<string, (x: torch.Tensor, c: number) => torch.Tensor>> = {
  'F.batch_norm(x, None, None, training=True)': (x) => F.batchNorm(x, null, null, { training: true }),
  'F.batch_norm(x, torch.zeros(c), torch.ones(c))': (x, c) => F.batchNorm(x, torch.zeros(c), torch.ones(c)),
  'nn.BatchNorm1d(c)(x)': (x, c) => new nn.BatchNorm1d(c)(x),
  'nn.BatchNorm1d(c).eval()(x)': (x, c) => new nn.BatchNorm1d(c).eval()(x),
  'nn.BatchNorm2d(c)(x.unsqueeze(-1))': (x, c) => new nn.BatchNorm2d(c)(x.unsqueeze(-1)),
  'F.instance_norm(x)': (x) => F.instanceNorm(x),
  'nn.InstanceNorm2d(c)(x.unsqueeze(-1))': (x, c) => new nn.InstanceNorm2d(c)(x.unsqueeze(-1)),
  'nn.InstanceNorm2d(c).eval()(x.unsqueeze(-1))': (x, c) => new nn.InstanceNorm2d(c).eval()(x.unsqueeze(-1)),
  'F.group_norm(x, 1)': (x) => F.groupNorm(x, 1),
  'F.group_norm(x, c)': (x, c) => F.groupNorm(x, c),
  'nn.GroupNorm(c, c)(x)': (x, c) => new nn.GroupNorm(c, c)(x),
  'F.layer_norm(x, [1])': (x) => F.layerNorm(x, [1]),
};
const shapes = [
  [1, 3, 1],
  [2, 3, 1],
  [1, 1, 1],
  [2, 1, 1],
  [1, 3, 2],
  [0, 3, 1],
  [0, 3, 2],
];

const python = `
import json, sys
import torch
import torch.nn.functional as F
from torch import nn

def run(call, shape):
    try:
        return list(eval(call, {**globals(), 'x': torch.ones(shape), 'c': shape[1]}).shape)
    except (ValueError, RuntimeError):
        return None

calls, shapes = json.load(sys.stdin)
print(json.dumps([[run(call, shape) for shape in shapes] for call in calls]))
`;

describeWith(['python'], 'statistics of one value', () => {
  test('are refused where PyTorch refuses them', async () => {
    const theirs = JSON.parse((await runPython(python, JSON.stringify([Object.keys(calls), shapes]))).toString());
    const ours = Object.values(calls).map((call) =>
      shapes.map((shape) => {
        try {
          return [...call(torch.ones(...shape), shape[1]).shape];
        } catch (error) {
          expect(String(error)).toMatch(/more than one value a (channel|group) is needed|does not end in/);
          return null;
        }
      }),
    );
    Object.keys(calls).forEach((call, i) => expect(ours[i], call).toEqual(theirs[i]));
  });
});
