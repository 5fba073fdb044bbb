/**
 * @file What the tuner's tests share: small problems, algorithms made to fail in one way, a chooser with time for
 * everything.
 */
import type { Algorithm } from '../../src/dnn/algorithm.ts';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { Chooser } from '../../src/dnn/choice/choose.ts';
import type { CudnnSettings } from '../../src/dnn/choice/settings.ts';
import { defaultSettings } from '../../src/dnn/choice/settings.ts';
import { direct } from '../../src/dnn/conv2d/direct.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import type { Problem } from '../../src/dnn/problem.ts';
import type { Device } from '../../src/gpu/device.ts';

export const seed = convProblem(convolutionDescriptor({ x: [4, 3, 32, 32], w: [16, 3, 3, 3], padding: 1 }));
export const small = (height: number): Problem =>
  convProblem(convolutionDescriptor({ x: [1, 4, height, 9], w: [8, 4, 3, 3], padding: 1 }));

export function chooserOn(device: Device, settings: Partial<CudnnSettings> = {}, cache = new PlanCache()): Chooser {
  // However busy the machine is, all is tried that a limit admits.
  return new Chooser(device, { ...defaultSettings(), benchmarkBudgetMs: Infinity, ...settings }, cache);
}

/** The problem with other algorithms in place of its own. */
export const withAlgorithms = (problem: Problem, ...algorithms: Algorithm<any, any>[]): Problem => ({
  ...problem,
  algorithms,
});
export const plain = direct as Algorithm<any, any>;
export const named = (name: string, over: Partial<Algorithm<any, any>> = {}): Algorithm<any, any> => ({
  ...plain,
  name,
  configs: (d, on) => plain.configs(d, on).slice(0, 1),
  ...over,
});
