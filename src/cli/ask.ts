/**
 * @file Asks for a secret in the terminal: what is typed is not shown.
 */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { cancelled } from '../remote/transport.ts';

/** What was typed; `undefined` where nobody sits at a terminal. Rejects as cancelled at Control-C and Control-D. */
export async function askSecret(question: string): Promise<string | undefined> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return undefined;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // From here on the terminal shows nothing by itself.
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    stderr.write(question);
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => lines.close());
      lines.once('close', () => reject(cancelled()));
    });
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
