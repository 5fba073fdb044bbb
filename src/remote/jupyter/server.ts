/**
 * @file The Jupyter server over HTTP: is it there, is it one, does it take the token, and which kernel speaks Python.
 *
 * Each of these fails with its own message. A wrong token answers 403 with a text about `_xsrf`, which misleads; a
 * redirect would carry the token to another host, so none is followed.
 */
import { ServerConnection } from '@jupyterlab/services';
import { messageOf } from '../../base/errors.ts';
import { plainText } from '../../base/text.ts';
import { parseAddress, withoutSecrets } from '../address.ts';
import { connectionFailure } from '../network-error.ts';
import { RemoteError } from '../transport.ts';

export interface JupyterAddress {
  /** `http://127.0.0.1:8888/`, with the base path where there is one. */
  readonly address: string;
  /** Empty where the server wants none. */
  readonly token: string;
  /**
   * A WebSocket class that sends the token as a header (node.ts). A page has none that could: there the library puts
   * the token into the socket's address, which no page shows or keeps, but which a proxy on the way may log.
   */
  readonly WebSocket?: ServerConnection.ISettings['WebSocket'];
}

/** How long the server may take to answer a request that needs no kernel. */
const answerMs = 15_000;
/** How long it may take to start a kernel or to interrupt it. */
const startMs = 60_000;
/** A list of kernels is some kilobytes. */
const maxAnswerBytes = 4 * 2 ** 20;

export function connectionSettings({ address, token, WebSocket }: JupyterAddress): ServerConnection.ISettings {
  const baseUrl = parseAddress(address);
  return ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, 'ws'),
    token,
    appendToken: WebSocket === undefined,
    init: { mode: 'cors', credentials: 'omit', cache: 'no-store', redirect: 'manual' },
    fetch: boundedFetch(startMs),
    ...(WebSocket && { WebSocket }),
  });
}

/**
 * A request that ends in time with an answer of a bounded size, whatever the server does: the library waits for ever,
 * and reads all there is.
 */
function boundedFetch(ms: number): (input: RequestInfo, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const limit = AbortSignal.timeout(ms);
    const asked = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const response = await fetch(input, { ...init, signal: asked ? AbortSignal.any([asked, limit]) : limit });
    if (!response.body || response.status < 200) return response;
    return new Response(await boundedBody(response), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}

async function boundedBody(response: Response): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body!.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    size += part.value.length;
    if (size > maxAnswerBytes) {
      await reader.cancel();
      throw new Error(`its answer has more than ${maxAnswerBytes} bytes`);
    }
  }
  return new Blob(chunks);
}

/** The version of the server; it tells without a token. */
export async function probeVersion(settings: ServerConnection.ISettings): Promise<string> {
  const version = ((await getJson(settings, 'api')) as { version?: unknown } | null)?.version;
  if (typeof version !== 'string') throw notJupyter(settings, 'its answer to GET api has no version');
  return plainText(version).slice(0, 100);
}

/** The name of the kernel to start. */
export async function probeKernel(settings: ServerConnection.ISettings): Promise<string> {
  return choosePython(settings, await getJson(settings, 'api/kernelspecs'));
}

async function getJson(settings: ServerConnection.ISettings, path: string): Promise<unknown> {
  const response = await request(settings, path);
  await refuse(response, settings);
  try {
    return await response.json();
  } catch (cause) {
    throw notJupyter(settings, `its answer to GET ${path} is not JSON`, cause);
  }
}

/**
 * A request with the token in its header. Not the library's own: it drops the cause of a failure, and that is what the
 * visitor needs.
 */
export async function request(
  settings: ServerConnection.ISettings,
  path: string,
  method: 'GET' | 'DELETE' = 'GET',
): Promise<Response> {
  try {
    const headers: HeadersInit = settings.token === '' ? {} : { Authorization: `token ${settings.token}` };
    return await boundedFetch(answerMs)(settings.baseUrl + path, { ...settings.init, method, headers });
  } catch (cause) {
    throw unreachable(settings.baseUrl, cause);
  }
}

