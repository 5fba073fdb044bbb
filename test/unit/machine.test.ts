/**
 * @file What is found on this machine is told as it is, and what is missing comes with its remedy.
 */
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { listAdapters, nameAdapters, openAdapter } from '../../src/machine/adapters.ts';
import { findBrowsers } from '../../src/machine/browsers.ts';
import { prerequisites, remedy } from '../../src/machine/prerequisites.ts';
import { capture, findPrograms } from '../../src/machine/programs.ts';
import { compareVersions } from '../../src/machine/pythons.ts';

describe('adapters', () => {
  test('get short names, a GPU before software, the faster software first', () => {
    const devices = [
      'SwiftShader Device (Subzero)',
      'llvmpipe (LLVM 15.0.6, 256 bits)',
      'NVIDIA L4',
      'NVIDIA T4',
      'Unheard Of 9000',
    ];
    expect(nameAdapters(devices).map(({ name }) => name)).toEqual([
      'nvidia',
      'nvidia-2',
      'gpu',
      'lavapipe',
      'swiftshader',
    ]);
  });

  test('are told apart from those that do not exist', async () => {
    const names = (await listAdapters()).map(({ name }) => name);
    const message =
      names.length > 0
        ? `adapter: there is no 'abacus'; found: ${names.join(', ')}`
        : /^adapter: no .* driver was found/;
    await expect(openAdapter('abacus')).rejects.toThrow(message);
  });

  test('open under the name that they are listed by', async () => {
    for (const { name, description } of await listAdapters()) {
      const opened = await openAdapter(name);
      const adapter = await opened.gpu.requestAdapter();
      expect([opened.name, adapter?.info.description]).toEqual([name, description]);
    }
  });
});

describe.skipIf(process.platform === 'win32')('programs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-programs-'));
  const place = (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const [system, environment] = [place('system'), place('environment')];
  const program = join(system, 'python3.11');
  writeFileSync(program, '#!/bin/sh\necho hello; echo oops >&2; exit 4\n');
  chmodSync(program, 0o755);
  symlinkSync(program, join(system, 'python3'));
  symlinkSync(program, join(environment, 'python3'));
  symlinkSync(join(folder, 'nowhere'), join(environment, 'python'));
  writeFileSync(join(environment, 'python3.12'), 'not a program');

  test('are found once in each folder, since a virtual environment links to the system', () => {
    vi.stubEnv('PATH', `${environment}:${join(folder, 'absent')}:${system}`);
    expect(findPrograms(/^python(3(\.\d+)?)?$/)).toEqual([join(environment, 'python3'), join(system, 'python3')]);
    vi.unstubAllEnvs();
  });

  test('tell their output and status', async () => {
    expect(await capture(program, [])).toEqual({ status: 4, stdout: 'hello\n', stderr: 'oops\n' });
  });

  test('that are browsers include the one that Puppeteer installed', async () => {
    const chrome = join(folder, 'chrome');
    writeFileSync(chrome, '#!/bin/sh\necho Google Chrome for Testing 148.0.1.2\n', { mode: 0o755 });
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', chrome);
    expect((await findBrowsers()).at(-1)).toEqual({ path: chrome, version: 'Google Chrome for Testing 148.0.1.2' });
    vi.unstubAllEnvs();
  });

  test('that cannot start or never end have no status', async () => {
    expect((await capture(join(folder, 'absent'), [])).status).toBeNull();
    expect((await capture('sleep', ['30'], 0.1)).status).toBeNull();
  });
});

test('installing the packages downloads no browser', async () => {
  vi.stubEnv('npm_config_loglevel', 'info');
  const { status, stdout, stderr } = await capture(process.execPath, ['node_modules/puppeteer/install.mjs'], 60);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('Skipping downloading browsers as instructed');
  vi.unstubAllEnvs();
});

test('versions compare by their numbers, not their letters', () => {
  const sorted = ['2.10.0+cu128', '1.13.0a0', '2.6', '2.6.1', '2.6.0+cpu'].sort(compareVersions);
  expect(sorted).toEqual(['1.13.0a0', '2.6', '2.6.0+cpu', '2.6.1', '2.10.0+cu128']);
});

test('a remedy is a command on Debian, from backports where the release is too old, and a sentence elsewhere', () => {
  expect(remedy(prerequisites.browser, 'bookworm')).toBe('apt-get install chromium');
  expect(remedy(prerequisites.adapter, 'bookworm')).toContain(
    'apt-get install mesa-vulkan-drivers/bookworm-backports (with bookworm-backports among',
  );
  expect(remedy(prerequisites.adapter, 'trixie')).toBe('apt-get install mesa-vulkan-drivers');
  expect(remedy(prerequisites.browser, undefined)).toMatch(/^npx puppeteer browsers install chrome, /);
  expect(remedy(prerequisites.sshd, undefined)).toBe('Install OpenSSH with its server, sshd.');
});
