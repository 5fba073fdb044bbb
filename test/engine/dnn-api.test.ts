/**
 * Intent: from a program, every algorithm of every direction runs when it is asked for by name, on tensors, and
 * computes what the float64 reference computes; the log of choices says that it was forced. What cannot be is refused
 * at the line that asks for it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotSupportedError } from '../../src/base/errors.ts';
import { engine } from '../../src/compile/engine.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms, convTable } from '../../src/dnn/conv2d/table.ts';
import { chosenOf } from '../../src/dnn/choice/verdict.ts';
import { activationNames } from '../../src/graph/ops/conv2d-fused.ts';
import { F, dnn, torch } from '../../src/torch/index.ts';
import type { ConvCase } from '../support/conv.ts';
import { convCase, gate } from '../support/conv.ts';
import { loggedConvolutions, startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

const directions = ['forward', 'backward data', 'backward filter'] as const;
/** 3×3 with stride 1, which all algorithms take; the padding differs from side to side. */
const sizes = { x: [2, 5, 9, 8], w: [6, 5, 3, 3], padding: [1, 1, 0, 1] } as const;

const onGpu = (data: ArrayLike<number>, shape: readonly number[]): torch.Tensor =>
  torch
    .tensor(Array.from(data))
    .reshape(...shape)
    .to('webgpu');

function operands({ desc: d, ...data }: ConvCase) {
  const y = [d.N, d.K, d.P, d.Q];
  return {
    x: onGpu(data.x, [d.N, d.C, d.H, d.W]),
    w: onGpu(data.w, [d.K, d.C / d.groups, d.R, d.S]),
    y: onGpu(data.y, y),
    bias: onGpu(data.bias, [d.K]),
    residual: onGpu(data.residual, y),
  };
}

