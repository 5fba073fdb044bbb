/**
 * The bridge serves its own page and nobody else, carries a job to this machine's PyTorch, and keeps tokens to itself.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import type { Permit, RemoteList, RunLine, RunRequest } from '../../src/bridge/protocol.ts';
import type { StageResult } from '../../src/remote/doctor/stages.ts';
import { createJob } from '../../src/remote/program.ts';
import { checkReport } from '../../src/remote/report.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/base/safetensors.ts';
import { smallCnn } from '../support/traces.ts';
import type { Answer } from '../support/visitor.ts';
import { ask, letIn } from '../support/visitor.ts';
import { readHost } from '../support/read-host.ts';

let served: PageServer;
let ours: Awaited<ReturnType<typeof letIn>>;
beforeAll(async () => {
  served = await serve({ port: 5290 });
  ours = await letIn(served);
});
afterAll(() => served?.close());

type Headers = Readonly<Record<string, string>>;

const post = (path: string, headers: Headers, body: Uint8Array | string = '', method = 'POST'): Promise<Answer> =>
  ask(`${served.url}bridge/${path}`, headers, { method, body });

/** The headers of a job, with a permit for it. */
async function permitted(): Promise<Headers> {
  const { permit } = JSON.parse((await post('permit', ours)).body.toString()) as Permit;
  return { ...ours, 'x-wudnn-permit': permit };
}

