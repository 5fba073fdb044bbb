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
import { say } from '../language.ts';
import type { PageRemote } from './kind.ts';
import { fresh } from './kind.ts';

/**
 * By an address as the visitor typed it, and a token or a passphrase; throws where it is no address, or none of the
 * kinds that the bridge reaches.
 */
export function namedRemote(text: string, secret: string, kinds?: readonly AddressKindName[]): PageRemote {
  const { address, token } = readAddress(text, secret);
  if (kinds && !kinds.some(({ protocols }) => protocols.includes(protocolOf(address))))
    fail(
      say({
        en: `remote: '${protocolOf(address)}' is no kind of remote; write ${kinds.map(({ form }) => form).join(', ')}`,
        zh: `远端：“${protocolOf(address)}”不是支持的类型；请写 ${kinds.map(({ form }) => form).join(', ')}`,
      }),
    );
  const bySsh = protocolOf(address) === 'ssh:';
  const named: NamedRemote = { kind: 'named', address, token, ...(bySsh && secret !== '' && { passphrase: secret }) };
  return {
    key: `named ${address}`,
    name: address,
    about: hasBridge()
      ? say({ en: 'through the bridge of npm start', zh: '通过 npm start 的桥接服务' })
      : say({ en: 'directly from this page', zh: '直接从本页' }),
    origin: fresh(),
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
    fail(
      say({
        en: `remote: a page without a bridge reaches only Jupyter servers, not ${address}; start it with \`npm start\``,
        zh: `远端：没有桥接服务的页面只能访问 Jupyter 服务器，不能访问 ${address}；请用 \`npm start\` 启动`,
      }),
    );
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
      message: say({
        en: `a page without a bridge cannot use ${protocolOf(address)}`,
        zh: `没有桥接服务的页面不能使用 ${protocolOf(address)}`,
      }),
      remedy: 'npm start',
    });
    return;
  }
  const { examineJupyter } = await import('../../remote/doctor/jupyter.ts');
  await examineJupyter({ address, token, origin: location.origin, inPage: true }, onStage);
}
