/**
 * Intent: every lesson's program runs on both software adapters, and its check holds there, or says why it cannot: no
 * lesson claims what these machines contradict. And `wudnn lesson` tells the same on the command line.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { lessons } from '../../src/lessons/index.ts';
import type { Finding } from '../../src/lessons/lesson.ts';
import { findingOf } from '../../src/lessons/lesson.ts';
import { listAdapters, openAdapter } from '../../src/machine/adapters.ts';
import { Session } from '../../src/session/session.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { wudnn } from '../support/command.ts';
import { describeWith } from '../support/needs.ts';

/** Claims that rest on counting and arithmetic hold on every adapter, however busy the machine. */
const certain = ['im2col', 'pointwise', 'workspace', 'dynamic-shapes', 'batch', 'half', 'tf32', 'fusion'];

const adapters = (await listAdapters()).filter(({ software }) => software).map(({ name }) => name);

describeWith(['adapter'], 'the lessons', () => {
  describe.each(adapters)('on %s', (name) => {
    const session = new Session({ versions: {} });
    beforeAll(async () => {
      provideShaders(readShaders());
      engine.plans = new PlanCache();
      await engine.start((await openAdapter(name)).gpu);
    });
    afterAll(() => engine.device?.destroy());

    test.for(lessons)('$id', async ({ id, folder, load }) => {
      const { lesson } = await load();
      const program = readFileSync(`src/lessons/${folder}/program.ts`, 'utf8');
      const result = await session.run(program, { console: () => {}, progress: () => {} }, { fixed: lesson.fixed });
      expect(result).toMatchObject({ ok: true });
      if (!result.ok) return;
      const finding = findingOf(lesson, { ...result, adapter: engine.device!.adapter });
      if (certain.includes(id)) expect(finding).toMatchObject({ verdict: 'holds' });
      else expect(finding).toMatchObject({ verdict: expect.stringMatching(/^(holds|cannot)$/) });
      expect(finding.text.en).toMatch(/\d/);
    });
  });

  test('wudnn lesson lists them, and runs one', async () => {
    const listed = await wudnn(['lesson']);
    expect(listed.stdout.split('\n').filter(Boolean).length).toBe(lessons.length);
    expect((await wudnn(['lesson', '--language', 'zh-Hans'])).stdout).toContain(lessons[0].title.zh);

    const { name } = await openTestAdapter();
    const json = join(mkdtempSync(join(tmpdir(), 'wudnn-lesson-')), 'finding.json');
    const ran = await wudnn(['lesson', 'im2col', '--adapter', name, '--json', json]);
    expect(ran.stdout).toMatch(/issues\/13412\n[^]*\nholds \(computed\): The input takes 64 KiB\./);
    expect(ran.status).toBe(0);
    const { finding } = JSON.parse(readFileSync(json, 'utf8')) as { finding: Finding };
    expect(finding).toMatchObject({ verdict: 'holds', prediction: 2 });
  });

  test('wudnn lesson without a GPU says why it cannot, and refuses a name that there is not', async () => {
    const { status, stdout } = await wudnn(['lesson', 'which', '--adapter', 'cpu']);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/\ncannot \(computed\): This ran on the cpu reference/),
    ]);
    const unknown = await wudnn(['lesson', 'witch']);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(/there is no lesson witch; there are which,/),
    ]);
  });
});
