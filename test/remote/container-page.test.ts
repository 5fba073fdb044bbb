/**
 * @file The page that the image brings: it has every document, and nothing may frame it by a name that is no origin.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { pythonWithTorch } from '../support/jupyter.ts';

test('the image has every document that the page is built from', () => {
  const [, list] = /^const pages = \[(.*)\];$/m.exec(readFileSync('vite.config.ts', 'utf8'))!;
  const dockerfile = readFileSync('container/Dockerfile', 'utf8');
  const documents = list.split(', ').map((quoted) => quoted.slice(1, -1));
  expect(documents).toContain('embed.html');
  const sent = readFileSync('container/Dockerfile.dockerignore', 'utf8').split('\n');
  for (const document of documents) {
    expect(dockerfile).toMatch(new RegExp(`^COPY (\\S+ )*${document} `, 'm'));
    expect(sent).toContain(`!${document}`);
  }
});

describeWith(['python'], 'the page beside Jupyter', () => {
  test.each(['*', 'https://*', 'http://school.example', 'https://school.example/page', "https://a.example;'self'"])(
    'refuses to serve Jupyter where %s may frame the page',
    (origin) => {
      const source = 'import runpy; runpy.run_path("container/wudnn_page.py")';
      const { status, stderr } = spawnSync(pythonWithTorch().path, ['-c', source], {
        env: { ...process.env, WUDNN_FRAME_BY: origin },
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      expect(stderr).toContain('is no origin of https; give one such as https://school.example');
    },
  );
});
