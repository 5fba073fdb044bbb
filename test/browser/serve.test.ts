/**
 * @file Intent: the page opens for the browser that has the printed address, once, and for nobody else; and every
 * answer says what may frame it, read it, and learn where it came from.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import { ask, keyIn, letIn, navigation } from '../support/visitor.ts';

describe('npm start', () => {
  let served: PageServer;
  let cookie: string;
  beforeAll(async () => {
    served = await serve({ port: 5280 });
    ({ cookie } = await letIn(served));
  });
  afterAll(() => served?.close());

  test('shows another account neither page nor key, whatever it says of itself', async () => {
    for (const headers of [{}, navigation, { ...navigation, cookie: `${cookie.split('=')[0]}=${'0'.repeat(64)}` }]) {
      for (const path of ['', 'index.html', 'engine.html', 'icon.svg', 'recorded/index.json']) {
        const answer = await ask(served.url + path, headers);
        expect(answer.status).toBe(403);
        expect(answer.body.toString()).not.toMatch(/wudnn-bridge-key|<title>wuDNN<\/title><script/);
      }
    }
  });

  test('lets one browser in by an address, and sends it to the page', async () => {
    const entry = served.entry();
    const first = await ask(entry, navigation);
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^wudnn-\d+=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    const second = await ask(entry, navigation);
    expect([second.status, second.headers['set-cookie']]).toEqual([403, undefined]);
    expect(second.body.toString()).toContain('press Enter in that terminal');
    // Whoever is in already loses nothing.
    expect((await ask(entry, { ...navigation, cookie })).headers.location).toBe('/');
  });

  test('an address of somebody who guesses opens nothing', async () => {
    expect((await ask(`${served.url}?token=${'0'.repeat(64)}`, navigation)).status).toBe(403);
    expect((await ask(served.entry(), { ...navigation, host: 'evil.example' })).status).toBe(403);
  });

  test("has the key in the visitor's own page alone", async () => {
    expect(keyIn(await ask(served.url, { ...navigation, cookie }))).toMatch(/^[0-9a-f]{64}$/);
    const otherwise: Readonly<Record<string, string>>[] = [
      { 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
    ];
    for (const headers of otherwise)
      expect(keyIn(await ask(served.url, { ...navigation, ...headers, cookie }))).toBeUndefined();
    expect(keyIn(await ask(served.url, { cookie }))).toBeUndefined();
  });

  test('answers no other page, whether elsewhere or on another port', async () => {
    for (const site of ['cross-site', 'same-site']) {
      for (const path of ['', 'icon.svg'])
        expect((await ask(served.url + path, { ...navigation, 'sec-fetch-site': site, cookie })).status).toBe(403);
    }
  });

  test('says with everything what may be done with it', async () => {
    for (const path of ['', 'icon.svg', 'nothing-there', 'bridge/remotes']) {
      for (const who of [{}, { cookie }] as Readonly<Record<string, string>>[]) {
        const { headers } = await ask(served.url + path, { ...navigation, ...who });
        expect(headers).toMatchObject({
          'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
        });
        expect(headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  });
});
