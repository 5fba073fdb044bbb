/**
 * @file The shader files, read from the disk for the linker; the page gets the same files from Vite.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShaderSources } from '../gpu/linker.ts';

const folder = fileURLToPath(new URL('../../shaders/', import.meta.url));

export function readShaders(): ShaderSources {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.wgsl'));
  return Object.fromEntries(files.map((file) => [file.replaceAll(sep, '/'), readFileSync(join(folder, file), 'utf8')]));
}
