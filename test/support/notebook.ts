/**
 * @file An exported notebook, run under the system's own kernel.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithTorch } from './jupyter.ts';

interface Notebook {
  readonly cells: readonly { readonly outputs?: readonly { readonly text?: string | readonly string[] }[] }[];
}

/** Runs it from start to end and gives the checksums that its last cell prints. */
export async function runNotebook(notebook: Uint8Array): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-notebook-'));
  writeFileSync(join(folder, 'notebook.ipynb'), notebook);
  const ran = execFileSync(
    pythonWithTorch().path,
    ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--stdout', '--log-level=ERROR', 'notebook.ipynb'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, JUPYTER_PLATFORM_DIRS: '1' },
    },
  );
  rmSync(folder, { recursive: true });
  const printed = ((JSON.parse(ran) as Notebook).cells.at(-1)!.outputs ?? [])
    .flatMap(({ text }) => text ?? [])
    .join('');
  return printed.match(/[0-9a-f]{64}/g) ?? [];
}
