/**
 * @file The build of the page. Shaders reach it through `import.meta.glob`, which needs no setting.
 */
import { defineConfig } from 'vite';
import { apiReference } from './scripts/api/plugin.ts';
import { engineScript } from './scripts/engine-script.ts';
import { countPackages, licences } from './scripts/licences.ts';
import { serviceWorker } from './scripts/service-worker.ts';
import { ownTypeScriptWorker } from './scripts/own-typescript-worker.ts';
import { rem } from './scripts/rem.ts';

/** The page, and what it shows within another one. */
const pages = ['index.html', 'embed.html'];

export default defineConfig({
  // Addresses within the page are relative, so that the static site runs below any path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  css: { postcss: { plugins: [rem()] } },
  worker: { format: 'es', plugins: () => [countPackages()] },
  plugins: [ownTypeScriptWorker(), engineScript(), apiReference(), licences(), serviceWorker()],
  optimizeDeps: { entries: pages }, // not the other pages of the repository
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 3000, // Monaco is that large, and loaded last
    rolldownOptions: { input: pages },
  },
});
