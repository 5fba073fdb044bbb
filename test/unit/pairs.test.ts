/**
 * Intent: three numbers for the two directions of a plane are refused wherever a window is described, by functions,
 * layers and descriptors, with the place and the remedy.
 */
import { expect, test } from 'vitest';
import { F, dnn, nn, torch } from '../../src/torch/index.ts';
import { signed } from '../../scripts/api/signed-value.ts';

const windows = ['kernelSize', 'stride', 'padding', 'dilation', 'outputPadding'];

test("no signature of a plane's or a line's window takes three numbers", () => {
  const taking = signed.flatMap(({ path, signatures }) =>
    signatures.flatMap(({ params }) =>
      params
        .filter(({ name }) => windows.includes(name))
        .map(({ name, kind }) => [`${path} ${name}`, kind.takes([3, 3, 3])] as const),
    ),
  );
  expect(taking.length).toBeGreaterThan(50);
  expect(taking.filter(([, takes]) => takes).map(([place]) => place)).toEqual([]);
});

const x = torch.ones(1, 1, 4, 4);
const w = torch.ones(1, 1, 3, 3);
const three = [2, 2, 2] as never;

test.each<[string, () => unknown]>([
  [
    'conv2d: stride is [2, 2, 2], not a whole number or a pair of them; give one number, or [vertical, horizontal]',
    () => F.conv2d(x, w, null, three),
  ],
  [
    'maxPool2d: kernelSize is [2, 2, 2], not a whole number or a pair of them; give one number, or [vertical, horizontal]',
    () => F.maxPool2d(x, three),
  ],
  [
    'AvgPool2d: padding is [2, 2, 2], not a whole number or a pair of them; give one number, or [vertical, horizontal]',
    () => new nn.AvgPool2d(2, 2, three),
  ],
  [
    "adaptiveMaxPool2d: outputSize is [2, 2, 2], not a size or a pair of them; give a whole number, or [height, width], where null keeps the input's",
    () => F.adaptiveMaxPool2d(x, three),
  ],
  [
    'unfold: dilation is [2, 2, 2], not a whole number or a pair of them; give one number, or [vertical, horizontal]',
    () => F.unfold(x, 2, three),
  ],
  ['interpolate: 3 numbers for 2 dimensions; give one for each', () => F.interpolate(x, [2, 2, 2])],
  ['interpolate: 3 numbers for 2 dimensions; give one for each', () => new nn.Upsample({ scaleFactor: [2, 2, 2] })(x)],
  [
    'ConvTranspose2d: outputSize has 3 numbers; give 2, or 4 with those of batch and channels',
    () => new nn.ConvTranspose2d(1, 1, 3, 2)(x, [9, 9, 9]),
  ],
  [
    'ZeroPad2d: padding is [2, 2, 2], not a whole number or four of them; give one number, or [left, right, top, bottom]',
    () => new nn.ZeroPad2d(three),
  ],
  [
    'convolutionDescriptor: stride is [2, 2, 2], not a whole number or a pair of them; give one number, or [vertical, horizontal]',
    () => dnn.convolutionDescriptor({ x: [1, 1, 4, 4], w: [1, 1, 3, 3], stride: three }),
  ],
  [
    'convolutionDescriptor: padding is [2, 2, 2], not a whole number, two or four of them; give one, [vertical, horizontal] or [top, bottom, left, right]',
    () => dnn.convolutionDescriptor({ x: [1, 1, 4, 4], w: [1, 1, 3, 3], padding: three }),
  ],
  [
    'convolutionDescriptor: w is [2, 2, 2], not four whole numbers; give a shape',
    () => dnn.convolutionDescriptor({ x: [1, 1, 4, 4], w: three }),
  ],
])('%s', (says, call) => {
  expect(call).toThrow(says);
});
