/**
 * @file A remote as the page knows it: what `bridge.ts` lists and runs jobs on.
 */

/** A Jupyter server that the bridge itself can start on this machine, or found. */
export interface OfferedRemote {
  readonly kind: 'offered';
  readonly id: string;
  /** `'this machine'`. */
  readonly name: string;
  /** `'python 3.11.2, torch 1.13.1, cpu'`. */
  readonly detail: string;
}

/** A Jupyter server that the visitor named. The token stays in memory. */
export interface NamedRemote {
  readonly kind: 'jupyter';
  readonly address: string;
  readonly token: string;
}

export type Remote = OfferedRemote | NamedRemote;

export interface RemoteList {
  readonly remotes: readonly OfferedRemote[];
  /** What to install so that this machine can be a remote, one step a line; empty where it can. */
  readonly missing: readonly string[];
}

export interface RemoteResult {
  /** The job's report, as it came: not yet checked. */
  readonly report: unknown;
  /** The output tensors, safetensors. */
  readonly results: Uint8Array;
}
