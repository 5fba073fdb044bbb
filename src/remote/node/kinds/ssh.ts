/**
 * @file An account by ssh. The visitor's own config, agent, keys and known_hosts are used, as `ssh` itself would
 * (ssh-address.ts).
 */
import { messageOf } from '../../../base/errors.ts';
import { examineSsh } from '../../doctor/ssh.ts';
import { sshTransport } from '../../ssh/transport.ts';
import { resolveSshAddress } from '../ssh-address.ts';
import type { AddressKind } from './kind.ts';
import { failedAddress } from './kind.ts';

export const sshAccount: AddressKind = {
  protocols: ['ssh:'],
  form: 'ssh://user@host:2222/path/of/python',
  about: 'an account',
  hints: [
    'or ssh://NAME from ~/.ssh/config; ?key=~/.ssh/name uses another key',
    "a key's passphrase is read from WUDNN_PASSPHRASE or asked for",
  ],
  transport({ address, passphrase }) {
    const { host, username } = new URL(address);
    const name = username === '' ? host : `${username}@${host}`;
    return {
      name,
      async run(job, options) {
        const { ssh, python } = await resolveSshAddress(address, passphrase);
        return sshTransport(name, ssh, python).run(job, options);
      },
    };
  },
  /** What is wrong with the config or a key's file is told before the first stage that reaches out. */
  async examine({ address, passphrase }, onStage) {
    try {
      const { ssh, python } = await resolveSshAddress(address, passphrase);
      return await examineSsh(ssh, python, onStage);
    } catch (error) {
      return failedAddress(messageOf(error), onStage);
    }
  },
};
