/**
 * @file One kernel from start to shutdown: code to execute, and files in and out through a comm.
 *
 * Everything here ends when the kernel does: `lost` rejects when it dies or the connection is gone for good, and every
 * wait is a race against it. A dropped socket is opened again by the library; requests without an answer are sent
 * again.
 */
import type { Kernel, KernelMessage, ServerConnection } from '@jupyterlab/services';
import { CommsOverSubshells, KernelAPI, KernelConnection } from '@jupyterlab/services';
import { messageOf } from '../../base/errors.ts';
import { sha256Of } from '../../base/checksum.ts';
import { cancelled, RemoteError } from '../transport.ts';
import { Deadline } from './deadline.ts';
import { asBytes, plainTraceback, withCheckedMessages } from './messages.ts';
import { request, unreachable } from './server.ts';
import { watch } from './watch.ts';

/**
 * The server closes a socket at a message above 10 MiB; half of a chunk's size would do as well, but not its double.
 */
export const chunkBytes = 8 * 2 ** 20;

/** How long a chunk of a file may take: on a link of 30 KB/s. */
const chunkMs = 5 * 60_000;
/** How long code may run without a word. */
const usualSilentMs = 3 * 60_000;
const shutdownMs = 20_000;
/** How long a kernel may take from its start to its first answer. */
const startMs = 60_000;
const startStepMs = 1000;

type IComm = Kernel.IComm;
type Message = Record<string, string | number>;

interface Pending {
  readonly message: Message;
  readonly buffers: ArrayBuffer[];
  readonly resolve: (reply: CourierReply) => void;
  readonly reject: (error: Error) => void;
}

interface CourierReply {
  readonly data: Readonly<Record<string, unknown>>;
  readonly buffers: readonly (ArrayBuffer | ArrayBufferView)[];
}

export interface Execution {
  readonly status: 'ok' | 'error' | 'aborted';
  readonly exception?: { readonly name: string; readonly value: string; readonly traceback: string };
}

export class KernelSession {
  private readonly kernel: Kernel.IKernelConnection;
  private readonly lost: Promise<never>;
  /** Ends every wait. */
  private fail!: (error: Error) => void;
  private readonly signal: AbortSignal | undefined;
  private readonly pending = new Map<number, Pending>();
  private comm: IComm | undefined;
  private nextId = 1;
  private closing = false;

  private constructor(kernel: Kernel.IKernelConnection, signal: AbortSignal | undefined) {
    this.kernel = kernel;
    this.signal = signal;
    kernel.commsOverSubshells = CommsOverSubshells.Disabled; // requests are answered in their order
    // The library opens the socket to a restarted kernel by itself, and nobody there catches it when that fails.
    const reconnect = kernel.reconnect.bind(kernel);
    kernel.reconnect = () => reconnect().catch(() => {});
    this.lost = new Promise((_, reject) => (this.fail = reject));
    watch(kernel, {
      closing: () => this.closing,
      onReturn: () => this.pending.forEach((pending) => this.send(pending)),
      onLost: this.fail,
    });
    this.lost.catch(() => {}); // whoever waits takes part in a race with it; nobody may be waiting
  }

  /**
   * Starts a kernel and waits until it answers. Not by the library's KernelManager, which polls the list of all
   * kernels. The signal ends what carries files; code that runs is interrupted by its caller.
   */
  static async start(
    settings: ServerConnection.ISettings,
    kernelName: string,
    signal?: AbortSignal,
  ): Promise<KernelSession> {
    let session: KernelSession | undefined;
    try {
      const model = await KernelAPI.startNew({ name: kernelName }, settings);
      const serverSettings = withCheckedMessages(settings, (error) => {
        if (session) session.fail(error);
      });
      session = new KernelSession(new KernelConnection({ model, serverSettings }), signal);
      await session.stoppable(session.firstAnswer(kernelName));
      return session;
    } catch (cause) {
      await session?.close();
      if (cause instanceof RemoteError) throw cause;
      if (cause instanceof TypeError) throw unreachable(settings.baseUrl, cause);
      if (settings.token === '' && (cause as { response?: Response }).response?.status === 403) {
        throw new RemoteError(
          'wrong token',
          `jupyter: ${new URL(settings.baseUrl).host} runs without a token, so it starts kernels only for its own pages; start it with a token, which is Jupyter's default`,
          { cause },
        );
      }
      throw new RemoteError(
        'no kernel',
        `jupyter: the kernel ${kernelName} does not start: ${messageOf(cause)}; see the server's log, or run \`jupyter kernelspec list\` on that machine`,
        { cause },
      );
    }
  }

