/**
 * @file `bench conv`: every shape through wuDNN and its peers, in Node on Dawn (any Vulkan adapter) or in Chromium.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fail } from '../../src/base/errors.ts';
import type { RaceOptions } from './race.ts';
import type { Results } from './report.ts';
import { formatResults } from './report.ts';

export interface ConvBenchOptions extends RaceOptions {
  /** Only shapes whose names contain this. */
  readonly only: string;
  /** The adapter's short name, in Node. */
  readonly adapter?: string;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      browser: { type: 'boolean', default: false },
      adapter: { type: 'string' },
      only: { type: 'string', default: '' },
      samples: { type: 'string', default: '9' },
      json: { type: 'string' },
    },
  });
  const samples = Number(values.samples);
  if (!Number.isInteger(samples) || samples < 1)
    fail(`--samples ${values.samples} is not a whole number of at least 1`);
  installPeers();
  const options: ConvBenchOptions = {
    samples,
    sampleMs: 200,
    tolerance: 1e-3,
    only: values.only,
    adapter: values.adapter,
  };
  const { run } = values.browser ? await import('./in-browser.ts') : await import('./in-node.ts');
  const results: Results = await run(options);
  process.stdout.write(formatResults(results));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

/** The peers have a package.json of their own, so that users do not install them. */
function installPeers(): void {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  if (existsSync(`${folder}/node_modules/onnxruntime-web`)) return;
  process.stderr.write('installing the libraries to race against (bench/package.json)\n');
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
