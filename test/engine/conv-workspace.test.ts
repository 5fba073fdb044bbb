/**
 * Intent: the workspace that an algorithm reports is what a program that asks for the algorithm takes from the pool,
 * beside its operands and its result, and it goes back; a limit below it is told with both numbers.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { candidates, workspaceBytes } from '../../src/dnn/choice/candidates.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { convAlgorithms, convTable } from '../../src/dnn/conv2d/table.ts';
import type { Device } from '../../src/gpu/device.ts';
import { sizeClass } from '../../src/gpu/pool.ts';
import { F, dnn, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import '../support/four-lanes.ts';

/** 3×3 with stride 1, which all algorithms take; nothing is a multiple of a tile. */
const geometry = { x: [2, 20, 19, 18], w: [12, 20, 3, 3], padding: 1 } as const;
const resultShapes = { forward: [2, 12, 19, 18], 'backward data': geometry.x, 'backward filter': geometry.w };
const directions = ['forward', 'backward data', 'backward filter'] as const;

describeWith(['adapter'], 'workspace', () => {
  let device: Device;
  let x: torch.Tensor;
  let w: torch.Tensor;
  let y: torch.Tensor;

  beforeAll(async () => {
    await startTestEngine();
    device = engine.device!;
    [x, w, y] = [geometry.x, geometry.w, resultShapes.forward].map((shape) =>
      torch
        .randn(...shape)
        .to('webgpu')
        .mul(2),
    );
    await torch.sync();
    await engine.realize([x.node, w.node, y.node]);
    // The first choice of all measures the adapter's rates, which takes memory for a moment.
    await dnn.convolutionForward(x, w, { padding: 1 }).data();
  });
  afterAll(() => engine.device?.destroy());

  function convolution(desc: ConvDescriptor, named: { algo: string; config?: string }): torch.Tensor {
    if (desc.direction === 'forward') return dnn.convolutionForward(desc, x, w, named);
    return desc.direction === 'backward data'
      ? dnn.convolutionBackwardData(desc, y, w, named)
      : dnn.convolutionBackwardFilter(desc, x, y, named);
  }

  describe.each(directions)('%s', (direction) => {
    const desc = dnn.convolutionDescriptor({ ...geometry, direction });
    const result = sizeClass(4 * resultShapes[direction].reduce((a, b) => a * b, 1));

    test.for(convAlgorithms(direction).map(({ name }) => name))('%s takes what it reports', async (algo) => {
      const algorithm = convTable[direction][algo];
      for (const config of algorithm.configs(desc, device)) {
        const parts = algorithm.workspace(desc, config);
        expect(dnn.convolutionWorkspace(desc, algo, config.label)).toBe(workspaceBytes({ workspace: parts }));

        const before = device.pool.stats.allocated;
        device.pool.resetPeak();
        const node = convolution(desc, { algo, config: config.label });
        await engine.realize([node.node]);
        const taken = device.pool.stats.maxAllocated - before - result;
        expect(taken, config.label).toBe(parts.reduce((sum, bytes) => sum + sizeClass(bytes), 0));
        expect(device.pool.stats.allocated - before).toBe(result);
        node.dispose();
      }
    });

    test('one byte less than an algorithm needs rules it out, with both numbers', () => {
      for (const algorithm of convAlgorithms(direction)) {
        for (const config of algorithm.configs(desc, device)) {
          const bytes = workspaceBytes({ workspace: algorithm.workspace(desc, config) });
          if (bytes === 0) continue;
          const { plans, excluded } = candidates(convProblem(desc), device, {
            algo: algorithm.name,
            workspaceLimit: bytes - 1,
          });
          expect(plans.some((plan) => plan.config.label === config.label)).toBe(false);
          expect(excluded.find((c) => c.config === config.label)).toMatchObject({
            status: 'not supported',
            memory: bytes,
            reason: `needs ${bytes} bytes of workspace, workspaceLimit is ${bytes - 1}`,
          });
        }
      }
    });
  });

  test('the gradients of an empty batch are zeros, and of the descriptor that it does not have nothing is asked', async () => {
    const filters = torch.ones(4, 3, 3, 3).to('webgpu').requiresGrad_();
    F.conv2d(torch.zeros(0, 3, 8, 8).to('webgpu'), filters)
      .sum()
      .backward();
    expect(await filters.grad!.data()).toEqual(new Float32Array(4 * 3 * 3 * 3));
  });

  test('an algorithm asked for by name does not take more than the limit: it fails with both numbers', async () => {
    const desc = dnn.convolutionDescriptor(geometry);
    const bytes = dnn.convolutionWorkspace(desc, 'WINOGRAD');
    torch.backends.cudnn.workspaceLimit = 100;
    try {
      await expect(async () => convolution(desc, { algo: 'WINOGRAD' }).data()).rejects.toThrow(
        `WINOGRAD: needs ${bytes} bytes of workspace, workspaceLimit is 100`,
      );
    } finally {
      torch.backends.cudnn.workspaceLimit = Infinity;
    }
  });
});
