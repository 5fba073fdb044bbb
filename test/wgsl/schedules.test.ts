/**
 * @file Intent: the schedules of models and their generated kernels are known, so that a change of the compiler shows
 * what it changes. They are planned for Dawn's null backend, which needs no driver, with the plainest algorithms, which
 * no measurement chooses.
 */
import { createHash } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import type { Launch } from '../../src/gpu/kernel.ts';
import { torch } from '../../src/torch/index.ts';
import { compiledPrograms } from '../support/compiled-programs.ts';
import { withNullEngine } from '../support/null-engine.ts';

withNullEngine();
beforeEach(() => {
  engine.forget();
  engine.settings.enabled = false;
  torch.manualSeed(1);
});

test.for(Object.keys(compiledPrograms))('%s', async (name) => {
  const prepare = vi.spyOn(engine.device!, 'prepare');
  await compiledPrograms[name]();
  const schedules = prepare.mock.calls.map(([launches]) => launches.map(described).join('\n'));
  prepare.mockRestore();
  expect(schedules.join('\n\n')).toMatchSnapshot();
});

/**
 * A launch on a line: label, files, buffers it reads and writes, workgroups; then a hash of what was generated for it.
 */
function described({ kernel, bindings, epilogue = [], workgroups }: Launch): string {
  const buffers = (list: Launch['bindings']): string =>
    list.flatMap((binding) => ('params' in binding ? [] : [`${binding.access[0]}${binding.slot}`])).join(' ');
  const { label, spec, files = [], generated = '' } = kernel;
  const constants = Object.entries(spec?.const ?? {}).map(([key, value]) => `${key}=${value}`);
  const lines = [
    label,
    `files ${files.join(' ')}`,
    ...(constants.length > 0 ? [`constants ${constants.join(' ')}`] : []),
    `buffers ${buffers([...bindings, ...epilogue])}`,
    `workgroups ${workgroups.join('×')}`,
    ...(generated === '' ? [] : [`generated ${createHash('sha256').update(generated).digest('hex').slice(0, 16)}`]),
  ];
  return lines.join('\n  ');
}
