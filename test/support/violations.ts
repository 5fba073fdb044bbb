/**
 * @file What axe-core finds wrong with a page.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'puppeteer';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Expects no violation in the page, or in the part of it that a selector names: none that stays, since what is being
 * drawn may look wrong for a moment.
 */
export async function expectNoViolations(page: Page, within?: string): Promise<void> {
  await expect.poll(() => violations(page, within)).toEqual([]);
}

/** Each violation with the element that it is of. */
async function violations(page: Page, within?: string): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe);
  const part = within === undefined ? 'document' : JSON.stringify(within);
  const results = (await page.evaluate(`axe.run(${part})`)) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`),
  );
}
