/** The doctor enters a real container, and tells an engine, a container or a python that is not there as what it is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StageResult } from '../../src/remote/doctor/stages.ts';
import { examine, transportTo } from '../../src/remote/node/access.ts';
import { failure, script } from '../support/jobs.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import type { TestContainer } from '../support/podman.ts';
import { startContainer } from '../support/podman.ts';

describeWith(['podman', 'python'], 'a container', () => {
  let folder: string;
  let container: TestContainer;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-container-'));
    container = startContainer(folder);
  });
  afterAll(() => {
    container?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (address: string): Promise<StageResult[]> => examine({ address, token: '' });
  const failed = (stages: readonly StageResult[]) => stages.find(({ state }) => state === 'failed');

  test('is examined to its PyTorch', async () => {
    const stages = await at(`podman:${container.name}${pythonWithTorch().path}`);
    expect(failed(stages)).toBeUndefined();
    expect(stages[0]).toMatchObject({ name: 'container', message: `${container.name} runs` });
    expect(stages.find(({ name }) => name === 'torch')!.message).toMatch(/^PyTorch \d/);
  });

  test('without that python says so, and how to find another', async () => {
    const stage = failed(await at(`podman:${container.name}/no/such/python`));
    expect(stage).toMatchObject({ name: 'python', remedy: `podman exec ${container.name} which -a python3` });
    expect(stage!.message).toContain('/no/such/python does not run there');
  });

  test('that does not exist is told, and what lists those that do', async () => {
    expect(failed(await at('podman:no-such'))).toMatchObject({
      name: 'container',
      message: expect.stringMatching(/podman cannot enter no-such: .*no such container/),
      remedy: 'podman ps --all',
    });
    const error = await failure(transportTo({ address: 'podman:no-such', token: '' }).run(script('pass')));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toMatch(/no such container.*; try podman ps --all/);
  });

  test('whose engine is not installed is told', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(failed(await at('docker:torch'))).toMatchObject({
        name: 'container',
        message: expect.stringMatching(/docker cannot be started: .*ENOENT/),
        remedy: 'docker --version',
      });
    } finally {
      process.env['PATH'] = path;
    }
  });

  test('that was stopped is told', async () => {
    container.stop();
    expect(failed(await at(`podman:${container.name}`))!.message).toMatch(/cannot enter .*(state|running)/);
  });
});
