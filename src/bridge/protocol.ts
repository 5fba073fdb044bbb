/**
 * @file What page and bridge say to each other: types alone, and the names by which they find each other. `wire.ts`
 * checks what comes in, since a request is only claimed to be one.
 */
import type { StageResult } from '../remote/doctor/stages.ts';
import type { ValueOf } from '../remote/schema.ts';
import { anyOf, object, oneOf, text } from '../remote/schema.ts';
import type { Progress } from '../remote/transport.ts';

export type { StageResult } from '../remote/doctor/stages.ts';
export type { Progress } from '../remote/transport.ts';

/** The header that carries the session's key. */
export const keyHeader = 'x-wudnn-key';
/** The meta tag of the page that holds it. */
export const keyMeta = 'wudnn-bridge-key';
/** The header of a job's permit, which the bridge gives when the visitor presses a button. */
export const permitHeader = 'x-wudnn-permit';
/** The parameter of the address that lets a browser in. */
export const ticketParameter = 'token';

/** A request's first line is at most so long. */
export const maxHeadBytes = 16 * 2 ** 20;

/** A remote that the bridge itself can start on this machine, or found. */
const offered = object(
  {
    kind: oneOf('offered'),
    id: text(100),
    /** `'this machine'`. */
    name: text(200),
    /** `'python 3.11.2, torch 1.13.1, cpu'`. */
    detail: text(500),
  },
  ['name', 'detail'],
);

/**
 * A remote that the visitor named: a Jupyter server, or what else `src/remote/node/kinds/` knows by its address. Its
 * secrets stay in memory.
 */
const named = object(
  {
    kind: oneOf('named'),
    address: text(2000),
    /** A Jupyter server's. */
    token: text(2000),
    /** Of an encrypted ssh key. */
    passphrase: text(2000),
  },
  ['passphrase'],
);

/** What an examination is asked of. */
export const doctorRequest = anyOf(offered, named);

/** The first line of a run's request; the job's tensors follow it as bytes. */
export const runRequest = object({ remote: doctorRequest, model: text(200), program: text(maxHeadBytes) });

export type OfferedRemote = Required<ValueOf<typeof offered>>;
export type NamedRemote = ValueOf<typeof named>;
export type Remote = OfferedRemote | NamedRemote;
export type DoctorRequest = ValueOf<typeof doctorRequest>;
export type RunRequest = ValueOf<typeof runRequest>;

/** The answer to a request for a permit. */
export interface Permit {
  readonly permit: string;
}

export interface RemoteList {
  readonly remotes: readonly OfferedRemote[];
  /** What to install so that this machine can be a remote, one step a line; empty where it can. */
  readonly missing: readonly string[];
  /** What the bridge reaches by an address. */
  readonly kinds: readonly AddressKindName[];
}

/** A kind of address, `docker:NAME`: how it is written, and what is there. */
export interface AddressKindName {
  readonly protocols: readonly string[];
  readonly form: string;
  readonly about: string;
}

/** A line of a run's answer; after a result's line its tensors follow as bytes. */
export type RunLine =
  | { readonly progress: Progress }
  | { readonly error: { readonly kind: string; readonly message: string; readonly detail?: string } }
  | { readonly result: { readonly report: unknown; readonly log: string; readonly bytes: number } };

/** A line of an examination's answer. */
export type DoctorLine = StageResult;
