/**
 * @file The bench's page: `window.runBench(options)` resolves to the results.
 */
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { jax } from './jax.ts';
import { onnxRuntime } from './ort.ts';
import type { RoundOptions } from './rounds.ts';
import { runShapes } from './run.ts';
import { tfjs } from './tfjs.ts';
import { wudnn } from './wudnn.ts';

const files = import.meta.glob<string>('/shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });
provideShaders(Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('/shaders/', ''), text])));

const version = /Chrome\/([\d.]+)/.exec(navigator.userAgent)?.[1] ?? 'of unknown version';

Object.assign(window, {
  async runBench(options: RoundOptions & { only: string }) {
    await engine.start(navigator.gpu);
    return runShapes(
      [wudnn, jax, tfjs, onnxRuntime('NCHW'), onnxRuntime('NHWC')],
      options,
      `Chromium ${version}`,
      (name) => console.log(`${name} …`),
    );
  },
});
