/**
 * @file The service worker of a static site: it keeps the page as it was built, so that it opens without a network. A
 * newer build is fetched whole beside it, and takes its place when all tabs of the older one are closed.
 *
 * The engine's frame needs care: a browser lets no service worker answer for a frame with the attribute `sandbox`. So
 * the page asks for the frame's document under a name of its own, and the answer has the sandbox as a header.
 */

/** What the build puts before this script: hashes of the files, by their paths. */
declare const built: {
  readonly version: string;
  readonly page: Readonly<Record<string, string>>;
  /** The editor's, which is most of all; kept once it was loaded. */
  readonly editor: Readonly<Record<string, string>>;
};

/** What of a service worker's realm is used; TypeScript has it in a library that the page's contradicts. */
interface Realm {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate' | 'message' | 'fetch', listener: (event: WorkerEvent) => void): void;
}

interface WorkerEvent extends Event {
  readonly data: unknown;
  readonly request: Request;
  waitUntil(done: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}

const realm = self as unknown as Realm;
const { scope } = realm.registration;
/** Other pages of this host have caches too. */
const own = `wudnn ${scope} `;
const cacheName = own + built.version;
const hashes: Readonly<Record<string, string>> = { ...built.page, ...built.editor };

realm.addEventListener('install', (event) => event.waitUntil(keep(built.page)));
realm.addEventListener('activate', (event) => event.waitUntil(takeOver()));
realm.addEventListener('message', (event) => {
  if (event.data === 'keep the editor') event.waitUntil(keep(built.editor));
});
realm.addEventListener('fetch', (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});

/** Fetches what is not there yet; rejects where a file is not that of this build. */
async function keep(files: Readonly<Record<string, string>>): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(
    Object.keys(files).map(async (path) => {
      if (!(await cache.match(urlOf(path)))) await cache.put(urlOf(path), await load(path));
    }),
  );
}

/** Pages that opened before there was a service worker are served from now on too. */
async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(own) && name !== cacheName).map((name) => caches.delete(name)),
  );
  await realm.clients.claim();
}

function answerTo({ method, url }: Request): Promise<Response> | undefined {
  if (method !== 'GET' || !url.startsWith(scope)) return undefined;
  const { pathname, search } = new URL(url);
  const path = pathname.slice(new URL(scope).pathname.length) || 'index.html';
  if (path === 'engine.html') return search === '?kept' ? shutIn() : undefined;
  if (path.startsWith('recorded/') && path.endsWith('.json')) return newest(url);
  return Object.hasOwn(hashes, path) ? kept(path) : undefined;
}

async function kept(path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(urlOf(path))) ?? load(path);
}

/** Records may be added to a site after it was built. */
async function newest(url: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(url, { cache: 'no-cache' });
    if (response.ok) await cache.put(url, response.clone());
    return response;
  } catch (error) {
    const last = await cache.match(url);
    if (last) return last;
    throw error;
  }
}

/** The engine's document without an origin. Should the header be lost, the document itself refuses to start. */
async function shutIn(): Promise<Response> {
  const response = await kept('engine.html');
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': 'sandbox allow-scripts' };
  return new Response(await response.text(), { headers });
}

const urlOf = (path: string): string => scope + path;

/** Names of assets have a hash, so what the browser has of them is right. */
async function load(path: string): Promise<Response> {
  const response = await fetch(urlOf(path), {
    integrity: `sha256-${hashes[path]}`,
    cache: path.startsWith('assets/') ? 'default' : 'no-cache',
  });
  if (!response.ok) throw new Error(`offline: ${path} did not load (status ${response.status})`);
  return response;
}