  /** Runs code; resolves after both the reply and the idle status, however the code ended. */
  async execute(
    code: string,
    onOutput: (text: string) => void = () => {},
    silentMs = usualSilentMs,
  ): Promise<Execution> {
    const silence = new Deadline(silentMs, () =>
      this.fail(
        new RemoteError(
          'connection lost',
          `jupyter: the kernel printed nothing for ${silentMs / 1000} s; it may be stuck. Run again`,
        ),
      ),
    );
    const future = this.kernel.requestExecute({
      code,
      silent: false,
      store_history: false,
      allow_stdin: false,
      stop_on_error: true,
    });
    future.onIOPub = (message) => {
      silence.restart();
      if (message.header.msg_type === 'stream')
        this.guard(() => onOutput((message as KernelMessage.IStreamMsg).content.text));
    };
    const done = future.done.catch(() => this.lost); // the library cancels it when it gives up; `lost` says why
    const { content } = await this.race(done).finally(() => silence.end());
    if (content.status !== 'error') return { status: content.status === 'ok' ? 'ok' : 'aborted' };
    return {
      status: 'error',
      exception: {
        name: String(content.ename),
        value: String(content.evalue),
        traceback: plainTraceback(content.traceback),
      },
    };
  }

  /** Opens the comm to the courier (python/courier.py), which must have been executed. */
  openCourier(): void {
    const comm = this.kernel.createComm('wudnn');
    comm.onMsg = ({ content, buffers }) =>
      this.guard(() => this.answer(content.data as Record<string, unknown>, buffers ?? []));
    comm.onClose = () =>
      this.failPending(new RemoteError('python exception', 'jupyter: the kernel closed the channel for files'));
    comm.open();
    this.comm = comm;
  }

  async writeFile(name: string, bytes: Uint8Array, onProgress: (done: number) => void): Promise<void> {
    for (let offset = 0; offset === 0 || offset < bytes.length; offset += chunkBytes) {
      const chunk = bytes.slice(offset, offset + chunkBytes);
      await this.request({ do: 'write', name, offset }, [chunk.buffer]);
      onProgress(Math.min(offset + chunkBytes, bytes.length));
    }
    const { sha256 } = await this.digest(name);
    if (sha256 !== (await sha256Of(bytes)))
      throw new RemoteError('connection lost', `jupyter: ${name} was corrupted on the way; run again`);
  }

  /** Reads a file of at most `limit` bytes. */
  async readFile(
    name: string,
    limit: number,
    onProgress: (done: number, total: number) => void = () => {},
  ): Promise<Uint8Array> {
    const { size, sha256 } = await this.digest(name);
    if (size > limit) throw new RemoteError('bad results', `jupyter: ${name} has ${size} bytes; the limit is ${limit}`);
    const bytes = new Uint8Array(size);
    for (let offset = 0; offset < size; offset += chunkBytes) {
      const length = Math.min(chunkBytes, size - offset);
      const [buffer] = (await this.request({ do: 'read', name, offset, length }, [])).buffers;
      const chunk = buffer === undefined ? new Uint8Array(0) : asBytes(buffer);
      if (chunk.length !== length)
        throw new RemoteError(
          'bad results',
          `jupyter: ${name} gave ${chunk.length} bytes at ${offset}, expected ${length}`,
        );
      bytes.set(chunk, offset);
      onProgress(offset + length, size);
    }
    if (sha256 !== (await sha256Of(bytes)))
      throw new RemoteError('connection lost', `jupyter: ${name} was corrupted on the way; run again`);
    return bytes;
  }

