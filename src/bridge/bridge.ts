/**
 * @file The bridge: takes jobs from the page and carries them to a remote. It knows only the remotes that it offers
 * itself and those that the visitor names in the request; tokens pass through memory and are kept nowhere.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail, messageOf } from '../base/errors.ts';
import type { Machine } from '../machine/machine.ts';
import { lookAround } from '../machine/machine.ts';
import { readAddress } from '../remote/address.ts';
import { checkJob } from '../remote/printed/check.ts';
import { RemoteError } from '../remote/transport.ts';
import type { Guard } from './guard.ts';
import type { RemoteAccess } from '../remote/node/access.ts';
import { examine, transportTo } from '../remote/node/access.ts';
import { addressKinds } from '../remote/node/kinds/index.ts';
import { ThisMachine } from './this-machine.ts';
import type { DoctorRequest, NamedRemote, Permit, RemoteList, RunLine } from './protocol.ts';
import { maxRequestBytes, readDoctorRequest, readRunRequest } from './wire.ts';

export class Bridge {
  private readonly guard: Guard;
  private readonly thisMachine: ThisMachine;
  private readonly running = new Set<AbortController>();

  constructor(guard: Guard, machine: Machine = lookAround()) {
    this.guard = guard;
    this.thisMachine = new ThisMachine(machine);
  }

  /** Answers a request below `/bridge/`; `path` is what follows. Never rejects. */
  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = this.guard.bridgeRefusal(request) ?? (path === '/run' ? this.guard.takePermit(request) : undefined);
    try {
      if (refused) sendJson(response, refused.status, { error: refused.reason });
      else if (path === '/remotes') sendJson(response, 200, await this.list());
      else if (path === '/permit') sendJson(response, 200, { permit: this.guard.permit() } satisfies Permit);
      else if (path === '/run') await this.run(request, response);
      else if (path === '/doctor') await this.examine(request, response);
      else sendJson(response, 404, { error: `bridge: there is no ${path}` });
    } catch (error) {
      if (!response.headersSent) sendJson(response, 400, { error: messageOf(error) });
      else response.destroy();
    }
  }

  /** Cancels what runs and stops the server that was started. */
  async close(): Promise<void> {
    for (const controller of this.running) controller.abort();
    await this.thisMachine.close();
  }

  private async list(): Promise<RemoteList> {
    const offer = await this.thisMachine.offer();
    return {
      remotes: offer ? [offer] : [],
      missing: await this.thisMachine.missing(),
      kinds: addressKinds.map(({ protocols, form, about }) => ({ protocols, form, about })),
    };
  }

  /** A run ends early when the page closes the connection: by Stop, by a reload, or because it is gone. */
  private async run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const controller = new AbortController();
    response.on('close', () => controller.abort());
    this.running.add(controller);
    const write = (line: RunLine): void => void response.write(`${JSON.stringify(line)}\n`);
    try {
      const { request: run, tensors } = readRunRequest(await readBody(request));
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
      const transport = transportTo(await this.named(run.remote));
      const result = await transport.run(checkJob({ model: run.model, program: run.program, tensors }), {
        signal: controller.signal,
        onProgress: (progress) => write({ progress }),
      });
      write({ result: { report: result.report, log: result.log, bytes: result.tensors.length } });
      response.end(result.tensors);
    } catch (error) {
      if (!response.headersSent) throw error;
      const { kind = 'failed', detail } = error instanceof RemoteError ? error : { detail: undefined };
      write({ error: { kind, message: messageOf(error), ...(detail !== undefined && { detail }) } });
      response.end();
    } finally {
      this.running.delete(controller);
    }
  }

  /** Examines a remote: a JSON line for each stage as it ends. */
  private async examine(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const named = await this.named(readDoctorRequest(await readBody(request)));
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    await examine(named, (stage) => void response.write(`${JSON.stringify(stage)}\n`));
    response.end();
  }

  /** Where a remote is; one that the bridge offers starts when it is first wanted. */
  private async named(remote: DoctorRequest): Promise<RemoteAccess> {
    return remote.kind === 'named' ? namedByPage(remote) : this.offered(remote.id).address();
  }

  private offered(id: string): ThisMachine {
    return id === ThisMachine.id ? this.thisMachine : fail(`bridge: there is no remote '${id}'`);
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRequestBytes) fail(`bridge: the job is larger than ${maxRequestBytes} bytes`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return new Uint8Array(body.buffer, body.byteOffset, body.length);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(value));
}

/** What the visitor named in the page; a passphrase is tried once. */
function namedByPage({ address, token, passphrase }: NamedRemote): RemoteAccess {
  return {
    ...readAddress(address, token),
    ...(passphrase && { passphrase: async (_: string, attempt: number) => (attempt === 1 ? passphrase : undefined) }),
  };
}
