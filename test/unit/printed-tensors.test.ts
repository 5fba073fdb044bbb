/**
 * @file Intent: `console.log(tensor)` prints what the tensor was at that line, in its place, though its value is computed later.
 */
import { expect, test } from 'vitest';
import { inOrder } from '../../src/cli/run.ts';
import { runProgram } from '../../src/worker/program.ts';
import type { ConsoleEntry } from '../../src/worker/protocol.ts';
import * as wudnn from '../../src/worker/wudnn.ts';

/** What a program tells, in the order of its lines. */
async function printedBy(program: string): Promise<{ all: ConsoleEntry[]; texts: string[] }> {
  const all: ConsoleEntry[] = [];
  const texts: string[] = [];
  const ordered = inOrder(({ text }) => texts.push(text));
  const console = (entry: ConsoleEntry): void => {
    all.push(entry);
    ordered(entry);
  };
  const result = await runProgram(`import { torch } from 'wudnn'\n${program}`, { modules: { wudnn }, console });
  if (!result.ok) throw new Error(result.error.message);
  return { all, texts };
}

test('a tensor that is not computed prints its values, before what is printed behind it', async () => {
  const { all, texts } = await printedBy("const x = torch.ones(2, 2).add(0.5)\nconsole.log('x is', x, 7)\nconsole.log('after')");
  expect(texts).toEqual([expect.stringMatching(/^x is tensor\(\[\[1\.5000, 1\.5000\],\n {5} {8}\[1\.5000, 1\.5000\]\].*\) 7$/s), 'after']);
  expect(all.map(({ open, line }) => [open ?? false, line])).toEqual([[true, 3], [false, 4], [false, 3]]);
  expect(all[0].text).toBe('x is … 7');
  expect(all[2].id).toBe(all[0].id);
});

test('it prints what it was at that line, whatever is written into it later', async () => {
  const { texts } = await printedBy('const x = torch.zeros(1).add(1)\nconsole.log(x)\nx.add_(1)\nconsole.log([x, x.mul(2)])\nx.zero_()');
  expect(texts[0]).toMatch(/tensor\(\[1\.\]/);
  expect(texts[1]).toMatch(/tensor\(\[2\.\][^]*tensor\(\[4\.\]/);
});

test('nothing waits in what needs no value, and a group indents all lines of a tensor', async () => {
  const { all, texts } = await printedBy("console.group('g')\nconsole.log(torch.zeros(2, 1).add(1))\nconsole.groupEnd()\nconsole.log('end')");
  expect(texts[1].split('\n').every((line) => line.startsWith('  '))).toBe(true);
  expect(all.at(0)).toEqual({ level: 'log', text: 'g', line: 2 });
});
