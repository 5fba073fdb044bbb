/**
 * @file A Jupyter server by its address and token.
 */
import { examineJupyter } from '../../doctor/jupyter.ts';
import { socketWithToken } from '../../jupyter/node.ts';
import { jupyterTransport } from '../../jupyter/transport.ts';
import type { AddressKind } from './kind.ts';

export const jupyterServer: AddressKind = {
  protocols: ['http:', 'https:'],
  form: 'http://host:8888',
  about: 'a Jupyter server',
  hints: ['with its token in WUDNN_TOKEN or in the address, as Jupyter prints it'],
  transport: ({ address, token }) =>
    jupyterTransport(new URL(address).host, { address, token, WebSocket: socketWithToken(token) }),
  examine: ({ address, token }, onStage, origin) =>
    examineJupyter(
      { address, token, WebSocket: socketWithToken(token), ...(origin !== undefined && { origin }) },
      onStage,
    ),
};
