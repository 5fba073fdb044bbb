/**
 * @file Intent: a program in a lower precision has a job in that precision: under autocast, with autocast in a part of
 * the model, and with all weights in bfloat16. PyTorch runs it and agrees within bfloat16's rounding.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAdapters } from '../../src/machine/adapters.ts';
import type { OpenSession } from '../../src/cli/session.ts';
import { openSession } from '../../src/cli/session.ts';
import { allTensors } from '../../src/compare/why.ts';
import { localTransport } from '../../src/remote/local.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

const net = (middle: string): string => `import { torch, nn, F } from 'wudnn'
const lower = { deviceType: 'webgpu', dtype: 'bfloat16' }
class Net extends nn.Module {
  conv = new nn.Conv2d(3, 8, 3, { padding: 1 })
  norm = new nn.BatchNorm2d(8)
  head = new nn.Linear(8, 4)
  middle(x) { return this.norm(this.conv(x)) }
  forward(x) {
    const y = ${middle}
    return this.head(F.relu(y).mean([2, 3]))
  }
}
torch.manualSeed(0)
const model = new Net().to('webgpu')
const x = torch.randn(2, 3, 8, 8).to('webgpu')
`;

describeWith(['adapter', 'python'], 'a lower precision there', () => {
  let opened: OpenSession;
  beforeAll(async () => {
    opened = await openSession((await listAdapters()).find((adapter) => adapter.software)?.name);
  });
  afterAll(() => opened?.close());

  test.each([
    [
      'autocast around the call',
      `${net('this.middle(x)')}export const y = await torch.autocast(lower, () => model(x)).data()`,
      ['"autocast": "bfloat16"', 'self.conv(x)'],
    ],
    [
      'autocast in a part of the model',
      `${net('torch.autocast(lower, () => this.middle(x)).float()')}export const y = await model(x).data()`,
      ['"autocast": None', 'self.conv.weight', '.to(torch.bfloat16)', 'self.head('],
    ],
    [
      'a model in bfloat16',
      `${net('this.middle(x)')}export const y = await model.to('bfloat16')(x.to('bfloat16')).data()`,
      ['"dtype": "bfloat16"', 'self.conv(x)'],
    ],
  ])('%s', async (_, program, texts) => {
    const result = await opened.session.run(program, { console: () => {}, progress: () => {} });
    expect(result).toMatchObject({ ok: true });
    const job = await opened.session.job({}, { repeats: 1 });
    for (const text of texts) expect(job.program).toContain(text);
    const { report, tensors } = await localTransport(pythonWithTorch().path).run(job);
    const comparison = await opened.session.compare(report, tensors);
    for (const tensor of allTensors(comparison)) expect(tensor).not.toMatchObject({ verdict: 'differs' });
    const [output] = comparison.tensors;
    expect(output.relativeError).toBeLessThan(2 ** -5);
    // Control: both have rounded, so they are not alike for having stayed in float32.
    for (const error of [output.localError, output.remoteError]) expect(error).toBeGreaterThan(1e-4);
  });
});
