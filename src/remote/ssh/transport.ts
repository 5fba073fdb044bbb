/**
 * @file The ssh transport: runs a job with a python of another machine, given an account there.
 */
import { runInFolder } from '../shell.ts';
import type { Transport } from '../transport.ts';
import { throwIfCancelled } from '../transport.ts';
import type { SshAddress } from './connection.ts';
import { SshConnection } from './connection.ts';

export function sshTransport(name: string, address: SshAddress, python = 'python3'): Transport {
  return {
    name,
    async run(job, options = {}) {
      throwIfCancelled(options.signal);
      options.onProgress?.({ stage: 'connecting', text: `connecting to ${address.host}` });
      const connection = await SshConnection.open(address);
      try {
        return await runInFolder(connection, python, job, options);
      } finally {
        connection.close();
      }
    },
  };
}
