/**
 * @file The shader files as the bundler finds them.
 */
import type { ShaderSources } from '../../gpu/linker.ts';

const files = import.meta.glob<string>('/shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

/** Shader text by path below `shaders/`. */
export const shaderFiles: ShaderSources = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace('/shaders/', ''), text]),
);
