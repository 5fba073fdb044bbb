/**
 * Intent: names in force reach the convolutions recorded under them and the gradients of those, and nothing else; the
 * log of choices says that they were forced.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import { F, dnn, nn, torch } from '../../src/torch/index.ts';
import { loggedConvolutions, startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const algorithms = (['forward', 'backward data', 'backward filter'] as const).flatMap((direction) =>
  convAlgorithms(direction).map(({ name }) => [direction, name] as const),
);

describeWith(['adapter'], 'withConvolutionAlgorithm', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  const named = { forward: 'WINOGRAD', backwardData: 'ALGO_1', backwardFilter: 'ALGO_3' } as const;
  const conv = (): nn.Conv2d => new nn.Conv2d(5, 6, 3).to('webgpu');
  const input = (): torch.Tensor => torch.randn(1, 5, 8, 8).to('webgpu').requiresGrad_();
  const forget = (): void => engine.forget();

  test.for(algorithms)('%s by %s', async ([direction, algo]: readonly [Direction, string]) => {
    const key = { forward: 'forward', 'backward data': 'backwardData', 'backward filter': 'backwardFilter' }[direction];
    const [layer, x] = [conv(), input()];
    forget();
    const y = dnn.withConvolutionAlgorithm({ [key]: algo }, () => layer(x));
    y.sum().backward();
    await Promise.all([y.data(), x.grad!.data(), layer.weight.grad!.data()]);
    expect(loggedConvolutions()).toContain(`${direction} ${algo} forced`);
  });

  test('gradients take the names in force where the convolution was recorded', async () => {
    const [layer, x] = [conv(), input()];
    forget();
    const loss = dnn.withConvolutionAlgorithm(named, () => layer(x).sum());
    loss.backward();
    await Promise.all([loss.item(), x.grad!.data(), layer.weight.grad!.data()]);
    expect(loggedConvolutions().toSorted()).toEqual([
      'backward data ALGO_1 forced',
      'backward filter ALGO_3 forced',
      'forward WINOGRAD forced',
    ]);
  });

  test('and those around backward() before them', async () => {
    const [layer, x] = [conv(), input()];
    forget();
    const loss = dnn.withConvolutionAlgorithm(named, () => layer(x).sum());
    dnn.withConvolutionAlgorithm({ backwardData: 'FFT' }, () => loss.backward());
    await Promise.all([x.grad!.data(), layer.weight.grad!.data()]);
    expect(loggedConvolutions().toSorted()).toEqual([
      'backward data FFT forced',
      'backward filter ALGO_3 forced',
      'forward WINOGRAD forced',
    ]); // the loss is computed with its gradients
  });

  test('a gradient of a gradient takes the name of its own direction', async () => {
    const [layer, x] = [conv(), input()];
    forget();
    const y = dnn.withConvolutionAlgorithm(named, () => layer(x));
    const [dx] = torch.autograd.grad(y.mul(y).sum(), x, { createGraph: true });
    dx!.mul(dx!).sum().backward();
    await x.grad!.data();
    expect(new Set(loggedConvolutions())).toEqual(
      new Set(['forward WINOGRAD forced', 'backward data ALGO_1 forced', 'backward filter ALGO_3 forced']),
    );
  });

  test('a transposed convolution runs by backward data, its gradient by forward', async () => {
    const x = input();
    const w = torch.randn(5, 4, 3, 3).to('webgpu');
    forget();
    const y = dnn.withConvolutionAlgorithm({ forward: 'FFT', backwardData: 'WINOGRAD' }, () => F.convTranspose2d(x, w));
    y.sum().backward();
    await Promise.all([y.data(), x.grad!.data()]);
    expect(loggedConvolutions().toSorted()).toEqual(['backward data WINOGRAD forced', 'forward FFT forced']);
    forget();
    await F.convTranspose2d(x, w, null, { algo: 'ALGO_0' }).data();
    expect(loggedConvolutions()).toEqual(['backward data ALGO_0 forced']);
  });

  test('an inner callback names what it names, `algo` on the spot comes first, and afterwards all is as before', async () => {
    const x = torch.randn(1, 5, 8, 8).to('webgpu');
    const w = torch.randn(6, 5, 3, 3).to('webgpu');
    const algorithmOf = async (y: torch.Tensor): Promise<string[]> => (forget(), await y.data(), loggedConvolutions());
    const [outer, inner, spot, back] = dnn.withConvolutionAlgorithm({ forward: 'GEMM' }, () => [
      F.conv2d(x, w),
      dnn.withConvolutionAlgorithm({ forward: 'FFT', backwardData: 'ALGO_1' }, () => F.conv2d(x, w)),
      F.conv2d(x, w, null, { algo: 'DIRECT' }),
      dnn.withConvolutionAlgorithm({ backwardData: 'ALGO_0' }, () => dnn.convolutionForward(x, w)),
    ]);
    expect(await algorithmOf(outer)).toEqual(['forward GEMM forced']);
    expect(await algorithmOf(inner)).toEqual(['forward FFT forced']);
    expect(await algorithmOf(spot)).toEqual(['forward DIRECT forced']);
    expect(await algorithmOf(back)).toEqual(['forward GEMM forced']);
    expect(await algorithmOf(F.conv2d(x, w))).toEqual([expect.stringMatching(/heuristic$/)]);
  });

  test('an error, thrown or rejected, ends the names; a promise keeps them until it settles', async () => {
    const x = torch.randn(1, 5, 8, 8).to('webgpu');
    const w = torch.randn(6, 5, 3, 3).to('webgpu');
    const boom = (): never => {
      throw new Error('boom');
    };
    expect(() => dnn.withConvolutionAlgorithm(named, boom)).toThrow('boom');
    await expect(dnn.withConvolutionAlgorithm(named, async () => boom())).rejects.toThrow('boom');
    forget();
    const late = await dnn.withConvolutionAlgorithm({ forward: 'FFT_TILING' }, async () => {
      await torch.sync();
      return F.conv2d(x, w);
    });
    forget();
    await late.data();
    expect(loggedConvolutions()).toEqual(['forward FFT_TILING forced']);
    forget();
    await F.conv2d(x, w).data();
    expect(loggedConvolutions()).toEqual([expect.stringMatching(/heuristic$/)]);
  });

  test('callbacks that overlap have each their own names, and leave nothing behind', async () => {
    const x = torch.randn(1, 5, 8, 8).to('webgpu');
    const w = torch.randn(6, 5, 3, 3).to('webgpu');
    const late = (forward: string) =>
      dnn.withConvolutionAlgorithm({ forward }, async () => {
        await torch.sync();
        return F.conv2d(x, w);
      });
    const results = await Promise.all([late('GEMM'), late('FFT_TILING')]);
    for (const y of [...results, F.conv2d(x, w)]) {
      forget();
      await y.data();
      if (y === results[0]) expect(loggedConvolutions()).toEqual(['forward GEMM forced']);
      else
        expect(loggedConvolutions()).toEqual([
          y === results[1] ? 'forward FFT_TILING forced' : expect.stringMatching(/heuristic$/),
        ]);
    }
  });

  test('what is not a name is refused where it is written', () => {
    const [x, w] = [torch.randn(1, 5, 8, 8).to('webgpu'), torch.randn(6, 5, 5, 5).to('webgpu')];
    const never = (): never => {
      throw new Error('the body ran');
    };
    expect(() => dnn.withConvolutionAlgorithm({ forward: 'WINOGRAT' }, never)).toThrow(
      /no algorithm 'WINOGRAT' of convolution forward; there are .*WINOGRAD/,
    );
    expect(() => dnn.withConvolutionAlgorithm({ backwardFilter: 'WINOGRAD' }, never)).toThrow(
      /no algorithm 'WINOGRAD' of convolution backward filter/,
    );
    expect(() => dnn.withConvolutionAlgorithm({ forward: 'toString' }, never)).toThrow(/no algorithm 'toString'/);
    expect(() => dnn.withConvolutionAlgorithm({ foward: 'GEMM' } as object, never)).toThrow(
      /unknown option foward; known are forward, backwardData, backwardFilter/,
    );
    expect(() => dnn.withConvolutionAlgorithm('GEMM' as never, never)).toThrow(
      /algorithms is 'GEMM', not an object; give a direction's name/,
    );
    expect(() => F.conv2d(x, w, null, { algo: 'WINOGRAT' })).toThrow(/^conv2d: there is no algorithm 'WINOGRAT'/);
    for (const refused of [
      () => F.conv2d(x, w, null, { algo: 'WINOGRAD' }),
      () => dnn.withConvolutionAlgorithm({ forward: 'WINOGRAD' }, () => F.conv2d(x, w)),
    ]) {
      expect(refused).toThrow(/^conv2d by WINOGRAD: needs a filter of 3×3, got 5×5/);
    }
  });
});
