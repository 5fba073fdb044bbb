/** What is exported opens elsewhere: the notebook runs under the system's kernel and prints the same checksum. */
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256Of } from '../../src/base/checksum.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import { toCsv } from '../../src/compare/export/csv.ts';
import { toNotebook } from '../../src/compare/export/notebook.ts';
import type { ResultsInput } from '../../src/compare/export/results.ts';
import { packResults } from '../../src/compare/export/results.ts';
import { toTrace } from '../../src/compare/export/trace.ts';
import type { RemoteComparison, ComparedTraining } from '../../src/compare/types.ts';
import type { Trial } from '../../src/compare/why.ts';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { evaluateStored } from '../../src/graph/evaluate.ts';
import { createJob } from '../../src/remote/program.ts';
import { transportTo } from '../../src/remote/node/access.ts';
import { captureRun } from '../../src/session/judge/capture-run.ts';
import { compareRun, wantedBy } from '../../src/session/judge/compare-run.ts';
import { testJupyter } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { runNotebook } from '../support/notebook.ts';
import { smallCnn } from '../support/traces.ts';
import { readHost } from '../support/read-host.ts';

const model = smallCnn(1, 8);
const choice: AlgorithmChoice = {
  operation: 'conv2d',
  direction: 'forward',
  layer: 'conv1',
  descriptor: '',
  candidateId: 'DIRECT FMA',
  chosen: 'DIRECT',
  chosenConfig: '',
  source: 'measured',
  adapter: 'a GPU',
  software: false,
  candidates: [
    {
      candidateId: 'DIRECT FMA',
      algo: 'DIRECT',
      config: '',
      status: 'success',
      timeMs: 2,
      memory: 0,
      determinism: 'deterministic',
      mathType: 'FMA',
    },
  ],
};
const training: ComparedTraining = {
  optimizer: 'SGD, lr 0.5',
  local: { device: 'a GPU', losses: [2, 0.5], stepMs: 3 },
  remote: { device: 'another', losses: [2, NaN], stepMs: 4 },
  largest: { relative: Infinity, step: 1 },
  diverged: false,
};
const trials: Trial[] = [
  {
    side: 'remote',
    cause: 'autocast computes in bfloat16',
    change: { autocast: null },
    tensor: 'output',
    before: 0.125,
    after: 0.0009765625,
    share: 'the cause',
  },
];

