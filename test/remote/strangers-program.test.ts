/**
 * @file Intent: a program from a stranger, sent on by the visitor, runs as the model that it is under the real Python,
 * and does nothing else there, whatever its classes call themselves.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession } from '../../src/cli/session.ts';
import type { OpenSession } from '../../src/cli/session.ts';
import { localTransport } from '../../src/remote/local.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['python'], "a stranger's program", () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-file-'));
  const mark = join(folder, 'mark');
  let opened: OpenSession;
  let python: string;
  beforeAll(async () => {
    opened = await openSession('cpu');
    python = pythonWithTorch().path;
  });
  afterAll(async () => {
    opened.close();
    rmSync(folder, { recursive: true });
  });

  const write = `open(${JSON.stringify(mark)}, "w")`;
  const texts = [
    `A"""\n${write}\n"""`,
    `A\\`,
    `A\u2028${write}`,
    `A(nn.Module):\n    ${write}\nclass B`,
    `\u202e${write}`,
    `"); ${write}; ("`,
    `\u{1f600}`,
    'main',
    '__class__',
  ];

  test.each(texts)('whose class, layers and weights are called %j gives its numbers', async (name) => {
    const program = `import { torch, nn } from 'wudnn'
const name = ${JSON.stringify(name)}
const Inner = { [name]: class extends nn.Module {
  static python = ${JSON.stringify(write)}
  get python() { return ${JSON.stringify(write)} }
  extraRepr() { return ${JSON.stringify(write)} }
  constructor() { super(); this['w ' + name] = new nn.Parameter(torch.ones(3)) }
  forward(x) { return x.mul(this['w ' + name]) }
} }[name]
class Model extends nn.Module {
  constructor() { super(); this['m ' + name] = new Inner(); this.linear = new nn.Linear(3, 2) }
  forward(x) { return this.linear(this['m ' + name](x)) }
}
Object.defineProperty(Model, 'name', { value: name })
torch.manualSeed(0)
export const y = new Model()(torch.randn(4, 3))
`;
    const ran = await opened.session.run(program, { console: () => {}, progress: () => {} });
    if (!ran.ok) throw new Error(ran.error.message);
    const given = await localTransport(python).run(
      await opened.session.job({ gradients: true }, { repeats: 1, warmup: 0 }),
    );
    const { tensors } = await opened.session.compare(given.report, given.tensors);
    expect(tensors.map(({ verdict }) => verdict)).toEqual(['within tolerance']);
    expect(existsSync(mark)).toBe(false);
  });
});
