/**
 * @file `npm run bench -- NAME`: everything that measures speed. Nothing here is a test.
 */
import { messageOf } from '../src/base/errors.ts';

interface Bench {
  readonly summary: string;
  readonly load: () => Promise<{ main(args: string[]): Promise<void> }>;
}

const benches: Readonly<Record<string, Bench>> = {
  conv: {
    summary: 'convolutions beside TensorFlow.js, ONNX Runtime Web and jax-js',
    load: () => import('./conv/main.ts'),
  },
  models: {
    summary: 'whole models and training steps beside the same peers and PyTorch on the CPU',
    load: () => import('./models/main.ts'),
  },
  overhead: {
    summary: 'what an operation costs the CPU: recording, planning, encoding',
    load: () => import('./overhead/main.ts'),
  },
  page: {
    summary: 'how long the page takes to be there, and how often it keeps its visitor waiting',
    load: () => import('./page/main.ts'),
  },
  regret: {
    summary: "the tuner's picks against the best of an exhaustive measurement",
    load: () => import('./regret/main.ts'),
  },
  tolerance: {
    summary: 'how often a comparison calls a right tensor wrong, and finds a wrong one',
    load: () => import('./tolerance/main.ts'),
  },
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !Object.hasOwn(benches, name)) {
  const lines = Object.entries(benches).map(([key, { summary }]) => `  ${key.padEnd(10)} ${summary}`);
  const asked = name === undefined || name === '--help';
  process.stderr.write(
    `${asked ? '' : `there is no bench '${name}'\n\n`}npm run bench -- NAME [ARGUMENTS]\n\n${lines.join('\n')}\n`,
  );
  process.exitCode = asked ? 0 : 2;
} else {
  try {
    await (await benches[name].load()).main(args);
  } catch (error) {
    process.stderr.write(`bench ${name}: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
