/**
 * @file Run, Compare: the page's model against the real PyTorch of this machine, by the bridge and a real Jupyter
 * server.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { alertIn, compare, paneText, press, run, showPane, statusAfter, textOf, write } from '../support/browser.ts';
import { jupyterForAll, pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { compareWithNamed } from '../support/remote-dialog.ts';
import { keptBy } from '../support/secrets.ts';

describeWith(['browser', 'python'], 'Compare with remote', () => {
  let jupyter: JupyterProcess;
  let page: Page;
  jupyterForAll((server) => (jupyter = server));
  pageForEach((opened) => (page = opened));

  /** The Comparison table's rows, by the text of their header. */
  async function rows(): Promise<string[][]> {
    await page.waitForSelector('table.tensors tbody tr');
    return page.$$eval('table.tensors tbody tr', (trs) =>
      trs.map((tr) => [...tr.children].map((cell) => (cell as HTMLElement).innerText.trim())),
    );
  }

  test('the first example equals PyTorch within 2e-5 of the rms, on WebGPU and without a further question', async () => {
    expect(await run(page)).toMatch(/^Finished/);
    expect(await compare(page)).toBe('Compared with this machine.');
    const [[tensor, verdict, , relative, tolerance]] = await rows();
    expect(tensor).toBe('output\n[4, 16, 16, 16]');
    expect(verdict).toMatch(/equal|within tolerance/);
    expect(Number(relative)).toBeLessThanOrEqual(2e-5);
    expect(tolerance).toContain('rounding to float32');
    const timings = await textOf(page, 'table', 'Timings with this machine');
    expect(timings).toMatch(/torch \d/);
    expect(timings).toMatch(/here[\s\S]*remote/);
  });

  test('a server is named by its address and token, and the token goes nowhere else', async () => {
    expect(await compareWithNamed(page, jupyter.address, jupyter.token)).toContain('Compared with http://127.0.0.1');
    expect((await rows())[0][1]).toMatch(/equal|within tolerance/);
    expect(await keptBy(page)).not.toContain(jupyter.token);
  });

  test('a wrong token has its own message, and this side keeps its results', async () => {
    expect(await run(page)).toMatch(/^Finished/);
    const output = await paneText(page, 'Output');
    expect(await compareWithNamed(page, jupyter.address, 'not the token')).toContain('failed');
    await expect.poll(() => alertIn(page, '.bench')).toMatch(/token/);
    await expect.poll(() => paneText(page, 'Output')).toBe(output);
  });

  test('a server that does not answer has its own message', async () => {
    expect(await compareWithNamed(page, 'http://127.0.0.1:9', 'any')).toContain('failed');
    await expect.poll(() => alertIn(page, '.bench')).toMatch(/127\.0\.0\.1:9/);
  });

  test('a model that gives NaN and whole numbers is compared with what a verdict would hide', async () => {
    await write(
      page,
      "import { torch, nn } from 'wudnn'\nclass M extends nn.Module {\nforward(x) { return [x.sub(100).sqrt(), x.argmax(1)] }\n}\nexport const y = new M()(torch.randn(4, 3))\n",
    );
    expect(await compare(page)).toBe('Compared with this machine.');
    const [[, roots], [, places, , , exact]] = await rows();
    expect(roots).toMatch(/equal\s+12 of 12 elements are NaN or infinite on both sides/);
    expect(places).toMatch(/equal$/);
    expect(exact).toMatch(/^0\s+whole numbers must be equal$/);
  });

  test('gradients of whole numbers are refused with the reason', async () => {
    await write(
      page,
      "import { torch, nn } from 'wudnn'\nclass M extends nn.Module {\nforward(x) { return x.argmax(1) }\n}\nexport const y = new M()(torch.randn(4, 3))\n",
    );
    await showPane(page, 'Compare');
    await press(page, 'checkbox', 'Gradients');
    expect(await compare(page)).toContain('failed');
    await expect.poll(() => alertIn(page, '.bench')).toContain('M gives int64, which have no gradients');
  });

  test('a program without a model has nothing to compare, and says so', async () => {
    await write(page, "import { torch } from 'wudnn'\nexport const y = torch.ones(2)\n");
    expect(await compare(page)).toContain('failed');
    await expect.poll(() => alertIn(page, '.bench')).toContain('called no model');
  });

  test('Stop ends a comparison, and the page goes on', async () => {
    expect(await run(page)).toMatch(/^Finished/);
    const stopped = await statusAfter(page, async () => {
      await press(page, 'button', 'Compare with remote');
      await press(page, 'button', 'Stop');
    });
    expect(stopped).toMatch(/^Stopped/);
    expect(await page.$('.bench [role=alert]')).toBeNull();
    expect(await compare(page)).toBe('Compared with this machine.');
  });
});