/** Turns a status that is not a success into the error that a visitor can act on. */
export async function refuse(response: Response, settings: ServerConnection.ISettings): Promise<void> {
  const { status } = response;
  if (response.ok) return;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    const target = response.headers.get('location');
    const login = target?.includes('login') ?? false;
    if (login) throw wrongToken(settings, status);
    const place = target ? ` to ${withoutSecrets(target)}` : '';
    throw new RemoteError(
      'forbidden',
      `jupyter: ${settings.baseUrl} redirects${place}; redirects are not followed, give the final address`,
    );
  }
  if (status === 401 || status === 403) throw wrongToken(settings, status);
  if (status === 404) throw notJupyter(settings, 'it answers 404; is a base path missing in the address?');
  const text = (await response.text().catch(() => '')).slice(0, 200);
  throw new RemoteError('not a jupyter server', `jupyter: ${settings.baseUrl} answers ${status}${text && `: ${text}`}`);
}

/** What a failed request means; Node says why in the error's cause, a page never does. */
export function unreachable(baseUrl: string, cause: unknown): RemoteError {
  const { host, port, protocol } = new URL(baseUrl);
  const message = (reason: string): RemoteError =>
    new RemoteError('unreachable', `jupyter: ${host} cannot be reached: ${reason}`, { cause });
  const code = systemCode(cause);
  if (cause instanceof DOMException && cause.name === 'TimeoutError')
    return message(`no answer within ${answerMs / 1000} s; is the address right, or is a firewall in the way?`);
  if (code === 'ECONNREFUSED') return message('nothing listens there; start the server, or check the port');
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
    return message(
      `the connection was cut; check the port, and whether the server uses ${protocol === 'https:' ? 'http' : 'https'}`,
    );
  if (code && /CERT|SELF_SIGNED|ALTNAME|ISSUER/.test(code)) {
    return message(
      `its certificate is not trusted (${code}); use one from a known authority, or an ssh tunnel to localhost`,
    );
  }
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL'))
    return message('it does not use https; use http, or check the port');
  if (code?.startsWith('HPE_')) return message('what answers there does not use http; check the port');
  if (code?.endsWith('_TIMEOUT')) return message(connectionFailure('ETIMEDOUT', ''));
  if (cause instanceof Error && cause.cause instanceof Error) {
    const said = cause.cause.message;
    if (said === 'bad port')
      return message(
        `fetch refuses port ${port}, which belongs to another protocol; check the port, or start the server on 8888`,
      );
    return message(connectionFailure(code, said));
  }
  if (code) return message(connectionFailure(code, ''));
  return message(
    `${messageOf(cause)}; the server is not there, or does not allow this page (--ServerApp.allow_origin)`,
  );
}

function systemCode(error: unknown): string | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string') return e.code;
  }
  return undefined;
}

function wrongToken(settings: ServerConnection.ISettings, status: number): RemoteError {
  const { host } = new URL(settings.baseUrl);
  const given = settings.token === '' ? 'needs a token, but none was given' : 'does not accept this token';
  return new RemoteError(
    'wrong token',
    `jupyter: ${host} ${given} (status ${status}); \`jupyter server list\` on that machine prints it`,
  );
}

function notJupyter(settings: ServerConnection.ISettings, why: string, cause?: unknown): RemoteError {
  return new RemoteError('not a jupyter server', `jupyter: ${settings.baseUrl} is not a Jupyter server: ${why}`, {
    cause,
  });
}

/** The default kernel if it speaks Python, else the first that does. */
function choosePython(settings: ServerConnection.ISettings, specs: unknown): string {
  const { default: standard, kernelspecs } = (specs ?? {}) as {
    default?: unknown;
    kernelspecs?: Record<string, { spec?: { language?: unknown } }>;
  };
  if (typeof kernelspecs !== 'object' || kernelspecs === null)
    throw notJupyter(settings, 'its list of kernels has another form');
  const python = Object.keys(kernelspecs).filter((name) => kernelspecs[name]?.spec?.language === 'python');
  if (typeof standard === 'string' && python.includes(standard)) return standard;
  return python[0] ?? raiseNoKernel(settings);
}

function raiseNoKernel(settings: ServerConnection.ISettings): never {
  throw new RemoteError('no kernel', `jupyter: ${settings.baseUrl} has no Python kernel; install ipykernel there`);
}