describeWith(['adapter'], 'the dnn namespace', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  /** The call of the direction, with the geometry or with the descriptor. */
  function call(
    desc: ConvDescriptor,
    t: ReturnType<typeof operands>,
    algo: string,
    byDescriptor: boolean,
  ): torch.Tensor {
    const { x: inputSize, w: weightSize, ...geometry } = sizes;
    if (desc.direction === 'forward')
      return byDescriptor
        ? dnn.convolutionForward(desc, t.x, t.w, { algo })
        : dnn.convolutionForward(t.x, t.w, { ...geometry, algo });
    if (desc.direction === 'backward data')
      return byDescriptor
        ? dnn.convolutionBackwardData(desc, t.y, t.w, { algo })
        : dnn.convolutionBackwardData(t.y, t.w, { ...geometry, inputSize, algo });
    return byDescriptor
      ? dnn.convolutionBackwardFilter(desc, t.x, t.y, { algo })
      : dnn.convolutionBackwardFilter(t.x, t.y, { ...geometry, weightSize, algo });
  }

  const all = directions.flatMap((direction) =>
    convAlgorithms(direction).map(({ name }) => [direction, name] as const),
  );

  test.for(all)('%s by %s', async ([direction, algo]) => {
    const desc = dnn.convolutionDescriptor({ ...sizes, direction });
    const example = convCase(desc);
    const t = operands(example);
    const algorithm = convTable[direction][algo];
    const [config] = algorithm.configs(desc, engine.device!);
    for (const byDescriptor of [false, true]) {
      engine.forget();
      const result = call(desc, t, algo, byDescriptor);
      expect(relativeError(await result.data(), example.reference)).toBeLessThan(gate(desc, config, algorithm));
      expect(loggedConvolutions()).toEqual([`${direction} ${algo} forced`]);
    }
  });

  test('a configuration can be asked for too', async () => {
    const desc = dnn.convolutionDescriptor(sizes);
    const { x, w } = operands(convCase(desc));
    const configs = dnn.convolutionAlgorithms(desc).find(({ algo }) => algo === 'DIRECT')!.configs;
    for (const { config } of configs) {
      engine.forget();
      await dnn.convolutionForward(desc, x, w, { algo: 'DIRECT', config }).data();
      expect(engine.takeChoices()[0]).toMatchObject({ chosen: 'DIRECT', chosenConfig: config, source: 'forced' });
    }
    expect(() => dnn.convolutionForward(desc, x, w, { algo: 'DIRECT', config: 'huge' })).toThrow(
      /DIRECT has no configuration 'huge'; it has '/,
    );
    expect(() => dnn.convolutionForward(desc, x, w, { config: 'huge' })).toThrow(/give algo too/);
  });

  test('a kind of arithmetic can be asked for too, with an algorithm and without', async ({ skip }) => {
    const { x, w } = operands(convCase(dnn.convolutionDescriptor(sizes)));
    expect(() => dnn.convolutionForward(x, w, { padding: 1, mathType: 'HALF_ARITHMETIC' })).toThrow(
      /float32 tensors are not computed in HALF_ARITHMETIC; give FMA/,
    );
    skip(!engine.device!.features.has('shader-f16'), 'the adapter has no shader-f16');
    const [half, halves] = [x.to('float16'), w.to('float16')];
    const reference = await dnn
      .convolutionForward(half, halves, { padding: 1, algo: 'WINOGRAD_NONFUSED' })
      .to('float32')
      .data();
    for (const algo of ['WINOGRAD_NONFUSED', undefined]) {
      engine.forget();
      const y = await dnn
        .convolutionForward(half, halves, { padding: 1, algo, mathType: 'HALF_ARITHMETIC' })
        .to('float32')
        .data();
      expect(relativeError(y, Float64Array.from(reference))).toBeLessThan(0.1);
      const [choice] = engine.takeChoices();
      expect(chosenOf(choice)?.mathType).toBe('HALF_ARITHMETIC');
    }
    expect(() =>
      dnn.convolutionForward(half, halves, { padding: 1, algo: 'FFT', mathType: 'HALF_ARITHMETIC' }),
    ).toThrow(/by FFT.*computes in float32 only/);
  });

  test.for(activationNames)('bias, residual and %s end in the same kernel', async (activation) => {
    const desc = dnn.convolutionDescriptor({ ...sizes, epilogue: { bias: true, residual: true, activation } });
    const example = convCase(desc);
    const { x, w, bias, residual } = operands(example);
    for (const algo of ['IMPLICIT_GEMM', 'WINOGRAD']) {
      engine.forget();
      const y = dnn.convolutionForward(x, w, { padding: sizes.padding, bias, residual, activation, algo });
      expect(relativeError(await y.data(), example.reference)).toBeLessThan(2e-5);
      const words = ['bias', 'residual', ...(activation === 'identity' ? [] : [activation])].join(' + ');
      expect(engine.takeChoices()).toMatchObject([
        {
          chosen: algo,
          source: 'forced',
          descriptor: expect.stringMatching(new RegExp(`, \\+ ${words.replaceAll('+', '\\+')}$`)),
        },
      ]);
    }
  });

  test('and so does a 2×2 max pool, by every algorithm: in the same kernel or unfused', async () => {
    const desc = dnn.convolutionDescriptor({
      ...sizes,
      epilogue: { bias: true, residual: false, activation: 'relu', pool: 'max 2x2' },
    });
    const example = convCase(desc);
    const { x, w, bias } = operands(example);
    const asked = { padding: sizes.padding, bias, activation: 'relu', pool: 'max 2x2' } as const;
    for (const { algo, supported } of dnn.convolutionAlgorithms(desc)) {
      expect(supported, algo).toBe(true);
      engine.forget();
      const y = await dnn.convolutionForward(x, w, { ...asked, algo }).data();
      expect(relativeError(y, example.reference)).toBeLessThan(
        gate(desc, convTable.forward[algo].configs(desc, engine.device!)[0], convTable.forward[algo]),
      );
      expect(engine.takeChoices()).toMatchObject([
        { chosen: algo, source: 'forced', descriptor: expect.stringMatching(/bias \+ relu \+ max pool 2×2$/) },
      ]);
    }
    expect(() => dnn.convolutionForward(x, w, { pool: 'mean' as never })).toThrow(
      /pool is 'mean', not one of 'max 2x2'/,
    );
  });

  test('gradients flow through the calls', async () => {
    const { x, w, bias } = operands(convCase(dnn.convolutionDescriptor(sizes)));
    const gradientsOf = async (f: () => torch.Tensor): Promise<Float64Array[]> => {
      for (const t of [x, w, bias]) Object.assign(t, { requiresGrad: true, grad: null });
      f().mul(f()).sum().backward();
      return Promise.all([x, w, bias].map(async (t) => Float64Array.from(await t.grad!.data())));
    };
    const expected = await gradientsOf(() => F.silu(F.conv2d(x, w, bias, { padding: sizes.padding })));
    const got = await gradientsOf(() =>
      dnn.convolutionForward(x, w, { padding: sizes.padding, bias, activation: 'silu', algo: 'GEMM' }),
    );
    got.forEach((g, i) => expect(relativeError(g, expected[i])).toBeLessThan(2e-5));
  });

  test('what makes no sense is refused at once, with the values', () => {
    const desc = dnn.convolutionDescriptor(sizes);
    const { x, w, y, bias } = operands(convCase(desc));
    const { padding } = sizes;
    const f = dnn.convolutionForward;
    expect(() => f(x, w, { padding, algo: 'GEMN' })).toThrow(
      /^dnn.convolutionForward: there is no algorithm 'GEMN' of convolution forward; there are IMPLICIT_GEMM, .*WINOGRAD_NONFUSED$/,
    );
    expect(() => f(x, w, { padding, algo: 'ALGO_1' })).toThrow(/no algorithm 'ALGO_1' of convolution forward/);
    expect(() => f(x, w, { stride: 2, algo: 'WINOGRAD' })).toThrow(NotSupportedError);
    expect(() => f(x, w, { stride: 2, algo: 'WINOGRAD' })).toThrow(
      /dnn.convolutionForward by WINOGRAD: needs stride 1, got 2×2/,
    );
    expect(() => f(x, w, { pading: 1 } as object)).toThrow(
      /unknown option pading; known are x, w, stride, padding, .*did you mean padding/,
    );
    expect(() => f(desc, x, w, { padding: 1 } as object)).toThrow(/unknown option padding/);
    expect(() => f(x, [w] as never)).toThrow(/w is \[a tensor .*\], not a tensor/);
    expect(() => f(desc, w, x)).toThrow(/x has shape .*6, 5, 3, 3.*, expected \[2, 5, 9, 8\]/);
    expect(() => f(x, w, { padding, bias: y })).toThrow(/bias has shape .*, expected \[6\]/);
    expect(() => f(x, w, { padding, residual: bias })).toThrow(/residual has shape .*, expected \[2, 6, 9, 7\]/);
    expect(() => f(x, w, { activation: 'softmax' as never })).toThrow(
      /activation is 'softmax', not one of 'identity', 'relu'/,
    );
    expect(() => f(x.to('int32'), w.to('int32'), { algo: 'GEMM' })).toThrow(/dtype int32 has no kernel/);
    expect(() => f(x, w.to('float16'), { padding })).toThrow(/w is float16, expected float32/);
    expect(() => f(x.to('cpu'), w.to('cpu'), { padding, algo: 'GEMM' })).toThrow(/on the cpu.*\.to\('webgpu'\)/);
    expect(() => f(x, onGpu(new Float32Array(6 * 5 * 12 * 3), [6, 5, 12, 3]))).toThrow(
      /reaches over 12 elements but the padded input's height is 9/,
    );
    expect(() => f(x, w, { groups: 5, padding })).toThrow(/6 output channels do not divide into 5 groups/);
    expect(() =>
      f(dnn.convolutionDescriptor({ ...sizes, epilogue: { bias: true, residual: false, activation: 'relu' } }), x, w),
    ).toThrow(/descriptor ends in bias \+ relu, the call in nothing/);
    expect(() => dnn.convolutionBackwardData(y, w, { padding } as never)).toThrow(/inputSize is missing/);
    expect(() => dnn.convolutionBackwardData(y, w, { inputSize: [2, 5, 9, 9], padding })).toThrow(
      /dy has shape .*, expected \[2, 6, 9, 8\]/,
    );
    expect(() => dnn.convolutionBackwardFilter(x, y, { padding } as never)).toThrow(/weightSize is missing/);
    expect(() => dnn.convolutionBackwardFilter(x, y, { weightSize: [6, 5, 3], padding })).toThrow(
      /weightSize is \[6, 5, 3\], not four whole numbers/,
    );
    expect(() => dnn.convolutionBackwardFilter(x, y, { weightSize: sizes.w, padding, algo: 'WINOGRAD' })).toThrow(
      /no algorithm 'WINOGRAD' of convolution backward filter/,
    );
  });

  test('the switches hold for algorithms that are asked for by name', () => {
    const { x, w, y } = operands(convCase(dnn.convolutionDescriptor(sizes)));
    const { cudnn } = torch.backends;
    cudnn.deterministic = true;
    expect(() =>
      dnn.convolutionBackwardData(y, w, { inputSize: sizes.x, padding: sizes.padding, algo: 'ALGO_0' }),
    ).toThrow(/ALGO_0: is not deterministic, and deterministic is set/);
    cudnn.deterministic = false;
    cudnn.workspaceLimit = 10;
    expect(() => dnn.convolutionForward(x, w, { padding: sizes.padding, algo: 'FFT' })).toThrow(
      /FFT: needs \d+ bytes of workspace, workspaceLimit is 10/,
    );
    cudnn.workspaceLimit = Infinity;
  });
});
