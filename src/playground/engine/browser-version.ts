/**
 * @file Which browser this is.
 */

/** Its name and version, `{ Chrome: '140.0.0.0' }`. */
export function browserVersion(): Record<string, string> {
  const [, name, version] = /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(navigator.userAgent) ?? [
    '',
    'browser',
    'unknown',
  ];
  return { [name === 'Version' ? 'Safari' : name === 'Edg' ? 'Edge' : name]: version };
}
