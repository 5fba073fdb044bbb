/**
 * @file The WebSocket of Node for a Jupyter server: it carries the token in a header, so that no address ever holds it.
 */
import WebSocket from 'ws';
import type { JupyterAddress } from './server.ts';

/** How long a server may take to open a socket. */
const handshakeMs = 15_000;
/** A message holds one chunk and its header; more is refused before it takes memory. */
const maxMessageBytes = 64 * 2 ** 20;

type Listener<K extends keyof WebSocket.WebSocketEventMap> = Parameters<
  typeof WebSocket.prototype.addEventListener<K>
>[1];

export function socketWithToken(token: string): NonNullable<JupyterAddress['WebSocket']> {
  /**
   * Whoever listens throws at a message that is none, outside of any promise: the socket ends then, and not the
   * process.
   */
  class SocketWithToken extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols ?? [], {
        headers: token === '' ? {} : { Authorization: `token ${token}` },
        maxPayload: maxMessageBytes,
        perMessageDeflate: false,
        handshakeTimeout: handshakeMs,
      });
    }

    override addEventListener<K extends keyof WebSocket.WebSocketEventMap>(
      type: K,
      listener: Listener<K>,
      options?: WebSocket.EventListenerOptions,
    ): void {
      const guarded = (event: WebSocket.WebSocketEventMap[K]): void => {
        try {
          if (typeof listener === 'function') listener(event);
          else listener.handleEvent(event);
        } catch {
          this.terminate(); // session.ts knows why
        }
      };
      super.addEventListener(type, guarded, options);
    }
  }
  return SocketWithToken as unknown as NonNullable<JupyterAddress['WebSocket']>;
}
