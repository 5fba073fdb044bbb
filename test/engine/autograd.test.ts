/**
 * Autograd: gradients flow, accumulate, are hooked and differentiated again as in PyTorch, and what PyTorch refuses is
 * refused.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const { Parameter } = nn;
const leaf = (data: number[], device: 'webgpu' | 'cpu' = 'webgpu') =>
  torch.tensor(data, { device, requiresGrad: true });

describeWith(['adapter'], 'autograd', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  describe.each(['webgpu', 'cpu'] as const)('on %s', (device) => {
    test('gradients of two backward passes accumulate; zeroing starts anew', async () => {
      const x = leaf([1, 2, 3], device);
      x.mul(x).sum().backward();
      x.mul(3).sum().backward();
      expect(await x.grad!.tolist()).toEqual([5, 7, 9]);
      x.grad = null;
      x.mul(3).sum().backward();
      expect(await x.grad!.tolist()).toEqual([3, 3, 3]);
    });

    test('the third derivative of x⁴ is 24·x', async () => {
      const x = leaf([2, -1], device);
      let y: torch.Tensor | null = x.mul(x).mul(x.mul(x));
      for (let i = 0; i < 3; i++) [y] = torch.autograd.grad(y!.sum(), x, { createGraph: true });
      expect(await y!.tolist()).toEqual([48, -24]);
    });

    test('backward with createGraph leaves a gradient that can be differentiated', async () => {
      const x = leaf([3], device);
      x.mul(x).mul(x).sum().backward(undefined, { createGraph: true });
      const first = x.grad!;
      x.grad = null;
      first.sum().backward();
      expect([await first.tolist(), await x.grad!.tolist()]).toEqual([[27], [18]]);
    });
  });

  test('a gradient given for a vector weighs its elements', async () => {
    const x = leaf([1, 2]);
    x.mul(x).backward(torch.tensor([1, 10], { device: 'webgpu' }));
    expect(await x.grad!.tolist()).toEqual([2, 40]);
  });

  test('grad() gives gradients by inputs inside the graph and touches nobody', async () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const [byY, byX] = torch.autograd.grad(y.mul(y).sum(), [y, x]);
    expect([await byY!.tolist(), await byX!.tolist(), x.grad]).toEqual([[4, 8], [8, 16], null]);
  });

  test('an unused input is an error, or null where that is allowed', () => {
    const [x, z] = [leaf([1]), leaf([1])];
    expect(() => torch.autograd.grad(x.mul(2), z)).toThrow(/input 0 was not used/);
    expect(torch.autograd.grad(x.mul(2), [x, z], { allowUnused: true })[1]).toBeNull();
  });

  test('an inner tensor keeps its gradient only when asked to', async () => {
    const x = leaf([1, 2]);
    const [kept, plain] = [x.mul(2).retainGrad(), x.mul(3)];
    kept.mul(kept).add(plain).sum().backward();
    expect(await kept.grad!.tolist()).toEqual([4, 8]);
    expect(plain.grad).toBeNull();
  });

  test('a tensor that is used twice gets the sum, and a leaf used by two handles one gradient', async () => {
    const x = leaf([2]);
    new torch.Tensor(x.node).mul(x).sum().backward();
    expect(await x.grad!.tolist()).toEqual([4]);
  });

  describe('hooks', () => {
    test('a hook sees the gradient, may replace it, and stops when removed', async () => {
      const x = leaf([1]);
      const seen: torch.Tensor[] = [];
      const y = x.mul(2);
      y.registerHook((grad) => void seen.push(grad));
      const handle = x.registerHook((grad) => grad.mul(10));
      y.sum().backward();
      expect([await seen[0].tolist(), await x.grad!.tolist()]).toEqual([[1], [20]]);
      handle.remove();
      x.grad = null;
      x.mul(2).sum().backward();
      expect(await x.grad!.tolist()).toEqual([2]);
    });

    test('a hook on a parameter outlives its update', async () => {
      const p = new Parameter(torch.tensor([1]));
      const optimizer = new optim.SGD([p], { lr: 1 });
      let calls = 0;
      p.registerHook(() => void calls++);
      for (let i = 0; i < 2; i++) {
        p.mul(2).sum().backward();
        await optimizer.step();
      }
      expect(calls).toBe(2);
    });

    test('a hook that returns another shape is refused', () => {
      const x = leaf([1, 2]);
      x.registerHook(() => torch.zeros(3));
      expect(() => x.sum().backward()).toThrow(/shape \[3\] for a tensor of shape \[2\]/);
    });
  });

  describe('modes', () => {
    test('noGrad records no history, enableGrad inside it does', () => {
      const x = leaf([1]);
      const [quiet, loud] = torch.noGrad(() => [x.mul(2), torch.enableGrad(() => x.mul(2))]);
      expect([quiet.requiresGrad, quiet.isLeaf, loud.requiresGrad, loud.isLeaf]).toEqual([false, true, true, false]);
      expect(torch.inferenceMode(() => x.mul(2)).requiresGrad).toBe(false);
    });

    test('an error and an awaited body both give the mode back', async () => {
      expect(() =>
        torch.noGrad(() => {
          throw new Error('inside');
        }),
      ).toThrow('inside');
      expect(torch.isGradEnabled()).toBe(true);
      const inside = await torch.noGrad(async () => {
        await Promise.resolve();
        return torch.isGradEnabled();
      });
      expect([inside, torch.isGradEnabled()]).toEqual([false, true]);
    });

    test('detach cuts the graph', async () => {
      const x = leaf([3]);
      x.mul(x.detach()).sum().backward();
      expect(await x.grad!.tolist()).toEqual([3]);
    });
  });

  describe('what PyTorch refuses', () => {
    test('a second backward through values that the first one freed', () => {
      const x = leaf([1]);
      const y = x.mul(x).sum();
      y.backward();
      expect(() => y.backward()).toThrow(/mul is gone through a second time.*retainGraph: true/);
    });

    test('but not one that needs no such values, nor one after retainGraph', async () => {
      const x = leaf([1, 2]);
      const [linear, square] = [x.add(1).sum(), x.mul(x).sum()];
      linear.backward();
      linear.backward();
      square.backward(undefined, { retainGraph: true });
      square.backward();
      expect(await x.grad!.tolist()).toEqual([6, 10]);
    });

    test('a vector without a gradient, a gradient of another shape, a tensor without history', () => {
      const x = leaf([1, 2]);
      expect(() => x.mul(2).backward()).toThrow(/only for a tensor of one element, this one has shape \[2\]/);
      expect(() => x.mul(2).backward(torch.zeros(3))).toThrow(/the gradient has shape \[3\], the tensor \[2\]/);
      expect(() => torch.zeros(1).backward()).toThrow(/does not require a gradient/);
      expect(() => torch.zeros(1).registerHook(() => {})).toThrow(/would never be called/);
    });

    test('a value that an optimizer has overwritten since', async () => {
      const w = new Parameter(torch.tensor([2]));
      const optimizer = new optim.SGD([w], { lr: 1 });
      const y = w.mul(w).sum();
      y.backward(undefined, { retainGraph: true });
      await optimizer.step();
      expect(() => y.backward()).toThrow(
        /mul needs a tensor of shape \[1\] that an optimizer step has changed in place/,
      );
    });

    test('gradients of integers, and of tensors in mid-graph', () => {
      expect(() => torch.tensor([1], { dtype: 'int32' }).requiresGrad_()).toThrow(/only floating tensors/);
      const y = leaf([1]).mul(2);
      expect(() => y.requiresGrad_(false)).toThrow(/leaf tensors only/);
    });
  });
});
