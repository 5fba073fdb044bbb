/** Models that give odd things are compared all the same, and what a verdict alone would hide is said. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatComparison } from '../../src/cli/compared-text.ts';
import { comparedAt } from '../../src/cli/remotes.ts';
import type { OpenSession } from '../../src/cli/session.ts';
import { openSession } from '../../src/cli/session.ts';
import type { ComparedRemote, Outcomes } from '../../src/compare/with-remotes.ts';
import { compareWithEach } from '../../src/compare/with-remotes.ts';
import { allTensors } from '../../src/compare/why.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

/** A program that calls a module with that forward once. */
const model = (forward: string, before = ''): string =>
  `${before}class M extends nn.Module {\n  l = new nn.Linear(3, 2)\n  forward(x) { ${forward} }\n}\nexport const y = new M()(torch.randn(4, 3))\n`;

describeWith(['python'], 'a comparison', () => {
  let opened: OpenSession;
  let remotes: ComparedRemote[];
  beforeAll(async () => {
    opened = await openSession('cpu');
    remotes = comparedAt([`python:${pythonWithTorch().path}`]);
  });
  afterAll(() => opened?.close());

  async function compare(program: string, gradients: boolean, trainingSteps?: number): Promise<Outcomes> {
    const ran = await opened.session.run(`import { torch, nn, F, optim } from 'wudnn'\n${program}`, {
      console: () => {},
      progress: () => {},
    });
    if (!ran.ok) throw new Error(ran.error.message);
    return compareWithEach(
      opened.session,
      remotes,
      { job: { gradients }, ...(trainingSteps !== undefined && { training: { trainingSteps } }) },
      { signal: new AbortController().signal, onProgress: () => {} },
    );
  }

  test.each<[string, string, boolean, boolean, RegExp]>([
    [
      'NaN',
      model('return this.l(x).sub(100).sqrt()'),
      true,
      true,
      /equal[\s\S]*output: 8 of 8 elements are NaN or infinite on both sides/,
    ],
    [
      'infinities',
      model('return this.l(x).mul(0).pow(-1)'),
      false,
      true,
      /equal[\s\S]*output: 8 of 8 elements are NaN or infinite on both sides/,
    ],
    [
      'nothing',
      model('return this.l(x.narrow(0, 0, 0))'),
      true,
      true,
      /output +\[0, 2\] +equal[\s\S]*output: it has no elements/,
    ],
    [
      'whole numbers',
      model('return this.l(x).argmax(1)'),
      false,
      true,
      /output +\[4\] +equal .* 0: whole numbers must be equal/,
    ],
    [
      'truths',
      model('return this.l(x).gt(0)'),
      false,
      true,
      /output +\[4, 2\] +equal .* 0: whole numbers must be equal/,
    ],
    [
      'numbers and whole numbers',
      model('return [this.l(x).sum(), this.l(x).argmax()]'),
      false,
      true,
      /output0 +\[\] .*\n.*output1 +\[\] +equal/,
    ],
    [
      'what was drawn',
      model('return F.dropout(this.l(x))'),
      false,
      false,
      /output +\[4, 2\] +differs[\s\S]*output: dropout draws a different mask on each side.*model\.eval\(\)/,
    ],
    [
      'what has no parameters',
      'class M extends nn.Module {\n  forward(x) { return F.relu(x) }\n}\nexport const y = new M()(torch.randn(4, 3))\n',
      true,
      true,
      /output +\[4, 3\] +equal[\s\S]*Gradients of the sum of the outputs: all 1 agree/,
    ],
    [
      'a batch of 0',
      'class M extends nn.Module {\n  c = new nn.Conv2d(3, 4, { kernelSize: 3 })\n  forward(x) { return this.c(x).mean([2, 3]) }\n}\nexport const y = new M()(torch.randn(0, 3, 8, 8))\n',
      false,
      true,
      /output +\[0, 4\] +equal[\s\S]*it has no elements/,
    ],
    [
      'the second of two models',
      model('return this.l(x)', 'new nn.Linear(3, 1)(torch.randn(1, 3))\n'),
      false,
      true,
      /^M here and in PyTorch/,
    ],
  ])('of %s', async (_what, program, gradients, agrees, printed) => {
    const { sides, errors } = await compare(program, gradients);
    expect(errors).toEqual([]);
    expect(formatComparison(sides)).toMatch(printed);
    expect(allTensors(sides[0].result).every(({ verdict }) => verdict !== 'differs')).toBe(agrees);
  });

  test('of a training that diverges on the remote ends there, and says so', async () => {
    const { sides, errors } = await compare(
      `
const model = new nn.Linear(3, 2)
const optimizer = new optim.SGD(model.parameters(), { lr: 1e10 })
const loss = F.mseLoss(model(torch.randn(4, 3)), torch.randn(4, 2))
loss.backward()
await optimizer.step()
`,
      false,
      9,
    );
    expect(errors).toEqual([]);
    expect(formatComparison(sides)).toMatch(
      /Training: (\d) steps? of SGD.*At step \1 the remote's loss was no longer finite, so both trainings end there/,
    );
  });

  test('of a training whose loss is infinite from the start has no curve, and says why', async () => {
    const { sides, errors } = await compare(
      `
const model = new nn.Linear(3, 2)
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const loss = F.mseLoss(model(torch.randn(4, 3)), torch.full([4, 2], 1e30))
loss.backward()
await optimizer.step()
`,
      false,
      3,
    );
    expect(sides).toHaveLength(1);
    expect(errors).toEqual([
      "compare: the remote's loss is not finite at the first step, so there is no curve; is the learning rate too high?",
    ]);
  });

  test.each([
    [
      'whole numbers',
      model('return this.l(x).argmax(1)'),
      'M gives int64, which have no gradients; compare without gradients',
    ],
    [
      'what has neither parameters nor floating inputs',
      'class M extends nn.Module {\n  forward(x) { return x.to("float32") }\n}\nexport const y = new M()(torch.tensor([1, 2], { dtype: "int32" }))\n',
      'M has no floating-point parameters or inputs to differentiate; compare without gradients',
    ],
  ])('of gradients of %s is refused before anything is sent', async (_what, program, reason) => {
    expect(await compare(program, true)).toMatchObject({ sides: [], errors: [`compare: ${reason}`] });
  });
});
