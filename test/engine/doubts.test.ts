/**
 * @file Intent: what the device cannot compute is told at the line that recorded it, not at the line that asks for a
 * value.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { Session } from '../../src/session/session.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['adapter'], 'told at its line', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  test.each([
    [
      'a tensor beyond the largest buffer',
      "const x = torch.ones(1, 40_000).to('webgpu')\nconst tall = x.t()\nconst big = tall.matmul(x)\nawait big.data()",
      4,
      /exceed this adapter's limit/,
    ],
  ])('%s', async (_, program, line, message) => {
    const result = await new Session({ versions: {} }).run(`import { torch } from 'wudnn'\n${program}\n`, {
      console: () => {},
      progress: () => {},
    });
    expect(result).toMatchObject({ ok: false, error: { line, message: expect.stringMatching(message) } });
  });
});
