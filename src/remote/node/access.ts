/**
 * @file A remote by the address that the visitor gives: `http://host:8888`, `ssh://user@host:2222`, `docker:NAME`,
 * `python:/usr/bin/python3`. What an address may be stands in `kinds/`.
 */
import { readAddress } from '../address.ts';
import type { StageResult } from '../doctor/stages.ts';
import type { Transport } from '../transport.ts';
import { kindOf } from './kinds/index.ts';
import type { OnStage, RemoteAccess } from './kinds/kind.ts';
import { sheltered, shelteredTransport } from './shelter.ts';

export type { RemoteAccess } from './kinds/kind.ts';

/** Without the token that the visitor may have copied with the address. */
const read = (named: RemoteAccess): RemoteAccess => ({ ...named, ...readAddress(named.address, named.token) });

export function transportTo(named: RemoteAccess): Transport {
  const at = read(named);
  return shelteredTransport(kindOf(at.address).transport(at));
}

/**
 * Examines the way to a remote; `origin` is the page that would connect directly. Rejects where the text is no address.
 */
export const examine = (named: RemoteAccess, onStage?: OnStage, origin?: string): Promise<StageResult[]> =>
  sheltered(async () => {
    const at = read(named);
    return kindOf(at.address).examine(at, onStage, origin);
  });
