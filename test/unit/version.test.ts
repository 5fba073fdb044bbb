/**
 * @file Intent: `torch.backends.cudnn.version()` tells the version in package.json.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { torch } from '../../src/torch/index.ts';

test('the version is that of the package, and null without a device', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const [major, minor, patch] = version.split('.').map(Number);
  expect(engine.available).toBe(false);
  expect(torch.backends.cudnn.version()).toBeNull();
  Object.defineProperty(engine, 'available', { configurable: true, value: true });
  expect(torch.backends.cudnn.version()).toBe(10000 * major + 100 * minor + patch);
});
