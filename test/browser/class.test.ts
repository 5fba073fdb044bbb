/**
 * Intent: a teacher makes a link in the Class pane; a student opens it in a clean profile and finds the lesson, the
 * kernel to write, and nothing that was to be hidden; saves answers as a file; and the teacher's page reads that file,
 * and names one that was changed. The shapes that students must not see are in no link.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import { readAnswers } from '../../src/class/answers.ts';
import { readAssignment } from '../../src/class/assignment.ts';
import type { Playground } from '../support/browser.ts';
import { press, pressInMenu, startPlayground, statusAfter } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

describeWith(['browser'], 'a class', () => {
  let teacher: Page;
  let student: Page;
  let playground: Playground;
  let site: PageServer;
  beforeAll(async () => {
    site = await serve({ port: 5300 });
    playground = await startPlayground({ site });
    teacher = await playground.open();
  });
  afterAll(() => playground.close());

  const folder = mkdtempSync(join(tmpdir(), 'wudnn-class-'));
  const address = (): Promise<string> => teacher.$eval('.class-pane input[type=url]', (e) => e.value);
  const field = (label: string): Promise<ElementHandle<HTMLInputElement>> =>
    teacher.waitForSelector(`::-p-aria([name="${label}"])`) as Promise<ElementHandle<HTMLInputElement>>;
  const refill = async (label: string, text: string): Promise<void> => {
    const input = await field(label);
    await input.evaluate((e) => e.select());
    await input.press('Backspace');
    await input.type(text);
  };
  const saved = async (page: Page, button: string): Promise<string> =>
    Buffer.from((await downloadFrom(page, () => press(page, 'button', button))).bytes).toString();
  let link: string;
  let file: string;

  test('the teacher makes a link to a kernel to write, and keeps the hidden shapes', async () => {
    await pressInMenu(teacher, 'Lesson', 'For a class…');
    await teacher.waitForSelector('.class-pane');
    expect(await address()).toMatch(
      /#v=1&lesson=which&lang=en&hide=class,example,compare,comparison,link,settings&fix=seed:0$/,
    );
    await teacher.select('.class-pane select', 'own-kernel');
    await teacher.waitForSelector('.class-pane .assignment');
    await refill('Heading', 'Homework 3');
    await refill('Shape that students see', '1,4,8,8,6,3,3');
    await refill('Random seed', '77');
    await press(teacher, 'checkbox', 'Graph');
    link = await address();
    expect(link).toMatch(/&hide=class,.*graph.*&fix=seed:77/);
    const assignment = readAssignment(await saved(teacher, 'Save the shapes'));
    expect(assignment).toMatchObject({ title: 'Homework 3', visible: '1,4,8,8,6,3,3', direction: 'forward' });
    expect(assignment.hidden.length).toBe(3);
    expect(link).toContain(`&assignment=${assignment.id}`);
    await expectNoViolations(teacher);
  });

  test('what makes no link says why', async () => {
    await refill('Shape that students see', '1,4,8');
    const alert = await teacher.waitForSelector('.class-pane [role=alert]');
    expect(await alert!.evaluate((e) => e.textContent)).toMatch(/'1,4,8' is not 7 to 11 whole numbers/);
    await refill('Shape that students see', '1,4,8,8,6,3,3');
    await teacher.waitForSelector('.class-pane input[type=url]');
  });

  test('a student finds the lesson and its program, and what is hidden is not there', async () => {
    student = await playground.openWith(async (fresh) => {
      await fresh.goto(site.entry()); // the server knows its visitors
      await fresh.goto('about:blank');
      await fresh.goto(link);
    });
    await student.waitForFunction(() =>
      document.querySelector('.lesson h2')?.textContent?.startsWith('A kernel of your own'),
    );
    const shown = await student.$$eval('button, summary, [role=tab], label', (all) =>
      all.filter((e) => (e as HTMLElement).checkVisibility()).map((e) => e.textContent?.trim()),
    );
    expect(shown).toEqual(expect.arrayContaining(['Run', 'Lesson', 'Race']));
    for (const hidden of ['Graph', 'Compare', 'Compare with remote', 'Share…', 'Settings', 'Class'])
      expect(shown).not.toContain(hidden);
    await student.locator('::-p-xpath(//summary[. = "Lesson"])').click();
    expect(await student.$$eval('.lessons .item', (all) => all.map((e) => e.textContent))).not.toContain(
      'For a class…',
    );
    await student.keyboard.press('Escape');
    const { text } = await student.evaluate(() => ({ text: document.querySelector('.monaco')?.textContent ?? '' }));
    expect(text).toMatch(/Homework\s3/);
  });

  test('a student runs it, answers, and saves one file', async () => {
    await student.click('.lesson fieldset label');
    expect(await statusAfter(student, () => press(student, 'button', 'Run the program'))).toMatch(/^Finished/);
    await student.waitForSelector('.lesson .found.holds');
    await student.type('.lesson .own textarea', 'Sizes that no tile divides.');
    await student.type('.lesson .save input', 'Ada 李');
    await expectNoViolations(student);
    const text = await saved(student, 'Save my answers');
    file = join(folder, 'ada.json');
    writeFileSync(file, text);
    const { answers, trouble } = await readAnswers(text);
    expect(trouble).toBeUndefined();
    expect(answers).toMatchObject({
      student: 'Ada 李',
      lesson: 'own-kernel',
      seed: 77,
      prediction: 0,
      answer: 'Sizes that no tile divides.',
      finding: { verdict: 'holds' },
      evidence: { device: 'webgpu', adapter: { software: true } },
    });
    expect(link).toContain(`&assignment=${answers!.assignment}`);
    expect(answers!.program).toMatch(/^\/\/ Homework 3\n/);
    expect(Object.keys(answers!.versions)).toEqual(['wuDNN', 'Chrome']);
    await student.browserContext().close();
  });

  test("the teacher's page reads the file, and names one that was changed", async () => {
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, readFileSync(file, 'utf8').replace('Sizes that no tile', 'Sizes that every tile'));
    writeFileSync(join(folder, 'other.json'), 'hello');
    const input = (await teacher.$('.class-pane input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(file, changed, join(folder, 'other.json'));
    const status = await teacher.waitForFunction(() => {
      const text = document.querySelector('.given [role=status]')?.textContent;
      return text || undefined;
    });
    expect(await status.jsonValue()).toBe('3 files, 2 with something wrong');
    const rows = await teacher.$$eval('.grades tbody tr', (all) => all.map((row) => (row as HTMLElement).innerText));
    expect(rows[0]).toMatch(
      /^Ada 李\s+A kernel of your own, against the library\s+(right|wrong|undecided)\s+holds[^]*Sizes that no tile divides\./,
    );
    expect(rows.find((row) => row.startsWith('changed.json'))).toMatch(/its checksum does not fit/);
    expect(rows.find((row) => row.startsWith('other.json'))).toMatch(/JSON/);
    const csv = await saved(teacher, 'Save as CSV');
    expect(csv).toMatch(/\r\nAda 李,own-kernel,kernel-[0-9a-f]{12},(right|wrong|open),holds,yes,/);
    await expectNoViolations(teacher);
  });
});
