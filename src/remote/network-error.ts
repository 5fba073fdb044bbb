/**
 * @file What the system's codes of failed connections mean, each with what to do about it.
 */

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown; check the spelling',
  EAI_AGAIN: 'the host name is not found at the moment; check the spelling, and whether this machine is online',
  ENETUNREACH: 'there is no route to its network; check whether this machine is online, or needs a VPN',
  EHOSTUNREACH: 'there is no route to that host; check the address, and whether the host is on',
  EHOSTDOWN: 'that host is down; check the address, and whether the host is on',
  ENETDOWN: 'this machine is offline; connect it to a network',
  EADDRNOTAVAIL: 'nothing can have this address; check the host and the port',
  EINVAL: 'nothing can have this address; check the host and the port',
  ETIMEDOUT: 'there is no answer; check the address, or whether a firewall is in the way',
  EACCES: "this machine does not allow the connection; check the address, and this machine's firewall",
  EPERM: "this machine does not allow the connection; check the address, and this machine's firewall",
  EPIPE: 'the connection was cut; check whether the server still runs',
  ECONNABORTED: 'the connection was cut; check whether the server still runs',
  EMFILE: 'this program has too many open files; close other programs, or raise `ulimit -n`',
};

/** Why a connection failed and what to do, by the system's code and what else is said of it. */
export const connectionFailure = (code: string | undefined, said: string): string =>
  (code !== undefined && reasons[code]) || `${said || code}; check the host and the port, and whether the server runs`;
