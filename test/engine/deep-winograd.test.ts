/**
 * Intent: the comparison judges a transformed convolution by the gate that its algorithm declares, as the tuner does,
 * not by that of plain sums.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Candidate } from '../../src/dnn/choice/records.ts';
import { isChosen } from '../../src/dnn/choice/verdict.ts';
import { Session } from '../../src/session/session.ts';
import { emptyReport } from '../support/jobs.ts';
import { startTestEngine } from '../support/engine.ts';

beforeAll(startTestEngine);

const channels = 512;
const deep = (algo: string): string => `
import { torch, nn } from 'wudnn'
torch.manualSeed(1)
class Deep extends nn.Module {
  conv = new nn.Conv2d(${channels}, 4, { kernelSize: 3, padding: 1, bias: false, algo: '${algo}' })
  forward(x) { return this.conv(x) }
}
export const output = new Deep().to('webgpu')(torch.randn(1, ${channels}, 28, 28).to('webgpu'))
`;

const report = { ...emptyReport, times: { cold_ms: 1, warm_ms: [1] } };

test('a deep WINOGRAD_NONFUSED layer, off by more than plain sums may be, is within tolerance', async () => {
  const session = new Session({ versions: {} });
  const run = async (algo: string): Promise<Candidate> => {
    const result = await session.run(deep(algo), { console: () => {}, progress: () => {} });
    if (!result.ok) throw new Error(result.error.message);
    const [choice] = result.choices;
    return choice.candidates.find((candidate) => isChosen(choice, candidate))!;
  };
  const { tolerance: gate } = await run('IMPLICIT_GEMM');
  const plain = await session.outputs();
  const { tolerance: declared } = await run('WINOGRAD_NONFUSED');
  const [{ localError, remoteError, verdict }] = (await session.compare(report, plain)).tensors;
  expect(remoteError).toBeLessThan(gate!);
  expect(localError).toBeGreaterThan(gate!);
  expect(localError).toBeLessThan(declared!);
  expect(verdict).toBe('within tolerance');
});
