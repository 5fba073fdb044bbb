/**
 * @file What a kernel sends, checked and read: messages, their buffers, tracebacks.
 */
import type { ServerConnection } from '@jupyterlab/services';
import { validateMessage } from '@jupyterlab/services/lib/kernel/validate.js';
import { messageOf } from '../../base/errors.ts';
import { plainText } from '../../base/text.ts';
import { RemoteError } from '../transport.ts';

/** Settings by which a message that is none ends the session; the library throws there, outside of any promise. */
export function withCheckedMessages(
  settings: ServerConnection.ISettings,
  onBroken: (error: RemoteError) => void,
): ServerConnection.ISettings {
  const deserialize: typeof settings.serializer.deserialize = (data, protocol) => {
    try {
      const message = settings.serializer.deserialize(data, protocol);
      validateMessage(message);
      return message;
    } catch (cause) {
      onBroken(
        new RemoteError(
          'bad results',
          `jupyter: the server sent a message that does not follow Jupyter's protocol: ${messageOf(cause).slice(0, 200)}`,
          { cause },
        ),
      );
      throw cause;
    }
  };
  return { ...settings, serializer: { ...settings.serializer, deserialize } };
}

export function asBytes(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer)
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** A traceback without the terminal's colours; `''` where it is none. */
export function plainTraceback(traceback: unknown): string {
  if (!Array.isArray(traceback)) return '';
  return plainText(traceback.join('\n').slice(0, 40_000));
}
