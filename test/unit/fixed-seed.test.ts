/**
 * Intent: a seed that is fixed from outside of a program holds whatever the program says, so a class has the same
 * numbers; without one the program's own seed holds.
 */
import { expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';

const session = new Session({ versions: {} });
const events = { console: () => {}, progress: () => {} };

async function numbers(program: string, seed?: number): Promise<readonly number[]> {
  const result = await session.run(program, events, { fixed: seed === undefined ? {} : { seed } });
  expect(result).toMatchObject({ ok: true });
  return result.ok ? result.outputs[0].head : [];
}
const seeded = (seed: number): string =>
  `import { torch } from 'wudnn';\ntorch.manualSeed(${seed});\nexport const x = torch.randn(4);`;
const unseeded = "import { torch } from 'wudnn';\nexport const x = torch.randn(4);";

test('a fixed seed holds whatever the program says', async () => {
  const seven = await numbers(seeded(7));
  expect(await numbers(seeded(1))).not.toEqual(seven);
  expect(await numbers(seeded(1), 7)).toEqual(seven);
  expect(await numbers(unseeded, 7)).toEqual(seven);
  expect(await numbers(seeded(1))).toEqual(await numbers(seeded(1)));
  expect(await numbers(unseeded)).not.toEqual(seven);
});
