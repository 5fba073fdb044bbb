/**
 * @file A TCP proxy on loopback that can cut its connections and slow them down: a bad network, for tests.
 */
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Proxy {
  readonly port: number;
  /** Ends every connection there is; new ones are served. */
  cut(): void;
  /** Cuts, and forwards new connections to another port: what a client sees where another server takes a place. */
  turnTo(target: number): void;
  close(): Promise<void>;
}

/** Forwards to a port of loopback; `bytesPerSecond` limits each direction of each connection. */
export async function startProxy(target: number, bytesPerSecond = Infinity): Promise<Proxy> {
  let port = target;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}); // a cut connection is the point
      socket.on('close', () => sockets.delete(socket));
    }
    pipeline(client, slow(bytesPerSecond), upstream).catch(() => client.destroy());
    pipeline(upstream, slow(bytesPerSecond), client).catch(() => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    turnTo(next) {
      port = next;
      cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

function slow(bytesPerSecond: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      if (bytesPerSecond < Infinity) await sleep((1000 * chunk.length) / bytesPerSecond);
      done(null, chunk);
    },
  });
}
