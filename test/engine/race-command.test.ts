/**
 * Intent: `wudnn race` puts a kernel from a file among all algorithms of a shape, says its rank or why it is out, and
 * tells by its status which of the two it was.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { wudnn } from '../support/command.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['adapter'], 'wudnn race', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-race-'));
  const at = (name: string): string => join(folder, name);
  const template = readFileSync('shaders/conv2d/direct/1_definition.wgsl', 'utf8');

  async function race(wgsl: string) {
    writeFileSync(at('mine.wgsl'), wgsl);
    const { name } = await openTestAdapter();
    const json = at('choice.json');
    // Time for everything, however busy the machine.
    const asked = [at('mine.wgsl'), '1,2,5,4,3,1,1', '--adapter', name, '--budget', '300000', '--json', json];
    const { status, stdout, stderr } = await wudnn(['race', ...asked]);
    const { choice } = JSON.parse(readFileSync(json, 'utf8')) as { choice: AlgorithmChoice };
    return { status, stdout, stderr, own: choice.candidates.find(({ own }) => own)! };
  }

  test('a right kernel has a rank', async () => {
    const { status, stdout, own } = await race(template);
    expect([status, own.status, own.algo]).toEqual([0, 'success', 'mine.wgsl']);
    expect(stdout).toMatch(/^mine\.wgsl /m);
    expect(stdout).toMatch(/\nmine\.wgsl is number \d+ of \d+ that were timed[.,]/);
  });

  test('a wrong kernel is out, with its first wrong output', async () => {
    const { status, stdout, own } = await race(
      template.replace('epilogue(sum, index, k)', 'epilogue(sum + 1.0, index, k)'),
    );
    expect([status, own.status]).toEqual([1, 'disqualified']);
    expect(stdout).toMatch(/\nmine\.wgsl is out \(disqualified\): .*the first wrong output is y\[0, 0, 0, 0\]: /);
  });

  test('a kernel that does not compile is out, with its place', async () => {
    const { status, stdout } = await race(template.replace('var sum = Acc(0);', 'var sum = nothing;'));
    const line = template.split('\n').findIndex((text) => text.includes('var sum')) + 1;
    expect(status).toBe(1);
    expect(stdout).toContain(`mine.wgsl is out (failed): mine.wgsl:${line}:13: unresolved value 'nothing'`);
  });

  test('what it begins with is printed', async () => {
    expect((await wudnn(['race', '--template'])).stdout).toBe(template);
    expect(await wudnn(['race', '--template', '--direction', 'bad'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('wudnn race: --direction bad is unknown; give forward, data, filter'),
    });
    const { status, stderr } = await wudnn(['race', at('none.wgsl'), '1,2,5,4,3,1,1']);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^wudnn race: cannot read .*none\.wgsl: /)]);
  });
});