async function run(
  job: RunRequest,
  tensors: Uint8Array,
): Promise<{ lines: RunLine[]; bytes: Uint8Array; text: string }> {
  const { body } = await post(
    'run',
    await permitted(),
    Buffer.concat([Buffer.from(`${JSON.stringify(job)}\n`), tensors]),
  );
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
    const { remotes, missing } = JSON.parse((await post('remotes', ours)).body.toString()) as RemoteList;
    expect(missing).toEqual([]);
    expect(remotes[0].name).toBe('this machine');
    expect(remotes[0].detail).toMatch(/python 3\.\d+.*torch \d/);

    const model = smallCnn();
    const job = await createJob(model, readHost, { repeats: 2 });
    const { lines, bytes } = await run(
      { remote: { kind: 'offered', id: remotes[0].id }, model: job.model, program: job.program },
      job.tensors,
    );
    const last = lines.at(-1)!;
    if (!('result' in last)) throw new Error(JSON.stringify(last));
    expect(checkReport(last.result.report).times.warm_ms).toHaveLength(2);
    expect(decodeSafetensors(bytes).tensors.get('output')!.shape).toEqual([4, 16, 32, 32]);
    expect(lines.filter((line) => 'progress' in line).map((line) => line.progress.stage)).toContain('uploading');
  });

  test('a program that is none that is printed here is not sent', async () => {
    const { lines } = await run(
      { remote: { kind: 'named', address: 'python:/usr/bin/python3', token: '' }, model: 'M', program: 'import os\n' },
      encodeSafetensors([]),
    );
    expect(lines).toMatchObject([
      { error: { message: expect.stringContaining('line 1 of its program is not allowed') } },
    ]);
  });

  test('a remote that the visitor named is used with its token, which no answer repeats', async () => {
    const job = await createJob(smallCnn(), readHost);
    const { lines, text } = await run(
      {
        remote: { kind: 'named', address: 'http://127.0.0.1:1024', token: 'planted-token' },
        model: job.model,
        program: job.program,
      },
      job.tensors,
    );
    expect(lines.at(-1)).toMatchObject({ error: { kind: 'unreachable' } });
    expect(text).not.toContain('planted-token');
  });

  test('the way to a remote is examined stage by stage', async () => {
    const { body } = await post(
      'doctor',
      ours,
      JSON.stringify({ kind: 'named', address: 'http://127.0.0.1:1024', token: 'planted-token' }),
    );
    const stages = body
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StageResult);
    expect(stages.map((stage) => stage.state).slice(0, 3)).toEqual(['ok', 'failed', 'not reached']);
    expect(body.toString()).not.toContain('planted-token');
  });

  test('and so is the way to what it offers itself', async () => {
    const { remotes } = JSON.parse((await post('remotes', ours)).body.toString()) as RemoteList;
    const { body } = await post('doctor', ours, JSON.stringify(remotes[0]));
    const stages = body
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StageResult);
    expect(stages.find(({ name }) => name === 'torch')).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('PyTorch'),
    });
    expect(stages.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  test('what cannot be examined is refused with its reason', async () => {
    const asked = async (remote: object) => (await post('doctor', ours, JSON.stringify(remote))).body.toString();
    expect(await asked({ kind: 'offered', id: 'elsewhere', name: '', detail: '' })).toContain("no remote 'elsewhere'");
    expect(await asked({ kind: 'named', address: 'ssh://me:planted-token@host', token: '' })).toMatch(
      /^(?!.*planted-token).*password/,
    );
    expect(await asked({ kind: 'other' })).toContain('request');
  });

  test('a remote that nobody named is refused', async () => {
    const { lines } = await run(
      { remote: { kind: 'offered', id: 'elsewhere' }, model: 'M', program: '' },
      encodeSafetensors([]),
    );
    expect(lines.at(-1)).toMatchObject({ error: { message: expect.stringContaining("no remote 'elsewhere'") } });
  });

  test('a request that is not one is refused with its reason', async () => {
    const { status, body } = await post(
      'run',
      await permitted(),
      '{"remote":{"kind":"ssh"},"model":"M","program":""}\n',
    );
    expect(status).toBe(400);
    expect(body.toString()).toContain('request.remote');
  });

  const evil = 'http://evil.example';
  const without = (name: string): Headers =>
    Object.fromEntries(Object.entries(ours).filter(([header]) => header !== name));
  test.each<[string, () => Headers, string, number]>([
    ['no cookie', () => without('cookie'), 'POST', 403],
    ['a wrong cookie', () => ({ ...ours, cookie: `${ours.cookie.slice(0, -4)}0000` }), 'POST', 403],
    ["another port's cookie", () => ({ ...ours, cookie: ours.cookie.replace(/^wudnn-\d+/, 'wudnn-1') }), 'POST', 403],
    ['no key', () => without('x-wudnn-key'), 'POST', 403],
    ['a wrong key', () => ({ ...ours, 'x-wudnn-key': 'f'.repeat(64) }), 'POST', 403],
    ["another page's origin", () => ({ ...ours, origin: evil }), 'POST', 403],
    ['no origin', () => without('origin'), 'POST', 403],
    ['a page on another port', () => ({ ...ours, 'sec-fetch-site': 'same-site' }), 'POST', 403],
    ['no word on where it comes from', () => without('sec-fetch-site'), 'POST', 403],
    ['a name that was bent to loopback', () => ({ ...ours, host: 'evil.example', origin: evil }), 'POST', 403],
    ['a GET', () => ours, 'GET', 405],
  ])('%s is refused', async (_what, headers, method, status) => {
    const answer = await post('remotes', headers(), '', method);
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).not.toContain(ours['x-wudnn-key']);
  });

  test('a job needs a permit, which is good for one', async () => {
    const nothing = '{"remote":{"kind":"offered","id":"elsewhere"},"model":"M","program":""}\n';
    expect((await post('run', ours, nothing)).status).toBe(403);
    expect((await post('run', { ...ours, 'x-wudnn-permit': 'f'.repeat(64) }, nothing)).status).toBe(403);
    const headers = await permitted();
    expect((await post('run', headers, nothing)).status).toBe(200);
    const again = await post('run', headers, nothing);
    expect([again.status, again.body.toString()]).toEqual([403, expect.stringContaining('no permit')]);
  });

  test('a taken port gives way to the next, and an address beyond loopback is refused', async () => {
    const second = await serve({ port: Number(new URL(served.url).port) });
    expect(second.url).not.toBe(served.url);
    await second.close();
    await expect(serve({ port: 5290, host: '0.0.0.0' })).rejects.toThrow(/loopback only/);
  });
});
