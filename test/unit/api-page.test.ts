/**
 * @file Intent: the API reference has everything that a program can call, once, with what it takes, and links to
 * PyTorch's own pages alone.
 */
import { expect, test } from 'vitest';
import { apiPage } from '../../scripts/api/page.ts';
import { signed } from '../../scripts/api/signed-value.ts';

const page = apiPage(new Map(signed.map(({ path }) => [path, `what ${path} does`])), '');
const all = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, found]) => found);

test('each name has one article, with its docstring', () => {
  const listed = signed.map(({ path }) => path).filter((path) => !path.endsWith('.forward'));
  expect(all(/<article id="([^"]+)"/g).toSorted()).toEqual(listed.toSorted());
  for (const path of listed) expect(page).toContain(`<p>what ${path} does</p>`);
});

test('a call shows places, defaults and what is given by name alone', () => {
  expect(page).toContain('<code>torch.sum(input, dim = null, keepdim = false, { dtype = null })</code>');
  expect(page).toContain('<code>x.sum(dim = null, keepdim = false, { dtype = null })</code>');
  expect(page).toContain(
    '<code>new nn.Linear(inFeatures, outFeatures, bias = true, device = null, dtype = null)</code>',
  );
});

test('links go to places on the page and to PyTorch', () => {
  const ids = new Set(all(/ id="([^"]+)"/g));
  for (const link of all(/<a [^>]*href="([^"]+)"/g)) {
    if (link.startsWith('#')) expect(ids).toContain(link.slice(1));
    else expect(link).toMatch(/^(\.\/|https:\/\/pytorch\.org\/docs\/stable\/)/);
  }
  expect(page).toContain('href="https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html#');
});
