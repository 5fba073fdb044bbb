/**
 * @file Has lavapipe work in four lanes, whatever the machine has, in the process that imports this. It compiles a
 * kernel in half the time then, which is what a sweep waits for. Kernels whose invocations exchange numbers by
 * subgroups (matrix products, Winograd, reductions) are swept in the machine's own lanes, and so are all with `--full`.
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { full } from './combinations.ts';

if (!full) {
  const { MESA_SHADER_CACHE_DIR: usual = join(homedir(), '.cache') } = process.env;
  const folder = join(usual, 'wudnn-four-lanes'); // whatever Mesa's cache tells apart
  mkdirSync(folder, { recursive: true });
  Object.assign(process.env, { LP_NATIVE_VECTOR_WIDTH: '128', MESA_SHADER_CACHE_DIR: folder });
}
