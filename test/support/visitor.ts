/**
 * @file A browser as the server sees one: requests with exactly the headers that it would send. `fetch` would not let a
 * test forge them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { PageServer } from '../../src/bridge/serve.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Headers = Readonly<Record<string, string>>;

export function ask(
  url: string,
  headers: Headers = {},
  { method = 'GET', body = '' }: { method?: string; body?: Uint8Array | string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const { statusCode, headers } = response;
      buffer(response).then((body) => resolve({ status: statusCode!, headers, body }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What a browser says of an address that somebody types or opens. */
export const navigation: Headers = {
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** What the page's own script sends to the bridge: its headers, for as long as the server lives. */
export async function letIn(
  served: PageServer,
): Promise<Record<'cookie' | 'origin' | 'sec-fetch-site' | 'x-wudnn-key', string>> {
  const { headers } = await ask(served.entry(), navigation);
  const cookie = headers['set-cookie']![0].split(';')[0];
  const key = keyIn(await ask(served.url, { ...navigation, cookie }));
  return { cookie, origin: new URL(served.url).origin, 'sec-fetch-site': 'same-origin', 'x-wudnn-key': key! };
}

/** The bridge's key in a page, where it has one. */
export function keyIn({ body }: Answer): string | undefined {
  return /<meta name="wudnn-bridge-key" content="([0-9a-f]+)"/.exec(body.toString())?.[1];
}
