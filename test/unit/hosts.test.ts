/**
 * @file Intent: a visitor can let a program reach a host of the internet, and never this machine, its network or the
 * page's own server.
 */
import { expect, test } from 'vitest';
import { allowable } from '../../src/playground/allowable.ts';

test.each([
  ['https://example.org/data/train.bin?x', 'https://example.org'],
  ['https://EXAMPLE.org:8443', 'https://example.org:8443'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
])('%s can be allowed', (url, host) => expect(allowable(url, 'wudnn.example')).toBe(host));

test.each([
  'http://example.org',
  'wss://example.org',
  'data:,x',
  'blob',
  'eval',
  '',
  'https://localhost',
  'https://a.localhost:1',
  'https://127.0.0.1',
  'https://2130706433',
  'https://0x7f.1',
  'https://[::1]',
  'https://192.168.1.1',
  'https://printer',
  'https://printer.local',
  'https://metadata.google.internal',
  'https://wudnn.example/',
  "https://a.example; script-src 'unsafe-inline'",
])('%s cannot', (url) => expect(allowable(url, 'wudnn.example')).toBeUndefined());
