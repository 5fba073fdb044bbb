/**
 * @file The engine on Dawn's null backend, which validates and executes nothing, for all tests of a file: it needs no
 * driver.
 */
import { create, globals } from 'webgpu';
import { afterAll, beforeAll } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';

export function withNullEngine(): void {
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    provideShaders(readShaders());
    await engine.start(create(['backend=null']));
  });
  afterAll(() => engine.device?.destroy());
}
