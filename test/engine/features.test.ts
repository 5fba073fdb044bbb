/**
 * @file Intent: FEATURES.md says what the code has and what the cases test, no more and no less; and every operation is
 * held against PyTorch by at least eight cases, or says who tests it instead.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { featuresText } from '../../scripts/features.ts';
import * as F from '../../src/torch/functional.ts';
import * as torch from '../../src/torch/torch.ts';
import { everything, exceptions } from '../ops/operations.ts';
import { aliases, testedNames } from '../ops/tested.ts';

/** Operations whose results are whole numbers, truth values, or made of nothing that has a gradient. */
const notDifferentiable = `
  F.oneHot F.quantizedConv2d F.quantizedLinear torch.all torch.any torch.arange torch.argmin torch.argsort torch.bucketize
  torch.bitwiseAnd torch.bitwiseNot torch.bitwiseOr torch.bitwiseXor torch.chooseQparams torch.countNonzero
  torch.dequantizePerChannel torch.dequantizePerTensor torch.empty torch.emptyLike torch.eq torch.eye
  torch.floorDivide torch.full torch.fullLike torch.ge torch.gt torch.intMm torch.isclose torch.isfinite torch.isin torch.isinf
  torch.isnan torch.isneginf torch.isposinf torch.le torch.linspace torch.logicalAnd torch.logicalNot
  torch.logicalOr torch.logicalXor torch.lt torch.multinomial torch.ne torch.normal torch.ones torch.onesLike torch.quantizePerChannel
  torch.quantizePerTensor torch.rand torch.randLike torch.searchsorted torch.trilIndices torch.triuIndices
  torch.randint torch.randintLike torch.randn torch.randnLike torch.randperm torch.zerosLike x.isContiguous x.stride
  x.normal_ x.uniform_
`
  .trim()
  .split(/\s+/);

test('FEATURES.md is up to date; npx tsx scripts/features.ts writes it', () => {
  expect(readFileSync('FEATURES.md', 'utf8')).toBe(featuresText());
});

describe('cases', () => {
  const tested = testedNames();
  const casesOf = (name: string): number => tested.get(name)?.cases ?? 0;

  test('of every operation there are at least 8', () => {
    const few = everything
      .filter((c) => !exceptions.has(c.name) && casesOf(c.tested) < 8)
      .map((c) => `${c.name} has ${casesOf(c.tested)}`);
    expect(few).toEqual([]);
  });

  test('an exception is one: it exists, and has fewer', () => {
    const names = new Map(everything.map((c) => [c.name, c.tested]));
    const needless = [...exceptions.keys()].filter((name) => !names.has(name) || casesOf(names.get(name)!) >= 8);
    expect(needless).toEqual([]);
  });

  test('the gradient of every operation that has one is among them', () => {
    const without = everything
      .filter(
        (c) => casesOf(c.tested) >= 8 && !tested.get(c.tested)!.gradient && !aliases.has(c.name.replace(/^\w+\./, '')),
      )
      .map((c) => c.name);
    expect(without.toSorted()).toEqual(notDifferentiable.toSorted());
  });

  test('a second name is the same function', async () => {
    const named: Readonly<Record<string, unknown>> = torch;
    for (const [second, first] of aliases) expect(named[second], second).toBe(named[first]);
    expect(F.bceWithLogits).toBe(F.binaryCrossEntropyWithLogits);
    const x = torch.arange(24).reshape(2, 3, 4);
    expect(await x.at(1, '...', [1, null, 2]).tolist()).toEqual(await x.index(1, '...', [1, null, 2]).tolist());
  });
});
