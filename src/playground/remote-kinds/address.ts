/**
 * @file A remote that the visitor named: reached by the bridge, or without one by this page, as far as a page can.
 */
import { fail } from '../../base/errors.ts';
import type { AddressKindName, NamedRemote, StageResult } from '../../bridge/protocol.ts';
import type { RemoteOutcome } from '../../compare/types.ts';
import type { Watch } from '../../compare/with-remotes.ts';
import { protocolOf, readAddress } from '../../remote/address.ts';
import { progressText } from '../../remote/transport.ts';
import type { JobPayload } from '../../session/protocol.ts';
import { examineByBridge, hasBridge, runByBridge } from '../bridge.ts';
import type { PageRemote } from './kind.ts';
import { fresh } from './kind.ts';

/**
 * By an address as the visitor typed it, and a token or a passphrase; throws where it is no address, or none of the
 * kinds that the bridge reaches.
 */
export function namedRemote(text: string, secret: string, kinds?: readonly AddressKindName[]): PageRemote {
  const { address, token } = readAddress(text, secret);
  if (kinds && !kinds.some(({ protocols }) => protocols.includes(protocolOf(address))))
    fail(`remote: '${protocolOf(address)}' is no kind of remote; write ${kinds.map(({ form }) => form).join(', ')}`);
  const bySsh = protocolOf(address) === 'ssh:';
  const named: NamedRemote = { kind: 'named', address, token, ...(bySsh && secret !== '' && { passphrase: secret }) };
  return {
    key: `named ${address}`,
    name: address,
    about: hasBridge() ? 'through the bridge of npm start' : 'directly from this page',
    origin: fresh,
    repeatable: true,
    removable: true,
    run: (job, watch) => (hasBridge() ? runByBridge(named, job, watch) : runFromPage(named, job, watch)),
    examine: (onStage) => (hasBridge() ? examineByBridge(named, onStage) : examineFromPage(named, onStage)),
  };
}

const reachesAlone = (address: string): boolean => /^https?:$/.test(protocolOf(address));

/** From this page to the server, where the server allows the page. */
async function runFromPage(
  { address, token }: NamedRemote,
  job: JobPayload,
  { signal, onProgress }: Watch,
): Promise<RemoteOutcome> {
  if (!reachesAlone(address))
    fail(`remote: a page without a bridge reaches only Jupyter servers, not ${address}; start it with \`npm start\``);
  const { jupyterTransport } = await import('../../remote/jupyter/transport.ts');
  const transport = jupyterTransport(new URL(address).host, { address, token });
  const { report, tensors } = await transport.run(job, {
    signal,
    onProgress: (progress) => onProgress(progressText(progress)),
  });
  return { report, results: tensors };
}

async function examineFromPage({ address, token }: NamedRemote, onStage: (stage: StageResult) => void): Promise<void> {
  if (!reachesAlone(address)) {
    onStage({
      name: 'bridge',
      state: 'failed',
      message: `a page without a bridge cannot use ${protocolOf(address)}`,
      remedy: 'npm start',
    });
    return;
  }
  const { examineJupyter } = await import('../../remote/doctor/jupyter.ts');
  await examineJupyter({ address, token, origin: location.origin, inPage: true }, onStage);
}
