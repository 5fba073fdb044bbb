/** An address that the visitor gives names a remote, and no secret of it reaches the remote's name. */
import { expect, test } from 'vitest';
import { parseSshAddress, transportTo } from '../../src/bridge/named.ts';
import { parseAddress, tokenInAddress } from '../../src/remote/jupyter/server.ts';

test('ssh addresses name account, port, python and a jump host', () => {
  const { ssh, python } = parseSshAddress('ssh://me@gpu.example.org:2222/opt/conda/bin/python?jump=guest@door.example.org');
  expect(ssh).toMatchObject({ host: 'gpu.example.org', port: 2222, username: 'me', jump: { host: 'door.example.org', port: 22, username: 'guest' } });
  expect(python).toBe('/opt/conda/bin/python');
  expect(parseSshAddress('ssh://gpu').python).toBe('python3');
});

test.each([
  ['http://localhost:8888/lab?token=abc', 'http://localhost:8888/'],
  ['http://localhost:8888/tree/folder', 'http://localhost:8888/'],
  ['https://hub.example.org/user/me/lab', 'https://hub.example.org/user/me/'],
  ['  http://10.0.0.1:8888  ', 'http://10.0.0.1:8888/'],
  ['http://host:8888/base', 'http://host:8888/base/'],
])('%s is the server %s', (address, base) => expect(parseAddress(address)).toBe(base));

test('the token in an address as Jupyter prints it is taken out of it', () => {
  const address = 'http://localhost:8888/lab?token=planted-token';
  expect(tokenInAddress(address)).toBe('planted-token');
  expect(transportTo({ address, token: '' }).name).toBe('localhost:8888');
});
