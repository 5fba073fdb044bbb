/**
 * @file The WebSocket of Node for a Jupyter server: it carries the token in a header, so that no address ever holds it.
 */
import WebSocket from 'ws';
import type { JupyterAddress } from './server.ts';

/** A message holds one chunk and its header; more is refused before it takes memory. */
const MAX_MESSAGE_BYTES = 64 * 2 ** 20;

export function socketWithToken(token: string): NonNullable<JupyterAddress['WebSocket']> {
  class SocketWithToken extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols ?? [], {
        headers: token === '' ? {} : { Authorization: `token ${token}` },
        maxPayload: MAX_MESSAGE_BYTES,
        perMessageDeflate: false,
      });
    }
  }
  return SocketWithToken as unknown as NonNullable<JupyterAddress['WebSocket']>;
}
