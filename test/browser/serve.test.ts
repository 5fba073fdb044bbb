/**
 * @file Intent: the page opens for the browser that has the printed address, once, and for nobody else; and every
 * answer says what may frame it, read it, and learn where it came from.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frameOrigins } from '../../src/bridge/framing.ts';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import { ask, keyIn, letIn, navigation } from '../support/visitor.ts';

const school = 'https://school.example';

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

describe('npm start -- --frame-by', () => {
  let served: PageServer;
  let visitor: Awaited<ReturnType<typeof letIn>>;
  beforeAll(async () => {
    served = await serve({ port: 5280, frameBy: [school, 'http://localhost:9000'] });
    visitor = await letIn(served);
  });
  afterAll(() => served?.close());

  const framed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
  const loaded = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'script' };
  const policyOf = async (path: string, headers: Readonly<Record<string, string>>): Promise<unknown[]> => {
    const answer = await ask(served.url + path, headers);
    return [answer.status, answer.headers['content-security-policy'], keyIn(answer)];
  };

  test('lets the pages that it names frame embed.html, and what it consists of load without a cookie', async () => {
    const named = `${school} http://localhost:9000`;
    expect(await policyOf('embed.html', framed)).toEqual([
      200,
      `frame-ancestors ${named}; connect-src 'self'`,
      undefined,
    ]);
    expect(await policyOf('engine.html', { ...framed, 'sec-fetch-site': 'same-origin' })).toEqual([
      200,
      `frame-ancestors 'self' ${named}; sandbox allow-scripts`,
      undefined,
    ]);
    expect(await policyOf('engine.js', loaded)).toEqual([200, expect.stringContaining("'none'"), undefined]);
  });

  test('lets them frame nothing else, and load nothing from where they are', async () => {
    for (const path of ['', 'index.html', '%69ndex.html', 'engine.html', 'icon.svg', 'bridge/remotes'])
      expect((await ask(served.url + path, framed)).status).toBe(403);
    for (const dest of ['script', 'image', 'document', 'empty'])
      expect((await ask(`${served.url}embed.html`, { ...framed, 'sec-fetch-dest': dest })).status).toBe(403);
    expect((await ask(`${served.url}embed.html`, { ...framed, host: 'evil.example' })).status).toBe(403);
    expect((await policyOf('embed', loaded))[1]).toContain("frame-ancestors 'none'");
  });

  test('gives the framed page neither the key, nor a permit, nor a remote, with the cookie or without', async () => {
    const { cookie, origin } = visitor;
    for (const who of [{}, { cookie }] as Readonly<Record<string, string>>[]) {
      for (const path of ['', 'index.html', '%69ndex.html', 'embed.html'])
        expect(keyIn(await ask(served.url + path, { ...loaded, ...who }))).toBeUndefined();
      for (const path of ['remotes', 'permit', 'run', 'doctor'])
        expect(
          (await ask(`${served.url}bridge/${path}`, { ...loaded, ...who, origin }, { method: 'POST' })).status,
        ).toBe(403);
    }
  });
});

test.each([
  ['school.example', 'is no address'],
  ['*', 'is no address'],
  ['', 'is no address'],
  ["'self'", 'is no address'],
  ['http://school.example', 'is neither https nor http://localhost'],
  ['file:///etc/hosts', 'is neither https nor http://localhost'],
  ['https://*', 'has no plain host name'],
  ['https://*.school.example', 'has no plain host name'],
  ['https://a.example;sandbox', 'has no plain host name'],
  ['https://a.example,b.example', 'has no plain host name'],
  ['https://[::1]', 'has no plain host name'],
  ['https://school.example/page', 'has more than scheme, host and port'],
  ['https://school.example?', 'has more than scheme, host and port'],
  ['https://me@school.example', 'has more than scheme, host and port'],
])('--frame-by takes origins alone: not %s', async (origin, why) => {
  await expect(serve({ port: 5280, frameBy: [school, origin] })).rejects.toThrow(
    `--frame-by: '${origin}' ${why}; give an origin such as https://school.example`,
  );
});

test('--frame-by is bounded, and not for the unbuilt sources', async () => {
  const many = Array.from({ length: 21 }, (_, i) => `https://${i}.example`);
  await expect(serve({ port: 5280, frameBy: many })).rejects.toThrow('--frame-by: 21 pages are named; at most 20');
  await expect(serve({ port: 5280, develop: true, frameBy: [school] })).rejects.toThrow('leave --dev out');
});

test('--frame-by writes an origin as a browser does, once', () => {
  expect(frameOrigins(['https://School.example:443/', school, 'http://127.0.0.1:80'])).toEqual([
    school,
    'http://127.0.0.1',
  ]);
});
