/**
 * @file `bench conv`: every shape through wuDNN and its peers, in Node on Dawn (any Vulkan adapter) or in Chromium.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../../src/cli/arguments.ts';
import { installPeers } from '../peers/install.ts';
import type { RoundOptions } from './rounds.ts';
import type { Results } from './report.ts';
import { formatResults } from './report.ts';

export interface ConvBenchOptions extends RoundOptions {
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
  const samples = wholeNumber('--samples', values.samples);
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
