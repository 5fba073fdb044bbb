/**
 * @file The bench in Node: every library gets the same adapter, as `navigator.gpu`. ONNX Runtime Web needs a process of
 * its own there (bench models has one), so this bench measures it in the browser alone.
 */
import { openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import type { ConvBenchOptions } from './main.ts';
import type { Results } from './report.ts';
import { runShapes } from './run.ts';

export async function run(options: ConvBenchOptions): Promise<Results> {
  const { gpu } = await openAdapter(options.adapter);
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { gpu, userAgent: 'node' } });
  provideShaders(readShaders());
  await engine.start(gpu);
  const [{ wudnn }, { jax }, { tfjs }] = await Promise.all([
    import('./wudnn.ts'),
    import('./jax.ts'),
    import('./tfjs.ts'),
  ]);
  const results = await runShapes([wudnn, jax, tfjs], options, `Node ${process.versions.node} on Dawn`, (name) =>
    process.stderr.write(`${name} …\n`),
  );
  engine.device?.destroy();
  // The peers hold devices that nothing ends; without this the process would wait for them.
  setTimeout(() => process.exit(), 500).unref();
  return results;
}
