/**
 * @file The page's side of the bridge: lists the remotes and runs jobs on them.
 *
 * The session's key stands in the page that the bridge served, is taken out of it at the start and lives in memory; a
 * static page has none and so no bridge. A job needs a permit besides, and the page asks for one only while it does
 * what the visitor's own hand began: an event that a script made up begins nothing.
 */
import { fail } from '../base/errors.ts';
import type { DoctorLine, Permit, Remote, RemoteList, RunLine, RunRequest } from '../bridge/protocol.ts';
import { keyHeader, keyMeta, permitHeader } from '../bridge/protocol.ts';
import type { RemoteOutcome } from '../compare/types.ts';
import type { JobPayload } from '../session/protocol.ts';
import { progressText } from '../remote/transport.ts';
import type { Watch } from '../compare/with-remotes.ts';
import { say } from './language.ts';
import { byHand } from './state.ts';

const key = takeKey();

export async function listRemotes(): Promise<RemoteList> {
  const response = await post('remotes', new Blob());
  return (await response.json()) as RemoteList;
}

/** Whether this page came from a bridge, which reaches what a page alone cannot. */
export function hasBridge(): boolean {
  return key !== undefined;
}

/** Runs a job on a remote by the bridge; the report is not checked yet. */
export async function runByBridge(
  remote: Remote,
  { model, program, tensors }: JobPayload,
  { onProgress, signal }: Watch,
): Promise<RemoteOutcome> {
  const request: RunRequest = { remote, model, program };
  const head = `${JSON.stringify(request)}\n`;
  const response = await post('run', new Blob([head, tensors as Uint8Array<ArrayBuffer>]), signal, {
    [permitHeader]: await permit(),
  });
  const stream = new LineStream(
    response.body ?? fail(say({ en: 'bridge: the answer has no body', zh: '桥接：应答没有正文' })),
  );
  for (let line = await stream.line(); line !== undefined; line = await stream.line()) {
    const message = JSON.parse(line) as RunLine;
    if ('progress' in message) onProgress(progressText(message.progress));
    else if ('error' in message)
      fail(message.error.detail ? `${message.error.message}\n\n${message.error.detail}` : message.error.message);
    else return { report: message.result.report, results: await stream.bytes(message.result.bytes) };
  }
  return fail(
    say({
      en: 'bridge: the connection ended before the result arrived; is `npm start` still running?',
      zh: '桥接：结果到达之前连接就断了；`npm start` 还在运行吗？',
    }),
  );
}

/** Examines the way to a remote; `onStage` hears each stage as it ends. */
export async function examineByBridge(
  remote: Remote,
  onStage: (stage: DoctorLine) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await post('doctor', new Blob([JSON.stringify(remote)]), signal);
  const stream = new LineStream(
    response.body ?? fail(say({ en: 'bridge: the answer has no body', zh: '桥接：应答没有正文' })),
  );
  for (let line = await stream.line(); line !== undefined; line = await stream.line())
    onStage(JSON.parse(line) as DoctorLine);
}

/** Nothing that comes later finds the key in the page. */
function takeKey(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>(`meta[name="${keyMeta}"]`);
  meta?.remove();
  return meta?.content;
}

async function permit(): Promise<string> {
  if (!byHand.value) fail(say({ en: 'bridge: no button was pressed on this page', zh: '桥接：本页上没有按过按钮' }));
  const answer = (await (await post('permit', new Blob())).json()) as Permit;
  return answer.permit;
}

async function post(
  path: string,
  body: Blob,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  if (key === undefined)
    fail(
      say({
        en: 'bridge: there is none, because this page was not served by `npm start`',
        zh: '桥接：没有桥接服务，因为本页不是由 `npm start` 提供的',
      }),
    );
  let response: Response;
  try {
    response = await fetch(`/bridge/${path}`, {
      method: 'POST',
      body,
      headers: { ...more, [keyHeader]: key },
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Error(
      say({
        en: 'bridge: it does not answer; is `npm start` still running?',
        zh: '桥接：没有应答；`npm start` 还在运行吗？',
      }),
      { cause },
    );
  }
  if (!response.ok) fail(await errorOf(response));
  return response;
}

async function errorOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => undefined)) as { error?: unknown } | undefined;
  return typeof answer?.error === 'string'
    ? answer.error
    : say({ en: `bridge: it answers ${response.status}`, zh: `桥接：应答 ${response.status}` });
}

/** Reads lines of text from a stream of bytes, and then the bytes behind them. */
class LineStream {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(body: ReadableStream<Uint8Array>) {
    this.reader = body.getReader();
  }

  /** The next line; `undefined` at the end. */
  async line(): Promise<string | undefined> {
    let end = this.rest.indexOf(10);
    while (end < 0) {
      if (!(await this.more())) return undefined;
      end = this.rest.indexOf(10);
    }
    const line = new TextDecoder().decode(this.rest.subarray(0, end));
    this.rest = this.rest.subarray(end + 1);
    return line;
  }

  /** The next `count` bytes. */
  async bytes(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    let filled = 0;
    while (true) {
      const part = this.rest.subarray(0, count - filled);
      out.set(part, filled);
      filled += part.length;
      this.rest = this.rest.subarray(part.length);
      if (filled === count) return out;
      if (!(await this.more()))
        fail(
          say({
            en: `bridge: the results ended after ${filled} of ${count} bytes`,
            zh: `桥接：结果在 ${filled}/${count} 字节处中断`,
          }),
        );
    }
  }

  private async more(): Promise<boolean> {
    const { value, done } = await this.reader.read();
    if (done) return false;
    const joined = new Uint8Array(this.rest.length + value.length);
    joined.set(this.rest);
    joined.set(value, this.rest.length);
    this.rest = joined;
    return true;
  }
}
