/**
 * Intent: cuDNN's functions, from a program and from the command line, list every algorithm with what it needs or why
 * it cannot run, and keep what they measured.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotSupportedError } from '../../src/base/errors.ts';
import { listAdapters } from '../../src/machine/adapters.ts';
import * as dnn from '../../src/torch/dnn.ts';
import { context } from '../../src/dnn/choice/context.ts';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { openTestDevice } from '../support/device.ts';

const desc = dnn.convolutionDescriptor({ x: [2, 6, 13, 11], w: [8, 6, 3, 3], padding: [1, 0], stride: [1, 2] });

describe('from a program', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
    context.device = () => device;
  });
  afterAll(() => {
    context.device = () => undefined;
    device.destroy();
  });

  test('the list names every algorithm of the direction, each supported or with its reason', () => {
    const listed = dnn.convolutionAlgorithms(desc);
    expect(listed.map((a) => a.algo)).toEqual(convAlgorithms('forward').map((a) => a.name));
    for (const { supported, configs } of listed)
      expect(supported === true ? configs.length > 0 : supported.length > 0 && configs.length === 0).toBe(true);
  });

  test('the workspace is that of the list, by algorithm and configuration', () => {
    const gemm = dnn.convolutionAlgorithms(desc).find((a) => a.algo === 'GEMM')!;
    expect(dnn.convolutionWorkspace(desc, 'GEMM')).toBe(gemm.configs[0].memory);
    const last = gemm.configs.at(-1)!;
    expect(dnn.convolutionWorkspace(desc, 'GEMM', last.config)).toBe(last.memory);
    expect(dnn.convolutionWorkspace(desc, 'DIRECT')).toBe(0);
    expect(() => dnn.convolutionWorkspace(desc, 'GEMN')).toThrow(
      /there is no algorithm 'GEMN' of convolution forward; there are .*GEMM/,
    );
    expect(() => dnn.convolutionWorkspace(desc, 'GEMM', 'huge')).toThrow(/has no configuration 'huge'; it has '/);
    const refused = dnn.convolutionAlgorithms(desc).find((a) => a.supported !== true);
    if (refused) expect(() => dnn.convolutionWorkspace(desc, refused.algo)).toThrow(NotSupportedError);
  });

  test('get ranks by prediction and runs nothing of the shape; FALLBACK predicts nothing', async () => {
    const ranked = (await dnn.getConvolutionAlgorithms(desc, { mode: 'A' })).filter((c) => c.status === 'not tried');
    expect(ranked.map((c) => c.predictedMs!)).toEqual(ranked.map((c) => c.predictedMs!).toSorted((a, b) => a - b));
    expect(ranked.every((c) => c.timeMs === undefined && c.terms!.length > 0)).toBe(true);
    const fallback = await dnn.getConvolutionAlgorithms(desc, { mode: 'FALLBACK' });
    expect(fallback[0]).toMatchObject({ memory: 0 });
    expect(fallback[0].predictedMs).toBeUndefined();
  });

  test('find ranks by time, with losers, failures and what was ruled out', async () => {
    const found = await dnn.findConvolutionAlgorithms(desc, { budgetMs: 60_000, workspaceLimit: 0 });
    const times = found.filter((c) => c.status === 'success').map((c) => c.timeMs!);
    expect(times.length).toBeGreaterThan(1);
    expect(times.slice(1)).toEqual(times.slice(1).toSorted((a, b) => a - b));
    expect(found.every((c) => c.status === 'success' || c.reason !== undefined)).toBe(true);
    expect(found.filter((c) => c.memory > 0).every((c) => c.status === 'not supported')).toBe(true);
    await expect(dnn.findConvolutionAlgorithms(desc, { budgetMs: NaN })).rejects.toThrow(
      /budgetMs is NaN; it is a number of milliseconds/,
    );
  });

  test('without a device they say that there is none', async () => {
    context.device = () => undefined;
    expect(() => dnn.convolutionAlgorithms(desc)).toThrow(/dnn.convolutionAlgorithms: there is no WebGPU device/);
    await expect(dnn.findConvolutionAlgorithms(desc)).rejects.toThrow(/there is no WebGPU device/);
    context.device = () => device;
  });
});

describe('from the command line', () => {
  const run = promisify(execFile);
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-tune-'));
  const at = (name: string): string => join(folder, name);

  async function wudnn(...args: string[]): Promise<string> {
    const { name } = await openTestAdapter();
    const { stdout } = await run(process.execPath, [
      '--import',
      'tsx',
      'src/cli/main.ts',
      ...args,
      '--adapter',
      name,
      '--cache',
      at('plans.jsonl'),
    ]);
    return stdout;
  }
  const choices = (): AlgorithmChoice[] => JSON.parse(readFileSync(at('choices.json'), 'utf8')).choices;

  test('tune measures a suite once, and explain tells what was measured', async () => {
    writeFileSync(at('suite.txt'), '1,4,9,9,8,3,3,1,1 # small\n1,4,9,9,8,1,1\n');
    const first = await wudnn('tune', '--suite', at('suite.txt'), '--json', at('choices.json'));
    expect(first).toMatch(
      /conv2d forward {2}1×4×9×9 \* 8×4×3×3, padding 1, float32\n.*\nchosen: .* \(measured in this run.*\)\nalgorithm +configuration/,
    );
    expect(choices().map((c) => c.source)).toEqual(['measured', 'measured']);

    await wudnn('tune', '1,4,9,9,8,3,3,1,1', '--json', at('choices.json'));
    expect(choices().map((c) => c.source)).toEqual(['cache']);

    const told = await wudnn('explain', '1,4,9,9,8,3,3,1,1');
    expect(told).toMatch(/Estimates, mode B\n {2}1 {2}.*: .* ms\n {7}launches/);
    expect(told).toMatch(/Measured before\nconv2d forward {2}1×4×9×9/);
  });

  test('products, poolings and attention are tuned and explained too', async () => {
    await wudnn('tune', 'matmul:9,8,7', 'pool:1,2,8,8,2,2', 'attention:2,5,6,4', '--json', at('choices.json'));
    expect(choices().map((c) => [c.operation, c.source])).toEqual([
      ['matmul', 'measured'],
      ['pool2d', 'measured'],
      ['attention', 'measured'],
    ]);
    expect(choices().map((c) => c.candidates[0].status)).toEqual(['success', 'success', 'success']);
    expect(await wudnn('explain', 'attention:2,5,6,4')).toMatch(
      /attention forward {2}2×5×4 queries, 6 keys, float32\n[^]*Estimates, mode B\n {2}1 {2}[^]*FLASH_ATTENTION[^]*Measured before/,
    );
    expect(await wudnn('explain', 'pool:1,2,8,8,2,2', '--direction', 'data')).toMatch(
      /pool2d backward data[^]*GATHER: /,
    );
  });

  test('a fused group is explained both ways, and its last step by itself', async () => {
    const told = await wudnn('explain', '1,4,9,9,8,3,3,1,1+bias+relu+pool');
    expect(told).toMatch(/^conv2d forward {2}.*, \+ bias \+ relu \+ max pool 2×2\n/);
    expect(told).toMatch(/ {2}DIRECT, one window a thread: .* ms\n/);
    expect(told).toMatch(
      / {2}DIRECT, one output a thread, pool unfused: .* ms\n {7}launches [^]*?\n {7}pool2d launches [^]*?\n {7}pool2d memory /,
    );
    expect(told).toMatch(/ – {2}GEMM: cannot end in a max 2x2 pool: /);
  });

  test('a kind of arithmetic is tuned by itself', async ({ skip }) => {
    const { name } = await openTestAdapter();
    skip(
      !(await listAdapters()).find((adapter) => adapter.name === name)!.features.includes('shader-f16'),
      'the adapter has no shader-f16',
    );
    await wudnn(
      'tune',
      '1,4,9,9,8,3,3,1,1',
      '--dtype',
      'float16',
      '--math',
      'HALF_ARITHMETIC',
      '--json',
      at('choices.json'),
    );
    const [{ candidates }] = choices();
    expect(new Set(candidates.filter(({ status }) => status === 'success').map(({ mathType }) => mathType))).toEqual(
      new Set(['HALF_ARITHMETIC']),
    );
    expect(candidates).toContainEqual(
      expect.objectContaining({ algo: 'FFT', mathType: 'HALF_ARITHMETIC', status: 'not supported' }),
    );
  });

  test('what cannot be understood is refused with the remedy', async () => {
    await expect(wudnn('tune')).rejects.toThrow(/tune: no shape was given; see --help/);
    await expect(wudnn('tune', '1,2')).rejects.toThrow(/write N,C,H,W,K,R,S/);
    await expect(wudnn('tune', '1,4,9,9,8,3,3', '--budget', 'much')).rejects.toThrow(
      /--budget is 'much', not a number/,
    );
    await expect(wudnn('tune', '1,4,9,9,8,3,3', '--math', 'HALF')).rejects.toThrow(
      /there is no --math HALF of float32; there is FMA/,
    );
    await expect(wudnn('tune', '--suite', at('none.txt'))).rejects.toThrow(/cannot read .*none\.txt/);
    await expect(wudnn('explain', '1,4,9,9,8,3,3', '--mode', 'C')).rejects.toThrow(
      /there is no mode 'C'; there are A, B, FALLBACK/,
    );
  });
});
