/**
 * @file The build of the page. Shaders reach it through `import.meta.glob`, which needs no setting.
 */
import { defineConfig } from 'vite';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: { target: 'es2023' },
});
