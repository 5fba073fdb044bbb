/**
 * @file The build of the page. Shaders reach it through `import.meta.glob`, which needs no setting.
 */
import { defineConfig } from 'vite';

export default defineConfig({
  // Addresses within the page are relative, so that the static site runs below any path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  // The worker is named, since the search for dependencies does not follow it; one found late would reload the page.
  optimizeDeps: { entries: ['index.html', 'src/worker/host.ts'] },
  build: { target: 'es2023', chunkSizeWarningLimit: 3000 }, // Monaco is that large, and loaded last
});
