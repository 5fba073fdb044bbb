/**
 * @file The peers have a package.json of their own, so that users do not install them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function installPeers(): void {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  if (existsSync(`${folder}node_modules/onnxruntime-web`)) return;
  process.stderr.write('installing the libraries to compare with (bench/package.json)\n');
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
