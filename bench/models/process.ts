/**
 * @file A side in a process of its own: it is given a workload and told how often to compute it. Sides in one process
 * would share the engine's settings, and ONNX Runtime Web keeps a processor busy while it waits, so that whoever is not
 * in turn is stopped.
 */
import { globals } from 'webgpu';
import { openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { messageOf } from '../../src/base/errors.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { timeCalls } from '../prepared-call.ts';
import { Meter, copySharedViews } from './meter.ts';
import { dataOf } from './parameters.ts';
import type { Answer, Request, SideName } from './protocol.ts';
import type { Side } from './side.ts';
import { workloads } from './workloads.ts';

const [name, adapter] = process.argv.slice(2) as [SideName, string | undefined];

const load: Record<SideName, () => Promise<Side>> = {
  eager: () => ours('eager'),
  compiled: () => ours('compiled'),
  benchmark: () => ours('benchmark'),
  jax: async () => (await import('./sides/jax.ts')).jax,
  tfjs: async () => (await import('./sides/tfjs.ts')).tfjs,
  ort: async () => (await import('./sides/ort.ts')).onnxRuntime,
};

async function ours(mode: 'eager' | 'compiled' | 'benchmark'): Promise<Side> {
  provideShaders(readShaders());
  await engine.start(navigator.gpu);
  return (await import('./sides/wudnn.ts')).wudnn(mode);
}

/** Outputs are compared after so many calls: the second step of training depends on the first one's update. */
const checked = 3;

let side: Side;
let meter: Meter;
let prepared: PreparedCall | undefined;

const handlers: { [K in Request['do']]: (request: Extract<Request, { do: K }>) => Promise<Answer> } = {
  async open() {
    Object.assign(globalThis, globals);
    const { gpu } = await openAdapter(adapter || undefined);
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { gpu, userAgent: 'node' } });
    copySharedViews();
    meter = new Meter();
    side = await load[name]();
    return { is: 'opened', name: side.name, flags: side.flags };
  },

  async prepare({ workload: wanted }) {
    prepared?.dispose();
    prepared = undefined;
    const workload = workloads.find((w) => w.name === wanted)!;
    const data = dataOf(workload);
    meter.reset();
    const began = performance.now();
    prepared = await side.prepare(workload, data);
    const outputs: number[] = [];
    let firstMs = 0;
    for (let i = 0; i < checked; i++) {
      await prepared.call();
      await prepared.sync();
      outputs.push(...(await prepared.output()));
      if (i === 0) firstMs = performance.now() - began;
    }
    const { peakBytes } = meter.read();
    meter.reset();
    await prepared.call();
    await prepared.sync();
    return { is: 'prepared', firstMs, outputs: Float32Array.from(outputs), peakBytes, kernels: meter.read().kernels };
  },

  async time({ calls }) {
    return { is: 'timed', ms: await timeCalls(prepared!, calls) };
  },
};

process.on('message', (request: Request) => {
  void handlers[request.do](request as never)
    .catch((error: unknown): Answer => ({ is: 'failed', reason: messageOf(error) }))
    .then((answer) => process.send!(answer));
});
process.on('disconnect', () => process.exit());
// Dawn answers while the event loop turns, and a library that waits for it may have nothing else to keep that alive.
setInterval(() => {}, 1);
