/** The bridge serves its own page and nobody else, carries a job to this machine's PyTorch, and keeps tokens to itself. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import type { RemoteList, RunLine, RunRequest } from '../../src/bridge/protocol.ts';
import type { StageResult } from '../../src/remote/doctor/stages.ts';
import { createJob, readHost } from '../../src/remote/program.ts';
import { checkReport } from '../../src/remote/report.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/base/safetensors.ts';
import { smallCnn } from '../support/traces.ts';

let served: Served;
let key: string;
beforeAll(async () => {
  served = await serve({ port: 5290, open: false });
  const page = await (await fetch(served.url)).text();
  key = /<meta name="wudnn-bridge-key" content="([0-9a-f]+)"/.exec(page)![1];
});
afterAll(() => served?.close());

const ours = (): Record<string, string> => ({ origin: new URL(served.url).origin, 'x-wudnn-key': key });

/** Sends a request with exactly these headers; fetch would not let a test forge Host. */
function post(path: string, headers: Record<string, string>, body: Uint8Array | string = '', method = 'POST'): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${served.url}bridge/${path}`, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode!, body: Buffer.concat(chunks) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function run(job: RunRequest, tensors: Uint8Array): Promise<{ lines: RunLine[]; bytes: Uint8Array; text: string }> {
  const { body } = await post('run', ours(), Buffer.concat([Buffer.from(`${JSON.stringify(job)}\n`), tensors]));
  const lines: RunLine[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf(10, at);
    const line = JSON.parse(body.subarray(at, end).toString()) as RunLine;
    lines.push(line);
    at = end + 1;
    if ('result' in line) break;
  }
  return { lines, bytes: new Uint8Array(body.subarray(at)), text: body.subarray(0, at).toString() };
}

describe('the bridge', () => {
  test('offers this machine and runs a job on it', async () => {
    const { remotes, missing } = JSON.parse((await post('remotes', ours())).body.toString()) as RemoteList;
    expect(missing).toEqual([]);
    expect(remotes[0].name).toBe('this machine');
    expect(remotes[0].detail).toMatch(/python 3\.\d+.*torch \d/);

    const model = smallCnn();
    const job = await createJob(model, readHost, { repeats: 2 });
    const { lines, bytes } = await run({ remote: { kind: 'offered', id: remotes[0].id }, model: job.model, program: job.program }, job.tensors);
    const last = lines.at(-1)!;
    if (!('result' in last)) throw new Error(JSON.stringify(last));
    expect(checkReport(last.result.report).times.warm_ms).toHaveLength(2);
    expect(decodeSafetensors(bytes).tensors.get('output')!.shape).toEqual([4, 16, 32, 32]);
    expect(lines.filter((line) => 'progress' in line).map((line) => line.progress.stage)).toContain('uploading');
  });

  test('a remote that the visitor named is used with its token, which no answer repeats', async () => {
    const { lines, text } = await run({ remote: { kind: 'named', address: 'http://127.0.0.1:1024', token: 'planted-token' }, model: 'M', program: '' }, encodeSafetensors([]));
    expect(lines.at(-1)).toMatchObject({ error: { kind: 'unreachable' } });
    expect(text).not.toContain('planted-token');
  });

  test('the way to a remote is examined stage by stage', async () => {
    const { body } = await post('doctor', ours(), JSON.stringify({ kind: 'named', address: 'http://127.0.0.1:1024', token: 'planted-token' }));
    const stages = body.toString().trim().split('\n').map((line) => JSON.parse(line) as StageResult);
    expect(stages.map((stage) => stage.state).slice(0, 3)).toEqual(['ok', 'failed', 'not reached']);
    expect(body.toString()).not.toContain('planted-token');
  });

  test('and so is the way to what it offers itself', async () => {
    const { remotes } = JSON.parse((await post('remotes', ours())).body.toString()) as RemoteList;
    const { body } = await post('doctor', ours(), JSON.stringify(remotes[0]));
    const stages = body.toString().trim().split('\n').map((line) => JSON.parse(line) as StageResult);
    expect(stages.find(({ name }) => name === 'torch')).toMatchObject({ state: 'ok', message: expect.stringContaining('PyTorch') });
    expect(stages.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  test('what cannot be examined is refused with its reason', async () => {
    const asked = async (remote: object) => (await post('doctor', ours(), JSON.stringify(remote))).body.toString();
    expect(await asked({ kind: 'offered', id: 'elsewhere', name: '', detail: '' })).toContain("no remote 'elsewhere'");
    expect(await asked({ kind: 'named', address: 'ssh://me:planted-token@host', token: '' })).toMatch(/^(?!.*planted-token).*password/);
    expect(await asked({ kind: 'other' })).toContain('request');
  });

  test('a remote that nobody named is refused', async () => {
    const { lines } = await run({ remote: { kind: 'offered', id: 'elsewhere' }, model: 'M', program: '' }, encodeSafetensors([]));
    expect(lines.at(-1)).toMatchObject({ error: { message: expect.stringContaining("no remote 'elsewhere'") } });
  });

  test('a request that is not one is refused with its reason', async () => {
    const { status, body } = await post('run', ours(), '{"remote":{"kind":"ssh"},"model":"M","program":""}\n');
    expect(status).toBe(400);
    expect(body.toString()).toContain('request.remote');
  });

  const evil = 'http://evil.example';
  test.each<[string, () => Record<string, string>, string, number]>([
    ['no key', () => ({ origin: ours().origin }), 'POST', 403],
    ['a wrong key', () => ({ ...ours(), 'x-wudnn-key': 'f'.repeat(64) }), 'POST', 403],
    ["another page's origin", () => ({ ...ours(), origin: evil }), 'POST', 403],
    ['no origin', () => ({ 'x-wudnn-key': key }), 'POST', 403],
    ['a name that was bent to loopback', () => ({ ...ours(), host: 'evil.example', origin: evil }), 'POST', 403],
    ['a GET', () => ours(), 'GET', 405],
  ])('%s is refused', async (_what, headers, method, status) => {
    const answer = await post('remotes', headers(), '', method);
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).not.toContain(key);
  });

  test('another page on this machine cannot read ours, and the key with it', async () => {
    const response = await fetch(served.url, { headers: { origin: 'http://localhost:9999' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('a taken port gives way to the next, and an address beyond loopback is refused', async () => {
    const second = await serve({ port: Number(new URL(served.url).port), open: false });
    expect(second.url).not.toBe(served.url);
    await second.close();
    await expect(serve({ port: 5290, open: false, host: '0.0.0.0' })).rejects.toThrow(/loopback only/);
  });
});
