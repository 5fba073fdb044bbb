/**
 * @file A session: programs run on the engine one after the other, and what is kept of the last one for the remote.
 *
 * Page and command line share it. It knows no browser and no Node; what differs between them is given to it.
 */
import type { HostArray } from '../base/dtype.ts';
import { fail, messageOf } from '../base/errors.ts';
import { encodeSafetensors } from '../base/safetensors.ts';
import { engine } from '../compile/engine.ts';
import type { TracedModel } from '../graph/types.ts';
import { outputNames } from '../remote/classes.ts';
import type { Job, JobSettings } from '../remote/job.ts';
import { createJob } from '../remote/program.ts';
import { defaultGenerator } from '../torch/random.ts';
import { readTensor, Tensor } from '../torch/tensor.ts';
import { takeTrace, tensorsIn } from '../torch/trace.ts';
import type { LocalRun } from './compare-run.ts';
import { compareRun } from './compare-run.ts';
import type { ProgramEnvironment } from './program.ts';
import { describeError, runProgram } from './program.ts';
import type { ComparisonResult, EngineEvents, EngineInfo, OutputSummary, RunFailure, RunResult } from './protocol.ts';
import { timeModel } from './replay.ts';
import { summarize } from './summary.ts';
import * as wudnn from './wudnn.ts';

export interface SessionOptions extends Pick<ProgramEnvironment, 'require' | 'locate'> {
  /** What computes, by component: `{ chromium: '140' }`. */
  readonly versions: Readonly<Record<string, string>>;
}

interface Kept {
  readonly model: TracedModel;
  readonly outputs: readonly HostArray[];
  readonly choices: RunResult['choices'];
}

/** What a program's random numbers start from unless it sets a seed: the same in every run. */
const freshSeed = defaultGenerator.initialSeed();

export class Session {
  readonly #options: SessionOptions;
  #kept: Kept | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Opens a device. Never throws: without one the cpu reference runs, and `reason` says why. */
  async start(gpu: GPU | undefined, whyNot: string): Promise<EngineInfo> {
    if (!gpu) return { device: 'cpu', reason: whyNot };
    try {
      if (!engine.device) await engine.start(gpu);
      return engineInfo();
    } catch (error) {
      return { device: 'cpu', reason: messageOf(error) };
    }
  }

  /** The outputs of the last run's model, safetensors; throws where it called none. */
  async outputs(): Promise<Uint8Array> {
    const { model, outputs } = this.#lastModel();
    const names = outputNames(model);
    return encodeSafetensors(model.outputs.map(({ dtype, shape }, i) => [names[i], { dtype, shape, data: outputs[i] }]));
  }

  /** Runs a program's text to its end and reads its outputs. Never throws. */
  async run(program: string, events: EngineEvents): Promise<RunResult> {
    this.#kept = undefined;
    takeTrace();
    engine.forget();
    defaultGenerator.manualSeed(freshSeed);
    engine.onProgress = (text) => events.progress(text);
    const start = performance.now();
    const { require, locate } = this.#options;
    const ended = await runProgram(program, { modules: { wudnn }, console: (entry) => events.console(entry), require, locate });
    try {
      if (!ended.ok) return failure(ended.error);
      return await this.#gather(ended.exports, start);
    } catch (error) {
      return failure(describeError(error));
    }
  }

  /** The last run's model as a job; throws where it called none. */
  async job(settings: Partial<JobSettings> = {}): Promise<Job> {
    return createJob(this.#lastModel().model, (node) => engine.read(node), settings);
  }

  /** Judges a remote's results against the last run; times the model on this side first. */
  async compare(report: unknown, results: Uint8Array): Promise<ComparisonResult> {
    const kept = this.#lastModel();
    for (const node of [...kept.model.inputs, ...kept.model.state.values()]) await engine.read(node);
    const onGpu = kept.model.outputs[0].device === 'webgpu';
    const local: LocalRun = {
      ...kept,
      timing: {
        device: onGpu ? engineInfo().adapter!.description : 'cpu reference',
        software: !onGpu || engineInfo().adapter!.software,
        versions: this.#options.versions,
        samplesMs: await timeModel(kept.model),
        clock: 'wall clock, from submitting to finished',
      },
    };
    return compareRun(local, report, results);
  }

  async #gather(exports: Readonly<Record<string, unknown>>, start: number): Promise<RunResult> {
    const model = takeTrace();
    const modelOutputs: HostArray[] = [];
    for (const node of model?.outputs ?? []) modelOutputs.push(await engine.read(node));
    const outputs = await summarizeExports(exports);
    if (model && outputs.length === 0) {
      const names = outputNames(model);
      outputs.push(...model.outputs.map((node, i) => summarize(names[i], node, modelOutputs[i])));
    }
    const wallMs = performance.now() - start;
    const choices = engine.takeChoices();
    if (model) this.#kept = { model, outputs: modelOutputs, choices };
    return { ok: true, device: engine.device ? 'webgpu' : 'cpu', outputs, choices, wallMs, model: model?.name };
  }

  #lastModel(): Kept {
    return this.#kept ?? fail('compare: the last run called no model; call an nn.Module in the program, such as model(input)');
  }
}

function failure(error: RunFailure['error']): RunFailure {
  return { ok: false, error, choices: engine.takeChoices() };
}

/** The exported tensors; those in an exported list or object are named by their number. */
async function summarizeExports(exports: Readonly<Record<string, unknown>>): Promise<OutputSummary[]> {
  const outputs: OutputSummary[] = [];
  for (const [name, value] of Object.entries(exports)) {
    for (const [i, tensor] of tensorsIn(value).entries()) {
      const label = value instanceof Tensor ? name : `${name}[${i}]`;
      outputs.push(summarize(label, tensor.node, await readTensor(tensor)));
    }
  }
  return outputs;
}

function engineInfo(): EngineInfo {
  const device = engine.device ?? fail('webgpu: the device was lost; run the program again');
  const { description, vendor, architecture, software, features, limits } = device.adapter;
  return { device: 'webgpu', adapter: { description, vendor, architecture, software, features, limits, timer: device.clock } };
}
