/**
 * @file What a kind of address is: how it is written, how a job gets there, and how the way is examined. Each kind is
 * one file beside this one and one line in `index.ts`; help, the page's form and the refusal of unknown addresses
 * follow from it.
 */
import type { StageResult } from '../../doctor/stages.ts';
import type { SshAddress } from '../../ssh/connection.ts';
import type { Transport } from '../../transport.ts';

/** A remote as somebody named it, with what is known of its secrets. */
export interface RemoteAccess {
  readonly address: string;
  /** A Jupyter server's token, unless the address has it as Jupyter prints it. */
  readonly token: string;
  /** Gives the passphrase of an encrypted ssh key. */
  readonly passphrase?: SshAddress['passphrase'];
}

export type OnStage = (result: StageResult) => void;

export interface AddressKind {
  /** The protocols of its addresses, `'docker:'`. */
  readonly protocols: readonly string[];
  /** An address as people write it, `'docker:NAME'`. */
  readonly form: string;
  /** What is there, `'a container of Docker'`. */
  readonly about: string;
  /** More that somebody at a terminal wants to know: options of the address, and where secrets come from. */
  readonly hints?: readonly string[];
  /** Throws where the address is not one of this kind. */
  transport(named: RemoteAccess): Transport;
  /** `origin` is the page that would connect directly. */
  examine(named: RemoteAccess, onStage?: OnStage, origin?: string): Promise<StageResult[]>;
}

/** An examination that ends at the address itself: what is wrong with it is a stage of its own. */
export function failedAddress(message: string, onStage: OnStage = () => {}): StageResult[] {
  const stage: StageResult = { name: 'address', state: 'failed', message };
  onStage(stage);
  return [stage];
}
