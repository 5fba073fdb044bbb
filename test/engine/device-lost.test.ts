/**
 * A lost device: pending work is refused with the reason, a new device is opened, and every tensor comes back or says
 * that it is lost.
 */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

/** Takes the device away as a driver's reset does, and waits until that is known. */
async function loseDevice(): Promise<void> {
  const device = engine.device!;
  device.destroy();
  await device.lost;
}

describeWith(['adapter'], 'a lost device', () => {
  beforeEach(async () => {
    if (!engine.device) await startTestEngine();
  });
  afterAll(() => engine.device?.destroy());

  test('work that is under way is refused with the reason', async () => {
    const x = torch.randn(64, 64).to('webgpu');
    const pending = [x.matmul(x).data(), x.mul(2).data(), x.sum().item()];
    await Promise.resolve();
    const device = engine.device!;
    device.destroy();
    const outcomes = await Promise.allSettled(pending);
    for (const outcome of outcomes) {
      // Work that had not begun when the device went away is done on the next one.
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason.name).toBe('DeviceLostError');
      expect(outcome.reason.message).toMatch(/device was lost.*destroyed/i);
    }
    expect(outcomes[0].status).toBe('rejected');
    expect(engine.device).not.toBe(device);
  });

  test('a new device is opened by the next computation', async () => {
    const before = engine.device!;
    await loseDevice();
    expect(torch.webgpu.isAvailable()).toBe(true);
    expect(await torch.ones(3).to('webgpu').mul(2).tolist()).toEqual([2, 2, 2]);
    expect(engine.device).toBeDefined();
    expect(engine.device).not.toBe(before);
  });

  test('what was on the host, or was read back, comes back; a result that was only on the device says that it was lost', async () => {
    const given = torch.tensor([1, 2, 3], { device: 'webgpu' });
    const read = given.mul(2);
    await read.data();
    const large = torch.randn(256, 256).to('webgpu').mul(2);
    await engine.realize([large.node]);
    await loseDevice();
    expect(await given.add(read).tolist()).toEqual([3, 6, 9]);
    await expect(large.data()).rejects.toThrow(
      /shape \[256, 256\] was on a device that was lost \(.+\); load it from a checkpoint, or build it again/,
    );
    await expect(large.sum().item()).rejects.toThrow(/was lost/);
  });

  test('a model comes back from its checkpoint and trains on', async () => {
    torch.manualSeed(0);
    const model = new nn.Linear(4, 2).to('webgpu');
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    const x = torch.randn(8, 4).to('webgpu');
    const train = async () => {
      optimizer.zeroGrad();
      const y = model(x);
      const loss = y.mul(y).mean();
      loss.backward();
      await optimizer.step();
      return loss.item();
    };
    for (let i = 0; i < 3; i++) await train();
    const checkpoint = await torch.save({ model: model.stateDict(), optimizer: optimizer.stateDict() });
    const expected = [await train(), await train()];

    await loseDevice();
    await expect(train()).rejects.toThrow(/was lost/);
    const { model: weights, optimizer: state } = torch.load(checkpoint);
    model.loadStateDict(weights);
    optimizer.loadStateDict(state);
    expect([await train(), await train()]).toEqual(expected);
  });
});
