/**
 * @file Which addresses a visitor may let a program reach.
 */

/**
 * The host of an address where a visitor may allow it: by name, by https, neither this machine and its network nor
 * `own`, the page's host.
 */
export function allowable(url: string, own: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, hostname } = new URL(url);
  const named = /^([a-z\d-]+\.)+[a-z][a-z\d-]*$/.test(hostname);
  return protocol === 'https:' &&
    named &&
    host !== own &&
    !/(^|\.)(localhost|local|internal|home\.arpa)$/.test(hostname)
    ? `https://${host}`
    : undefined;
}
