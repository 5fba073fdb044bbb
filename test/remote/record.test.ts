/**
 * A run of a real PyTorch is recorded with its provenance, and what is kept in the repository is what a run would
 * write.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of } from '../../src/base/checksum.ts';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import { parseIndex, parseRecorded, recordedSchema, resultsFileName } from '../../src/remote/recorded-run.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

const program = 'src/playground/examples/1-simple-cnn.ts';

const wudnn = (...args: string[]) =>
  spawnSync('node_modules/.bin/tsx', ['src/cli/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, WUDNN_TOKEN: 'planted-token' },
  });

describeWith(['python'], 'wudnn record', () => {
  test('writes the report, its provenance and the index', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wudnn-recorded-'));
    const { status, stderr } = wudnn(
      'record',
      program,
      '--remote',
      `python:${pythonWithTorch().path}`,
      '--note',
      'a test',
      '--out',
      folder,
    );
    expect(status, stderr).toBe(0);
    const { runs } = parseIndex(readFileSync(join(folder, 'index.json'), 'utf8'));
    expect(runs).toHaveLength(1);
    const text = readFileSync(join(folder, runs[0]), 'utf8');
    const { report, provenance } = parseRecorded(text);
    expect(report).toMatchObject({
      model: 'SimpleCNN',
      outputs: [{ name: 'output', shape: [4, 16, 16, 16], dtype: 'float32' }],
    });
    expect(provenance).toMatchObject({
      source: readFileSync(program, 'utf8'),
      command: `wudnn record ${program}`,
      note: 'a test',
    });
    expect(text).not.toContain('planted-token');
    const results = readFileSync(join(folder, resultsFileName(runs[0])));
    expect(provenance.results_sha256).toBe(await sha256Of(new Uint8Array(results)));
    expect([...decodeSafetensors(new Uint8Array(results)).tensors.keys()]).toContain('output');
    expect(results.includes('planted-token')).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test('says what is wrong with a program or a remote', () => {
    expect(wudnn('record', program).stderr).toContain('give the remote to run on by --remote');
    expect(wudnn('record', program, '--remote', 'python:/no/such/python').stderr).toContain(
      '/no/such/python was not found',
    );
  });
});

test('what is kept in the repository is listed, and is by the published schema', async () => {
  const { runs } = parseIndex(readFileSync('public/recorded/index.json', 'utf8'));
  const files = readdirSync('public/recorded').filter((name) => name.endsWith('.json') && name !== 'index.json');
  expect(files.toSorted()).toEqual([...runs].toSorted());
  for (const name of files) {
    const { provenance } = parseRecorded(readFileSync(join('public/recorded', name), 'utf8'));
    expect(provenance.results_sha256).toBe(
      await sha256Of(new Uint8Array(readFileSync(join('public/recorded', resultsFileName(name))))),
    );
  }
  expect(JSON.parse(readFileSync('public/recorded.schema.json', 'utf8'))).toEqual(recordedSchema);
});

test('a record that is not one is refused', () => {
  expect(() => parseRecorded('{}')).toThrow(/missing/);
  expect(() => parseIndex('{"format":"wudnn-recorded-index/1","runs":["../../secret.json"]}')).toThrow(/runs\[0\]/);
});
