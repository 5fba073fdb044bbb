/**
 * @file The dialog of remotes: the doctor looks at each way to a PyTorch, several are compared in one table, and a job
 * goes out and comes back by hand. All with the real Jupyter, sshd and PyTorch of this machine.
 */
import { execFile as startFile } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strToU8, unzipSync, zipSync } from 'fflate';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import type { Playground } from '../support/browser.ts';
import { alertIn, append, compare, press, statusAfter, textOf } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { jupyterForAll, pageForEach } from '../support/hooks.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { addRemote, examined, openRemotes } from '../support/remote-dialog.ts';
import { hearLogs, keptBy } from '../support/secrets.ts';
import type { TestSshd } from '../support/sshd.ts';
import { startSshd } from '../support/sshd.ts';

/** The bridge lives in this process and goes on answering meanwhile. */
const execFile = promisify(startFile);

describeWith(['browser', 'python', 'sshd'], 'the dialog of remotes', () => {
  let playground: Playground;
  let jupyter: JupyterProcess;
  let python: string;
  let folder: string;
  let page: Page;
  jupyterForAll((server) => (jupyter = server));
  pageForEach((opened, of) => ([page, playground] = [opened, of]));
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-remotes-'));
    python = pythonWithTorch().path;
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => openRemotes(page));

  test('the doctor examines this machine, and warns of what a CPU lacks', async () => {
    await press(page, 'button', 'Check this machine');
    expect(await examined(page)).toMatch(/✓\s+kernel\s+python3 starts[\s\S]*✓\s+torch\s+PyTorch \d[\s\S]*It works/);
  });

  test('it ends at a wrong token, with a command to copy, and neither shows nor keeps the token', async () => {
    await page
      .browserContext()
      .overridePermissions(new URL(playground.url).origin, [
        'clipboard-read',
        'clipboard-write',
        'clipboard-sanitized-write',
      ]);
    await addRemote(page, jupyter.address, 'planted-token');
    expect(await examined(page)).toMatch(/✗\s+token[\s\S]*Stopped at “token”\. Not reached: kernel, torch/);
    await press(page, 'button', 'Copy jupyter server list');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('jupyter server list');
    expect(await keptBy(page)).not.toContain('planted-token');
  });

  test('an address with the token in it, as Jupyter prints it, is used without being shown, kept or logged', async () => {
    const logs = hearLogs();
    await addRemote(page, `${jupyter.address}lab?token=${jupyter.token}`);
    const found = await examined(page);
    const status = await statusAfter(page, () => press(page, 'button', 'Compare'));
    const heard = logs.stop();
    expect(found).toMatch(/✓\s+token\s+accepted/);
    expect(status).toBe(`Compared with ${jupyter.address}.`);
    expect(heard).not.toContain(jupyter.token);
    expect(await keptBy(page)).not.toContain(jupyter.token);
  });

  test('text that is no address is refused where it was typed', async () => {
    await addRemote(page, 'no address');
    const alert = await page.waitForSelector('dialog [role=alert]');
    expect(await alert!.evaluate((e) => e.textContent)).toContain("'no address' is not an address");
  });

  test('a remote that was added can be removed', async () => {
    await addRemote(page, 'http://127.0.0.1:1024');
    await examined(page);
    await press(page, 'button', 'Remove http://127.0.0.1:1024/');
    await expect.poll(() => textOf(page, 'dialog', 'Compare with which PyTorch?')).not.toContain('1024');
  });

  test('an account is examined and compared with by ssh, beside this machine, in one table', async () => {
    const sshd = await startSshd();
    const home = homeThatKnows(folder, sshd);
    await addRemote(
      page,
      `ssh://${sshd.address.username}@127.0.0.1:${sshd.address.port}${python}?key=${sshd.folder}/user`,
    );
    expect(await examined(page)).toMatch(/✓\s+host key\s+known[\s\S]*✓\s+account[\s\S]*✓\s+torch\s+PyTorch/);
    await page.click('.remotes li input');
    expect(await statusAfter(page, () => press(page, 'button', 'Compare with 2 remotes'))).toMatch(
      /^Compared with this machine, ssh:/,
    );
    home.restore();
    await sshd.stop();

    const table = await textOf(page, 'table', 'Comparison with all remotes');
    expect(table).toMatch(/here\s+this machine\s+ssh:/);
    const verdicts = await page.$$eval('table.sides .verdict', (cells) => cells.map((cell) => cell.textContent));
    expect(verdicts).toHaveLength(2);
    for (const verdict of verdicts) expect(verdict).toMatch(/equal|within tolerance/);
    expect(await page.$$('details.side')).toHaveLength(2);
  });

  test('a key with a passphrase: without it the doctor tells, with it the account is open, and the page shows and keeps it nowhere', async () => {
    const sshd = await startSshd();
    const home = homeThatKnows(folder, sshd);
    const key = join(sshd.folder, 'locked');
    await execFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'planted-passphrase', '-f', key]);
    appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`, 'utf8'));
    const address = `ssh://127.0.0.1:${sshd.address.port}${python}?key=${key}`;
    const logs = hearLogs();
    await addRemote(page, address);
    const without = await examined(page);
    await addRemote(page, address, 'another');
    await page.waitForFunction(() =>
      document.querySelector('.examination')?.textContent?.includes('does not open the key'),
    );
    await addRemote(page, address, 'planted-passphrase');
    await page.waitForFunction(() =>
      document.querySelector('.examination[aria-busy=false]')?.textContent?.includes('It works'),
    );
    const status = await statusAfter(page, () => press(page, 'button', 'Compare'));
    home.restore();
    await sshd.stop();
    expect(without).toMatch(
      /✗\s+account\s+ssh: a passphrase is needed for the key \S+locked; give its passphrase[\s\S]*ssh-add/,
    );
    expect(status).toBe(`Compared with ${address}.`);
    expect((await keptBy(page)) + logs.stop()).not.toContain('planted-passphrase');
  });

  test('where one of two fails, the other is compared all the same', async () => {
    await addRemote(page, 'http://127.0.0.1:1024');
    await examined(page);
    await expect
      .poll(() => page.$$eval('.remotes li input', (boxes) => boxes.map((box) => (box as HTMLInputElement).checked)))
      .toEqual([true, false]);
    await page.click('.remotes li:nth-child(2) input');
    expect(await statusAfter(page, () => press(page, 'button', 'Compare with 2 remotes'))).toBe(
      'Compared with this machine. 1 of 2 remotes failed.',
    );
    await expect.poll(() => alertIn(page, '.bench')).toContain('127.0.0.1:1024');
  });

  test('by hand: the job is downloaded, run with plain python, dropped back in, and compared; for another run it is refused', async () => {
    const { name, bytes } = await downloadFrom(page, () => press(page, 'button', 'Download the job'));
    expect(name).toBe('wudnn-SimpleCNN.zip');
    const job = unpack(folder, bytes);
    await execFile(python, ['job.py'], { cwd: job });
    await drop(page, [join(job, 'report.json'), join(job, 'results.safetensors')]);
    await page.waitForFunction(() => document.querySelector('.remotes')?.textContent?.includes('by hand 1'));
    expect(await statusAfter(page, () => press(page, 'button', 'Compare'))).toMatch(/^Compared with by hand 1/);
    await page.waitForSelector('table.tensors .verdict');
    expect(await page.$eval('table.tensors .verdict', (e) => e.textContent)).toMatch(/equal|within tolerance/);

    await append(page, '\ntorch.manualSeed(7)\nmodel(torch.randn(4, 3, 32, 32).to(device))\n');
    expect(await compare(page)).toContain('failed');
    await expect.poll(() => alertIn(page, '.bench')).toContain('belong to another job');
  });

  test.each<[string, Record<string, Uint8Array>, RegExp]>([
    ['without its tensors', { 'report.json': strToU8('{}') }, /results\.safetensors is missing/],
    [
      'that is no report',
      { 'report.json': strToU8('<b>hello</b>'), 'results.safetensors': new Uint8Array(8) },
      /not JSON/,
    ],
    [
      'of another format',
      { 'report.json': strToU8('{"format":"wudnn-report/9"}'), 'results.safetensors': new Uint8Array(8) },
      /report/,
    ],
    [
      'in a broken zip',
      { 'results.zip': zipSync({ 'report.json': strToU8('{}') }).subarray(0, 40) },
      /results\.zip cannot be unpacked/,
    ],
  ])('a result %s is refused with its reason', async (what, files, reason) => {
    const place = join(folder, what.replaceAll(' ', '-'));
    mkdirSync(place);
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(place, name), bytes);
    const input = (await page.waitForSelector('dialog input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(...Object.keys(files).map((name) => join(place, name)));
    const alert = await page.waitForSelector('.by-hand [role=alert]');
    const text = await alert!.evaluate((e) => e.textContent ?? '');
    expect(text).toMatch(reason);
    expect(text).toMatch(/^(file|remote): /);
    expect(await alert!.$('b')).toBeNull();
  });
});

/** Drops files onto the dialog, as a mouse would. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const input = (await page.evaluateHandle(() =>
    Object.assign(document.createElement('input'), { type: 'file', multiple: true }),
  )) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
  await page.evaluate((from) => {
    const transfer = new DataTransfer();
    for (const file of from.files!) transfer.items.add(file);
    document
      .querySelector('dialog')!
      .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, input);
}

/** Unpacks a job and gives its folder. */
function unpack(folder: string, zip: Uint8Array): string {
  let place = folder;
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    place = join(folder, name.slice(0, name.lastIndexOf('/')));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return place;
}

/** A home whose known_hosts has the server; the bridge looks there as ssh does. */
function homeThatKnows(folder: string, sshd: TestSshd): { restore: () => void } {
  const before = process.env['HOME'];
  mkdirSync(join(folder, '.ssh'), { recursive: true });
  writeFileSync(join(folder, '.ssh', 'known_hosts'), sshd.address.knownHosts);
  process.env['HOME'] = folder;
  return { restore: () => void (process.env['HOME'] = before) };
}
