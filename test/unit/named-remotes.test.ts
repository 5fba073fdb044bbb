/** An address that the visitor gives names a remote, and no secret of it reaches the remote's name. */
import { expect, test } from 'vitest';
import { examine, transportTo } from '../../src/remote/node/access.ts';
import { resolveSshAddress } from '../../src/remote/node/ssh-address.ts';
import { parseAddress, readAddress, tokenInAddress } from '../../src/remote/address.ts';

test('ssh addresses name account, port, python and a jump host', async () => {
  const { ssh, python } = await resolveSshAddress(
    'ssh://me@gpu.example.org:2222/opt/conda/bin/python?jump=guest@door.example.org',
  );
  expect(ssh).toMatchObject({
    host: 'gpu.example.org',
    port: 2222,
    username: 'me',
    jump: { host: 'door.example.org', port: 22, username: 'guest' },
  });
  expect(python).toBe('/opt/conda/bin/python');
  expect((await resolveSshAddress('ssh://gpu')).python).toBe('python3');
});

test.each([
  ['http://localhost:8888/lab?token=abc', 'http://localhost:8888/'],
  ['http://localhost:8888/tree/folder', 'http://localhost:8888/'],
  ['http://localhost:8888/nbclassic/tree?token=abc', 'http://localhost:8888/'],
  ['http://localhost:8888/base/edit/a.txt', 'http://localhost:8888/base/'],
  ['https://hub.example.org/user/me/lab', 'https://hub.example.org/user/me/'],
  ['  http://10.0.0.1:8888  ', 'http://10.0.0.1:8888/'],
  ['http://host:8888/base', 'http://host:8888/base/'],
])('%s is the server %s', (address, base) => expect(parseAddress(address)).toBe(base));

test('the token in an address as Jupyter prints it is taken out of it', () => {
  const address = 'http://localhost:8888/lab?token=planted-token';
  expect(tokenInAddress(address)).toBe('planted-token');
  expect(transportTo({ address, token: '' }).name).toBe('localhost:8888');
});

test.each([
  ['localhost:8888', '', { address: 'http://localhost:8888/', token: '' }],
  ['http://localhost:8888/lab?token=planted-token', '', { address: 'http://localhost:8888/', token: 'planted-token' }],
  ['http://me:planted-token@host:8888', 'given', { address: 'http://host:8888/', token: 'given' }],
  ['https://host/?token=old', 'given', { address: 'https://host/', token: 'given' }],
  ['me@gpu:2222', 'unused', { address: 'ssh://me@gpu:2222', token: '' }],
  ['ssh://me@gpu/usr/bin/python3', '', { address: 'ssh://me@gpu/usr/bin/python3', token: '' }],
  ['python:/usr/bin/python3', '', { address: 'python:/usr/bin/python3', token: '' }],
  ['docker:torch', 'unused', { address: 'docker:torch', token: '' }],
  ['podman:torch/opt/conda/bin/python', '', { address: 'podman:torch/opt/conda/bin/python', token: '' }],
  ['gpu:8888?token=planted-token', '', { address: 'http://gpu:8888/', token: 'planted-token' }],
])('%s is read, and no secret stays in the address', (text, token, read) =>
  expect(readAddress(text, token)).toEqual(read),
);

test.each([
  ['', /is not an address/],
  ['no address', /'no address' is not an address/],
  ['ftp://host', /ftp: is not http/],
  ['ssh://', /has no host|not an address/],
  ['ssh://me:planted-token@host', /passwords .* are not used/],
  ['http://[bad', /is not an address/],
])('%j is refused with its reason, which repeats no secret', (text, reason) => {
  expect(() => readAddress(text)).toThrow(reason);
  expect(() => readAddress(text)).not.toThrow(/planted-token/);
});

test('a key file that is named must be there', async () => {
  await expect(resolveSshAddress('ssh://me@gpu?key=/no/such/key')).rejects.toThrow(
    'the key file /no/such/key cannot be read',
  );
  await expect(resolveSshAddress('ssh://me@gpu?key=/')).rejects.toThrow('the key file / cannot be read');
});

test('a key file that is not there is a stage of the examination, not its end', async () => {
  const heard: string[] = [];
  const stages = await examine(
    { address: 'ssh://me@gpu?key=/no/such/key', token: '' },
    ({ name }) => void heard.push(name),
  );
  expect(stages).toMatchObject([
    { name: 'address', state: 'failed', message: expect.stringContaining('/no/such/key cannot be read') },
  ]);
  expect(heard).toEqual(['address']);
});

test.each([
  ['dokcer:torch', /'dokcer:' is no kind of remote; write http:\/\/host:8888, .*docker:NAME/],
  ['docker:--privileged', /names no container; write docker:NAME/],
  ['docker:torch; rm -rf x', /names no container/],
  ['podman:torch:latest', /names no container/],
  ['docker:torch?token=planted-token', /is not http|is not an address/],
])('%j reaches nothing, and the reason repeats no secret', (address, reason) => {
  const open = (): unknown => transportTo({ address, token: '' });
  expect(open).toThrow(reason);
  expect(open).not.toThrow(/planted-token/);
});
