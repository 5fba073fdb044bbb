/**
 * @file Intent: what lies beyond an edge is refused in the program's own words: a class or a row that does not exist, a
 * weight below 0, memory that is not there.
 */
import { describe, expect, test } from 'vitest';
import { OutOfMemoryError } from '../../src/base/errors.ts';
import { withRoom } from '../../src/base/room.ts';
import { F, nn, torch } from '../../src/torch/index.ts';

const int = (...values: number[]) => torch.tensor(values, { dtype: 'int32' });

describe('a number out of range', () => {
  const scores = torch.zeros(3, 10);

  test.each<[says: string, call: () => unknown]>([
    [
      'crossEntropy: class 10 at [2] is out of range; there are 10 classes, from 0 to 9',
      () => F.crossEntropy(scores, int(0, 9, 10)),
    ],
    [
      'crossEntropy: class -1 at [2] is out of range',
      () => new nn.CrossEntropyLoss({ ignoreIndex: 0 })(scores, int(0, 9, -1)),
    ],
    [
      'nllLoss: class -1 at [0] is out of range; there are 10 classes, from 0 to 9',
      () => F.nllLoss(scores, int(-1, 0, 0)),
    ],
    [
      'crossEntropy: class 7 at [0, 1] is out of range; there are 5 classes',
      () => F.crossEntropy(torch.zeros(1, 5, 2), int(1, 7).view(1, 2)),
    ],
    [
      'crossEntropy: class 11 at [1] is out of range',
      () =>
        F.crossEntropy(
          scores,
          torch
            .tensor([[1, 11, 2]], { dtype: 'int32' })
            .view(-1)
            .detach(),
        ),
    ],
    [
      'embedding: row 4 at [1, 0] is out of range; there are 4 rows in the table, from 0 to 3',
      () => new nn.Embedding(4, 2)(int(3, 4).view(2, 1)),
    ],
    ['oneHot: class 3 at [0] is out of range; there are 3 classes, from 0 to 2', () => F.oneHot(int(3), 3)],
    [
      'gather: index 2 at [0] is out of range; there are 2 elements, from 0 to 1',
      () => torch.zeros(2).gather(0, int(2)),
    ],
    [
      'indexSelect: index 0 at [0] is out of range; there are 0 elements',
      () => torch.zeros(0, 2).indexSelect(0, int(0)),
    ],
    [
      'indexFill: index -4 at [1] is out of range; there are 3 elements, from -3 to 2',
      () => torch.zeros(3).indexFill(0, int(-3, -4), 1),
    ],
    [
      'maskedScatter: the mask holds in 2 places, more than the source has elements, 1',
      () => torch.zeros(2).maskedScatter(torch.tensor([true, true]), torch.zeros(1)),
    ],
    ['multinomial: all weights of a row are 0', () => torch.multinomial(torch.tensor([1, 0, 0, 0]).reshape(2, 2), 1)],
    ['normal: std is -1 at [1]', () => torch.normal(0, torch.tensor([1, -1]))],
    ['binaryCrossEntropy: the input has 2 at [0]', () => F.binaryCrossEntropy(torch.tensor([2]), torch.tensor([1]))],
    ['oneHot: an empty tensor has no largest index; pass numClasses', () => F.oneHot(int())],
    ['remainder: a whole number divided by 0 is none', () => int(1, 2).remainder(0)],
    ['floorDivide: a whole number divided by 0 at [1] is none', () => int(1, 2).floorDivide(int(2, 0))],
    [
      'quantizePerTensor: zeroPoint 256 is not from 0 to 255',
      () => torch.quantizePerTensor(torch.zeros(2), 1, torch.tensor(256, { dtype: 'int32' }), 'uint8'),
    ],
  ])('%s', (says, call) => {
    expect(call).toThrow(says);
  });

  test('is told when it is computed, where it is not known before', async () => {
    const labels = int(8, 9, 10).add(0);
    await expect(F.crossEntropy(scores, labels).item()).rejects.toThrow(
      'crossEntropy: class 10 at [2] is out of range; there are 10 classes, from 0 to 9',
    );
  });

  test('a sample that is ignored may have any class', async () => {
    expect(await F.crossEntropy(scores, int(3, -100, -100)).item()).toBeCloseTo(Math.log(10), 5);
    expect(await F.crossEntropy(scores, int(3, 99, 4), { ignoreIndex: 99 }).item()).toBeCloseTo(Math.log(10), 5);
  });
});

describe('memory that is not there', () => {
  const huge = 2 ** 20; // two of them make more elements than an array can have

  test.each<[says: string, call: () => unknown]>([
    [
      'randn: out of memory on the host; shape [1048576, 1048576] takes 4398046511104 bytes, 4 an element; use a smaller shape',
      () => torch.randn(huge, huge),
    ],
    [
      'rand: out of memory on the host; shape [1048576, 1048576] takes 2199023255552 bytes, 2 an element',
      () => torch.rand([huge, huge], { dtype: 'float16' }),
    ],
    ['ones: out of memory', () => torch.ones([huge, huge], { requiresGrad: true })],
    ['arange: out of memory', () => torch.arange(huge * huge)],
    ['linspace: out of memory', () => torch.linspace(0, 1, huge * huge)],
    ['eye: out of memory', () => torch.eye(huge)],
    ['randperm: out of memory', () => torch.randperm(huge * huge)],
    ['randint: out of memory', () => torch.randint(0, 2, [huge, huge])],
    ['a weight: out of memory', () => new nn.Linear(huge, huge)],
    ['Embedding: out of memory', () => new nn.Embedding(huge, huge)],
  ])('%s', (says, call) => {
    expect(call).toThrow(OutOfMemoryError);
    expect(call).toThrow(says);
  });

  test('is told with the operation that the cpu computes', async () => {
    const product = torch.ones(huge, 1).matmul(torch.ones(1, huge));
    await expect(product.data()).rejects.toThrow(
      "matmul: out of memory on the host; shape [1048576, 1048576] takes 8796093022208 bytes, 8 an element; use a smaller batch, or compute on the device by .to('webgpu')",
    );
  });

  test('other errors pass as they are', () => {
    const deep = (): number => deep() + 1;
    expect(() => withRoom('test', [1], 4, '', deep)).toThrow(/call stack/);
    expect(() =>
      withRoom('test', [1], 4, '', () => {
        throw new TypeError('other');
      }),
    ).toThrow(TypeError);
  });
});
