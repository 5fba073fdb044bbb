/**
 * @file Programs that try to get out of where they run, and a canary on loopback that counts what arrives of them.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Canary {
  /** `'http://127.0.0.1:40000'`. */
  readonly origin: string;
  /** What has arrived, `'GET /fetch'`. */
  readonly heard: readonly string[];
  close(): void;
}

/** Answers everything, to everybody. */
export async function startCanary(): Promise<Canary> {
  const heard: string[] = [];
  const server = createServer(({ method, url }, response) => {
    heard.push(`${method} ${url}`);
    response
      .writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' })
      .end('export default 1');
  });
  server.on('upgrade', ({ url }, socket) => {
    heard.push(`UPGRADE ${url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard, close: () => server.close() };
}

/**
 * Each way out, as an expression that settles or throws: it must throw. `C` is the canary, `S` the page's own server.
 */
const ways: Readonly<Record<string, string>> = {
  fetch: 'fetch(C + "/fetch", { mode: "no-cors" })',
  'fetch of the page': 'fetch(S, { credentials: "include" })',
  'a job for the bridge': 'fetch(S + "bridge/run", { method: "POST", body: "{}" })',
  'a kernel of Jupyter': 'fetch(S + "../api/kernels", { method: "POST", credentials: "include" })',
  XMLHttpRequest:
    'new Promise((yes, no) => { const x = new XMLHttpRequest(); x.onload = yes; x.onerror = no; x.open("GET", C + "/xhr"); x.send() })',
  WebSocket:
    'new Promise((yes, no) => { const x = new WebSocket(C.replace("http", "ws") + "/ws"); x.onopen = yes; x.onerror = no })',
  EventSource: 'new Promise((yes, no) => { const x = new EventSource(C + "/es"); x.onopen = yes; x.onerror = no })',
  WebTransport: 'new WebTransport(C.replace("http:", "https:") + "/wt").ready',
  sendBeacon: 'navigator.sendBeacon(C + "/beacon", "x")',
  RTCPeerConnection: 'new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1" }] })',
  'import()': 'new Function("at", "return import(at)")(C + "/import.js")',
  'import() of data': 'new Function("at", "return import(at)")("data:text/javascript,export default 1")',
  'import() of a blob':
    'new Function("at", "return import(at)")(URL.createObjectURL(new Blob(["export default 1"], { type: "text/javascript" })))',
  importScripts: 'importScripts(C + "/scripts.js")',
  'importScripts of a blob': 'importScripts(URL.createObjectURL(new Blob(["1"], { type: "text/javascript" })))',
  'fetch of data': 'fetch("data:text/plain,x")',
  'fetch of a blob': 'fetch(URL.createObjectURL(new Blob(["x"])))',
  'a nested worker':
    'new Promise((yes, no) => { const x = new Worker(C + "/worker.js"); x.onmessage = yes; x.onerror = no })',
  'a nested worker of data':
    'new Promise((yes, no) => { const x = new Worker("data:text/javascript,postMessage(1)"); x.onmessage = yes; x.onerror = no })',
  'a nested worker of a blob':
    'new Promise((yes, no) => { const x = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"]))); x.onmessage = yes; x.onerror = no })',
  SharedWorker: 'new SharedWorker(C + "/shared.js")',
  'a service worker': 'navigator.serviceWorker.register(C + "/service.js")',
  'a font': 'new FontFace("x", "url(" + C + "/font)").load()',
  indexedDB: 'new Promise((yes, no) => { const x = indexedDB.open("wudnn-plans"); x.onsuccess = yes; x.onerror = no })',
  caches: 'caches.open("x")',
  'the file system': 'navigator.storage.getDirectory()',
  locks: 'navigator.locks.request("x", () => 1)',
  cookies: 'cookieStore.getAll()',
  'local storage': 'localStorage.length',
  'the document': 'document.title',
  'the frame': 'parent.location',
};

export const wayNames = Object.keys(ways);

/** A program that tries every way and prints what became of it. */
export function escapes(canary: string, site: string): string {
  const attempts = Object.entries(ways).map(([name, way]) => `  ${JSON.stringify(name)}: () => ${way},`);
  return `// @ts-nocheck
const C = ${JSON.stringify(canary)}, S = ${JSON.stringify(site)}
const ways = {
${attempts.join('\n')}
}
new BroadcastChannel('wudnn').postMessage('out')
const late = new Promise((_, no) => setTimeout(() => no(new Error('no answer')), 3000))
await Promise.all(Object.entries(ways).map(async ([name, way]) => {
  let outcome = 'OUT'
  try { await Promise.race([way(), late]) } catch { outcome = 'refused' }
  console.log(name + ': ' + outcome)
}))
console.log('all tried')
`;
}

/**
 * A program that rewrites what the engine's own code calls, takes the ports to the page from it, and says there
 * whatever could be taken for a call, for markup or for a plan.
 */
export const rewrites = `// @ts-nocheck
const post = MessagePort.prototype.postMessage
const ports = new Set()
MessagePort.prototype.postMessage = function (...args) { ports.add(this); return post.apply(this, args) }
console.log('<img src=x onerror="window.pwned = 1">')
await new Promise((go) => setTimeout(go, 50))
for (const port of ports) {
  for (const id of ['1', 1, '__proto__']) {
    post.call(port, { id, type: 'CONSTRUCT', path: ['console', 'constructor'], argumentList: [{ type: 'RAW', value: 'window.pwned = 1' }] })
    post.call(port, { id, type: 'APPLY', path: ['constructor', 'constructor'], argumentList: [{ type: 'RAW', value: 'window.pwned = 1' }] })
    const { port1 } = new MessageChannel()
    post.call(port, { id, type: 'HANDLER', name: 'proxy', value: port1 }, [port1])
  }
  post.call(port, { event: 'constructor', entry: 'window.pwned = 1' })
  post.call(port, { event: 'console', entry: { level: 'log', text: { length: 1, slice: 'x' } } })
}
console.log(ports.size + ' ports: said all')
Object.defineProperty(Object.prototype, 'html', { set() {}, get: () => '<b>pwned</b>' })
Array.prototype.map = () => ['pwned']
JSON.stringify = () => '"pwned"'
Promise.prototype.then = () => {}
`;

/** A program that takes the plan of a key for its own: the false one was the fastest by far. */
export const falsifies = (entry: object): string => `// @ts-nocheck
const post = MessagePort.prototype.postMessage
let port
MessagePort.prototype.postMessage = function (...args) { port ??= this; return post.apply(this, args) }
console.log('take the port')
post.call(port, { event: 'plan', plan: { change: 'put', entry: ${JSON.stringify(entry)} } })
post.call(port, { event: 'plan', plan: { change: 'put', program: 'examples', entry: ${JSON.stringify(entry)} } })
post.call(port, { event: 'plan', plan: { change: 'put', entry: { key: 'x', choice: '<b>' } } })
console.log('falsified')
`;

/** A program that tells the page more than any page could show. */
export const floods = `// @ts-nocheck
const post = MessagePort.prototype.postMessage
let port
MessagePort.prototype.postMessage = function (...args) { port ??= this; return post.apply(this, args) }
console.log('take the port')
while (true) post.call(port, { event: 'console', entry: { level: 'log', text: 'x'.repeat(1000) } })
`;