describeWith(['python'], 'exported results', () => {
  let files: Record<string, Uint8Array>;
  let token: string;
  let address: string;
  beforeAll(async () => {
    const server = await testJupyter();
    ({ token, address } = server);
    const job = await createJob(model, readHost, { repeats: 3 });
    const { report, tensors } = await transportTo(server).run(job);
    await server.stop();
    const timing = { device: 'a GPU', software: false, versions: { wudnn: '1' }, samplesMs: [1, 2], clock: 'wall' };
    const captured = await captureRun(model, wantedBy(tensors), async (nodes) => evaluateStored(nodes));
    const result = compareRun({ model, captured, choices: [], timing }, report, tensors);
    const outputs = encodeSafetensors([
      ['output', { dtype: 'float32', shape: model.outputs[0].shape, data: evaluateStored(model.outputs)[0] }],
    ]);
    const side: RemoteComparison = {
      remote: address,
      origin: 'run for a test',
      repeatable: true,
      at: 0,
      result,
      given: { report, results: tensors },
    };
    files = unzipSync(
      await packResults({
        choices: [choice],
        model: { name: model.name, job, outputs },
        sides: [side, { ...side, training, trials }],
      }),
    );
  });

  test('have a manifest that is true of every file', async () => {
    const manifest = JSON.parse(strFromU8(files['manifest.json'])) as {
      files: { name: string; bytes: number; sha256: string }[];
      here: object;
      remotes: object[];
    };
    expect(manifest.files.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'manifest.json')
        .toSorted(),
    );
    for (const { name, bytes, sha256 } of manifest.files) {
      expect(files[name].length).toBe(bytes);
      expect(await sha256Of(files[name])).toBe(sha256);
    }
    expect(manifest.here).toMatchObject({ device: 'a GPU' });
    expect(manifest.remotes).toMatchObject([
      { folder: 'remote-1/', origin: 'run for a test' },
      { folder: 'remote-2/' },
    ]);
  });

  test('hold no token and no address', () => {
    for (const [name, bytes] of Object.entries(files)) {
      const content = Buffer.from(bytes).toString('latin1');
      expect(content.includes(token), name).toBe(false);
      expect(content.includes(new URL(address).host), name).toBe(false);
    }
  });

  test('have every side in the trace, each its own process', () => {
    const { traceEvents } = JSON.parse(strFromU8(files['trace.json'])) as {
      traceEvents: { ph: string; pid: number; name: string; dur?: number }[];
    };
    expect(traceEvents.filter((event) => event.name === 'process_name')).toHaveLength(3);
    const spans = (pid: number): object[] => traceEvents.filter((event) => event.ph === 'X' && event.pid === pid);
    expect(spans(1)).toMatchObject([
      { name: model.name, dur: 1500 },
      { name: 'conv1', dur: 2000, args: { algorithm: 'DIRECT' } },
    ]);
    expect(spans(2)).toMatchObject([{ name: model.name }, { name: 'conv1' }, { name: 'relu' }]);
  });

  test('have one line a remote and tensor, and one a side and time', () => {
    const lines = (name: string): number => strFromU8(files[name]).trim().split('\r\n').length - 1;
    expect(lines('comparison.csv')).toBe(2 * model.outputs.length);
    expect(lines('timings.csv')).toBe(3);
    expect(lines('algorithms.csv')).toBe(1);
  });

  test('have the curves of a training and what was tried, in tables and in the manifest', () => {
    expect(strFromU8(files['training.csv']).split('\r\n').slice(1, 3)).toEqual([
      '2,local,a GPU,"SGD, lr 0.5",2,2,0.5,3,Infinity,1',
      '2,remote,another,"SGD, lr 0.5",2,2,NaN,4,Infinity,1',
    ]);
    expect(strFromU8(files['remote-2/training.csv'])).toBe(
      'step,local_loss,remote_loss,difference\r\n0,2,2,0\r\n1,0.5,NaN,NaN\r\n',
    );
    expect(strFromU8(files['remote-2/why.csv']).split('\r\n')[1]).toBe(
      'remote,autocast computes in bfloat16,autocast: null,0.125,0.0009765625,the cause',
    );
    const { remotes } = JSON.parse(strFromU8(files['manifest.json'])) as { remotes: object[] };
    expect(remotes[1]).toMatchObject({
      training: {
        optimizer: 'SGD, lr 0.5',
        steps: 2,
        step_ms: { local: 3, remote: 4 },
        largest_difference: { relative: 'Infinity', step: 1 },
      },
      why: [
        {
          suspected: 'autocast computes in bfloat16',
          switched: { autocast: null },
          error_with: 0.125,
          error_without: 0.0009765625,
          is_it: 'the cause',
        },
      ],
    });
    expect(Object.keys(remotes[0])).not.toContain('training');
    expect(Object.keys(files)).not.toContain('remote-1/why.csv');
  });

  test('are fewer for a run alone, and for one without a model', async () => {
    const names = async (input: ResultsInput): Promise<string[]> =>
      Object.keys(unzipSync(await packResults(input))).toSorted();
    const alone = { choices: [], sides: [] };
    expect(await names(alone)).toEqual(['algorithms.csv', 'manifest.json', 'trace.json']);
    const named = {
      name: 'M',
      job: { program: 'pass', tensors: encodeSafetensors([]) },
      outputs: encodeSafetensors([]),
    };
    expect(await names({ ...alone, model: named })).toEqual([
      'algorithms.csv',
      'here.safetensors',
      'job.py',
      'job.safetensors',
      'manifest.json',
      'notebook.ipynb',
      'trace.json',
    ]);
  });

  test("have a notebook that runs under the system's kernel and prints the checksum that was recorded", async () => {
    const checksums = await runNotebook(files['notebook.ipynb']);
    expect(checksums).toHaveLength(3); // this run, and one a remote
    expect(new Set(checksums).size).toBe(1);
  });
});

describe('formats', () => {
  test('a CSV cell with commas, quotes or lines is quoted, and a formula is defused', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['=1+1', 2],
          [undefined, '-x'],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,2\r\n,\'-x\r\n');
  });

  test('a trace is in microseconds', () => {
    const trace = JSON.parse(
      toTrace([{ name: 'local', tracks: [{ name: 'kernels', spans: [{ name: 'k', startMs: 0.5, durationMs: 2 }] }] }]),
    ) as { traceEvents: object[] };
    expect(trace.traceEvents.at(-1)).toMatchObject({ ph: 'X', ts: 500, dur: 2000 });
  });

  test('weights that are too large for a notebook stay beside it', () => {
    const notebook = toNotebook({ model: 'M', program: 'pass', tensors: new Uint8Array(9 * 2 ** 20), earlier: [] });
    expect(notebook.length).toBeLessThan(10_000);
    expect(notebook).toContain('too large for a notebook');
  });
});
