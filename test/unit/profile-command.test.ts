/**
 * @file Intent: `wudnn profile` shows where a program's time goes, as text for people and JSON for programs, and says
 * what it cannot do.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wudnn } from '../support/command.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wudnn-profile-'));
  const head = `import { torch, nn } from 'wudnn';\nconst model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU());\n`;
  writeFileSync(join(folder, 'program.ts'), `${head}console.log('said');\nexport const y = model(torch.ones(2, 4));\n`);
  writeFileSync(
    join(folder, 'nested.ts'),
    `${head}await torch.profiler.profile().run(() => model(torch.ones(2, 4)));\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test('rows, runs and a trace', async () => {
  const trace = join(folder, 'trace.json');
  const args = ['profile', join(folder, 'program.ts'), '--adapter', 'cpu', '--steps', '2', '--by', 'layer'];
  const { status, stdout, stderr } = await wudnn([...args, '--chrome', trace, '--json', '-']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    format: 'wudnn-profile/1',
    by: 'layer',
    runs: [{ wallMs: expect.any(Number) }, { wallMs: expect.any(Number) }],
    rows: expect.arrayContaining([expect.objectContaining({ key: 'Sequential.0 (Linear)', count: 2 })]),
  });
  expect(stderr.match(/said/g)).toHaveLength(1);
  expect(stderr).toMatch(/Name +Self CPU % +Self CPU/);
  expect(stderr).toContain('2 runs after one to warm up');
  const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as { traceEvents: { ph: string; cat?: string }[] };
  expect(traceEvents.filter(({ ph, cat }) => ph === 'X' && cat === 'layer').length).toBeGreaterThan(0);
});

test('what cannot be is said', async () => {
  const program = join(folder, 'program.ts');
  expect(await wudnn(['profile', program, '--by', 'model'])).toMatchObject({
    status: 1,
    stderr: 'wudnn profile: there is no --by model; there are op, kernel, layer\n',
  });
  expect((await wudnn(['profile', program, '--steps', '0'])).stderr).toContain('--steps 0 is not a whole number');
  const nested = await wudnn(['profile', join(folder, 'nested.ts'), '--adapter', 'cpu', '--steps', '1']);
  expect(nested.status).toBe(1);
  expect(nested.stderr).toMatch(/nested\.ts:3:.*another profile is running/);
});