  interrupt(): Promise<void> {
    return this.kernel.interrupt();
  }

  /** Shuts the kernel down; never rejects, since it is also what is done after a failure. */
  async close(): Promise<void> {
    this.closing = true;
    const { id, serverSettings } = this.kernel;
    const path = `api/kernels/${encodeURIComponent(id)}`;
    // A server that is just starting a dead kernel again may fail to shut it down: say it again until the kernel is
    // unknown.
    for (const deadline = performance.now() + shutdownMs; performance.now() < deadline;) {
      const answer = await request(serverSettings, path, 'DELETE').catch(() => undefined);
      // No answer: the server is gone, and with it the kernel. The others: what answers in its place does not know it.
      if (!answer || answer.ok || [401, 403, 404].includes(answer.status)) break;
      await sleep(500);
    }
    this.kernel.dispose();
  }

  private async digest(name: string): Promise<{ size: number; sha256: string }> {
    const { data } = await this.request({ do: 'digest', name }, []);
    const { size, sha256 } = data;
    if (!Number.isSafeInteger(size) || typeof sha256 !== 'string')
      throw new RemoteError('bad results', `jupyter: the kernel's answer about ${name} has another form`);
    return { size: size as number, sha256 };
  }

  private request(message: Message, buffers: ArrayBuffer[]): Promise<CourierReply> {
    const id = this.nextId++;
    const reply = new Promise<CourierReply>((resolve, reject) => {
      this.pending.set(id, { message: { ...message, id }, buffers, resolve, reject });
      this.send(this.pending.get(id)!);
    });
    const late = new Deadline(chunkMs, () =>
      this.fail(
        new RemoteError(
          'connection lost',
          `jupyter: no answer about ${String(message['name'])} within ${chunkMs / 1000} s; run again`,
        ),
      ),
    );
    return this.stoppable(reply).finally(() => {
      late.end();
      this.pending.delete(id);
    });
  }

  private send({ message, buffers }: Pending): void {
    this.comm!.send(message, undefined, buffers);
  }

  private answer(data: Record<string, unknown>, buffers: readonly (ArrayBuffer | ArrayBufferView)[]): void {
    const pending = this.pending.get(data['id'] as number);
    if (!pending) return; // the second answer to a request that was sent again
    if (data['error'] === undefined) pending.resolve({ data, buffers });
    else
      pending.reject(
        new RemoteError(
          'python exception',
          `jupyter: the kernel could not ${pending.message['do']} ${pending.message['name']}: ${String(data['error']).slice(0, 500)}`,
        ),
      );
  }

  /** Waits for the kernel's first answer; one that crashes at once never gives it, and the server gives it up. */
  private async firstAnswer(kernelName: string): Promise<void> {
    let answered = false;
    const info = this.kernel.info.then(
      () => (answered = true),
      () => this.lost,
    );
    const path = `api/kernels/${encodeURIComponent(this.kernel.id)}`;
    for (let waited = 0; !answered && waited < startMs; waited += startStepMs) {
      await Promise.race([info, sleep(startStepMs)]);
      const known = await request(this.kernel.serverSettings, path).catch(() => undefined);
      if (known?.status === 404) break;
    }
    if (!answered)
      throw new RemoteError(
        'no kernel',
        `jupyter: the kernel ${kernelName} does not answer; it may crash on start, see the server's log`,
      );
  }

  private failPending(error: RemoteError): void {
    for (const { reject } of this.pending.values()) reject(error);
  }

  private race<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.lost]);
  }

  /** The same, and it ends at Stop. */
  private stoppable<T>(promise: Promise<T>): Promise<T> {
    const signal = this.signal;
    if (!signal) return this.race(promise);
    let stop = (): void => {};
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(cancelled());
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    });
    return Promise.race([promise, this.lost, stopped]).finally(() => signal.removeEventListener('abort', stop));
  }

  /** What the library calls when a message comes: it would swallow an error. */
  private guard(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.fail(
        error instanceof RemoteError
          ? error
          : new RemoteError('bad results', `jupyter: the kernel's message has another form: ${messageOf(error)}`, {
              cause: error,
            }),
      );
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
