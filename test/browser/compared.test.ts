/**
 * @file What lies inside a comparison, in the page against the real PyTorch of this machine: layers, gradients, causes,
 * curves.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { compare, press, run, showPane, statusAfter, textOf } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['browser', 'python'], 'inside a comparison', () => {
  let page: Page;
  pageForEach((opened) => (page = opened));

  async function expectComparison(): Promise<void> {
    expect(await compare(page)).toBe('Compared with this machine.');
    await page.waitForSelector('table.tensors');
  }

  test('each layer has its verdict, its algorithm here and its time there; gradients come when they are asked for', async () => {
    await expectComparison();
    const layers = await textOf(page, 'table', 'Layers with this machine');
    for (const layer of ['conv1', 'relu', 'pool']) expect(layers).toContain(layer);
    expect(layers).toMatch(/Conv2d \[4, 16, 32, 32\]/);
    expect(layers).toMatch(/GEMM|DIRECT|WINOGRAD/);
    expect(layers).toMatch(/ms: its call, by perf_counter/);
    expect(layers).not.toMatch(/differs|not compared/);
    expect(await page.$('table[aria-label="Gradients with this machine"]')).toBeNull();

    await showPane(page, 'Compare');
    await press(page, 'checkbox', 'Gradients');
    await expectComparison();
    await page.locator('summary::-p-text(Gradients of the sum of the outputs: all 3 agree)').click();
    expect(await textOf(page, 'table', 'Gradients with this machine')).toMatch(
      /conv1.weight[\s\S]*conv1.bias[\s\S]*\bx\b/,
    );
  });

  test('bfloat16 there is found to be the cause of the error there', async () => {
    await expectComparison();
    const occasion = (): Promise<string> => page.$eval('.occasion', (e) => e.textContent!);
    await expect.poll(occasion).toMatch(/^With this machine in float32, run for this comparison, at \d\d:\d\d:\d\d\.$/);
    await showPane(page, 'Compare');
    await page.select('.asked select', 'bfloat16');
    expect(await occasion()).toContain('in float32'); // the controls are those of the next one
    await page.waitForSelector('.hint::-p-text(apply to the next comparison)');
    await expectComparison();
    await expect.poll(occasion).toContain('in bfloat16, by autocast');
    await expect.poll(() => page.$('.hint::-p-text(apply to the next comparison)')).toBeNull();
    expect(await page.$('table[aria-label="Causes with this machine"]')).toBeNull();
    expect(await statusAfter(page, () => press(page, 'button', 'Why?'))).toMatch(/^Tried/);
    expect(await textOf(page, 'table', 'Causes with this machine')).toMatch(
      /autocast computes in bfloat16\s+remote\s+the cause/,
    );
  });

  test('a program that trains is trained on both sides, and the curves are shown with their numbers', async () => {
    await page.select('.tools select', 'train');
    expect(await run(page)).toMatch(/^Finished/);
    await expectComparison();
    await page.waitForSelector('.curves[role=img]');
    expect(await page.$eval('.curves[role=img]', (e) => e.textContent)).toMatch(
      /^Loss by step: from [\d.e-]+ to [\d.e-]+ here.*step 19$/,
    );
    expect(await page.$eval('.training .about', (e) => e.textContent)).toMatch(
      /^20 steps of SGD, lr 0.03, with a fresh optimizer/,
    );
    await page.locator('summary::-p-text(The numbers)').click();
    const losses = (await textOf(page, 'table', 'Losses with this machine'))
      .split('\n')
      .slice(1)
      .map((row) => row.split('\t').map(Number));
    expect(losses).toHaveLength(20);
    expect(losses[19][1]).toBeLessThan(losses[0][1]);
    for (const [, here, there] of losses) expect(Math.abs(here - there)).toBeLessThanOrEqual(1e-3 * there);
  });
});
