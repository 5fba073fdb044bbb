/**
 * @file The kinds of addresses that Node reaches, in the order in which help lists them.
 */
import { RemoteError } from '../../transport.ts';
import { protocolOf } from '../../address.ts';
import { container } from './container.ts';
import { jupyterServer } from './jupyter.ts';
import type { AddressKind } from './kind.ts';
import { localPython } from './python.ts';
import { sshAccount } from './ssh.ts';

export const addressKinds: readonly AddressKind[] = [jupyterServer, sshAccount, container, localPython];

/** The kind of an address; throws where there is none. */
export function kindOf(address: string): AddressKind {
  const protocol = protocolOf(address);
  const kind = addressKinds.find(({ protocols }) => protocols.includes(protocol));
  if (kind) return kind;
  const known = addressKinds.map(({ form }) => form).join(', ');
  throw new RemoteError('unreachable', `remote: '${protocol}' is no kind of remote; write ${known}`);
}
