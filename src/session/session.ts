/**
 * @file A session: programs run on the engine one after the other, and what is kept of the last one for the remote.
 *
 * Page and command line share it. It knows no browser and no Node; what differs between them is given to it.
 */
import type { HostArray } from '../base/dtype.ts';
import { isFloat } from '../base/dtype.ts';
import { fail, messageOf } from '../base/errors.ts';
import { encodeSafetensors } from '../base/safetensors.ts';
import type { RunSettings } from '../compare/why.ts';
import { engine } from '../compile/engine.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { capturedGradients } from '../remote/capture.ts';
import { outputNames } from '../remote/classes.ts';
import type { Job, JobSettings } from '../remote/job.ts';
import { settingsFrom } from '../remote/job.ts';
import { createJob } from '../remote/program.ts';
import { checkReport } from '../remote/report.ts';
import { pendingUpdates } from '../torch/pending.ts';
import { defaultGenerator } from '../torch/random.ts';
import { readTensor, Tensor } from '../torch/tensor.ts';
import { takeTrace, tensorsIn } from '../torch/trace.ts';
import { captureRun } from './judge/capture-run.ts';
import type { LocalTiming } from './judge/compare-run.ts';
import { compareRun, wantedBy } from './judge/compare-run.ts';
import type { ProgramEnvironment } from './program.ts';
import { describeError, runProgram } from './program.ts';
import type {
  ComparedTraining,
  ComparisonResult,
  EngineEvents,
  EngineInfo,
  JobRequest,
  OutputSummary,
  RunFailure,
  RunOptions,
  RunResult,
} from './protocol.ts';
import { timeModel } from './judge/replay.ts';
import { variationOf } from './judge/rerecord.ts';
import { summarize } from './summary.ts';
import { compareCurves, trainModel } from './judge/train-run.ts';
import * as wudnn from './wudnn.ts';

export interface SessionOptions extends Pick<ProgramEnvironment, 'require' | 'locate'> {
  /** What computes, by component: `{ chromium: '140' }`. */
  readonly versions: Readonly<Record<string, string>>;
}

interface Kept {
  readonly model: TracedModel;
  readonly outputs: readonly HostArray[];
  readonly choices: RunResult['choices'];
  /** The model as it was trained last, before its last step; it may be another call than `model`. */
  readonly trained?: TracedModel;
}

/** What a program's random numbers start from unless it sets a seed: the same in every run. */
const freshSeed = defaultGenerator.initialSeed();

export class Session {
  private readonly options: SessionOptions;
  private kept: Kept | undefined;
  private timed: LocalTiming | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
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
    const { model, outputs } = this.lastModel();
    const names = outputNames(model);
    return encodeSafetensors(
      model.outputs.map(({ dtype, shape }, i) => [names[i], { dtype, shape, data: outputs[i] }]),
    );
  }

  /** Runs a program's text to its end and reads its outputs. Never throws. */
  async run(
    program: string,
    events: EngineEvents,
    { forced = [], benchmarkBudgetMs }: Omit<RunOptions, 'plans'> = {},
  ): Promise<RunResult> {
    this.kept = undefined;
    this.timed = undefined;
    takeTrace();
    engine.forget();
    pendingUpdates.clear();
    engine.forced = forced;
    if (benchmarkBudgetMs !== undefined) engine.settings.benchmarkBudgetMs = benchmarkBudgetMs;
    defaultGenerator.manualSeed(freshSeed);
    engine.onProgress = (text) => events.progress(text);
    engine.onRemark = (text) => events.console({ level: 'warn', text });
    const start = performance.now();
    const { require, locate } = this.options;
    const ended = await runProgram(program, {
      modules: { wudnn },
      console: (entry) => events.console(entry),
      require,
      locate,
    });
    try {
      if (!ended.ok) return failure(ended.error);
      return await this.gather(ended.exports, start);
    } catch (error) {
      return failure(describeError(error));
    }
  }

  /** The last run's model as a job; throws where it called none. `settings` are for those that know them all. */
  async job(
    { gradients = false, settings = {}, trainingSteps }: JobRequest = {},
    more: Partial<JobSettings> = {},
  ): Promise<Job> {
    const read = (node: Node): Promise<HostArray> => engine.read(node);
    const asked = { ...settingsFrom(settings), ...more };
    if (trainingSteps === undefined) {
      const { model } = this.lastModel();
      if (gradients) requireGradients(model);
      return createJob(model, read, { gradients, findAlgorithms: true, ...asked });
    }
    const quick = { layers: false, activations: false, kernels: false, warmup: 0, repeats: 1 };
    return createJob(this.trained(), read, { ...quick, ...asked, training: { steps: trainingSteps, processes: 1 } });
  }

  /** Judges a remote's results against the last run: its outputs, and the layers and gradients that came with them. Times the model first. */
  async compare(report: unknown, results: Uint8Array, change?: RunSettings): Promise<ComparisonResult> {
    const { model, outputs, choices } = this.lastModel();
    const timing = await this.timing(model);
    const captured = await captureRun(model, wantedBy(results), readAll, change && variationOf(change));
    const also = engine.takeChoices();
    if (change) return compareRun({ model, captured, choices: also, timing }, report, results);
    const run = captured.outputs.map((held, i) => ({ ...held, data: outputs[i] }));
    return compareRun(
      { model, captured: { ...captured, outputs: run }, choices: [...choices, ...also], timing },
      report,
      results,
    );
  }

  /** Repeats the steps of training that a report tells of, from the same weights with a fresh optimizer of the same kind. */
  async compareTraining(report: unknown): Promise<ComparedTraining> {
    const { training, device } = checkReport(report);
    const { losses, step_ms } = training ?? fail('compare: the report contains no training');
    if (losses.length === 0)
      fail(
        "compare: the remote's loss is not finite at the first step, so there is no curve; is the learning rate too high?",
      );
    const model = this.trained();
    return compareCurves(
      model.training!.optimizer!,
      { device: this.device(model).device, ...(await trainModel(model, losses.length)) },
      { device: device.name, losses, stepMs: step_ms },
    );
  }

  /** The model's time; measured once, since it is the same for each remote. */
  private async timing(model: TracedModel): Promise<LocalTiming> {
    this.timed ??= await this.measure(model);
    return this.timed;
  }

  private async measure(model: TracedModel): Promise<LocalTiming> {
    const { wallMs, gpuMs } = await timeModel(model);
    return {
      ...this.device(model),
      versions: this.options.versions,
      samplesMs: wallMs,
      ...(gpuMs && { gpuMs }),
      clock: 'wall clock, from submitting to finished',
    };
  }

  private device(model: TracedModel): Pick<LocalTiming, 'device' | 'software'> {
    const adapter = model.outputs[0].device === 'webgpu' ? engineInfo().adapter : undefined;
    return { device: adapter?.description ?? 'cpu reference', software: adapter?.software ?? true };
  }

  private async gather(exports: Readonly<Record<string, unknown>>, start: number): Promise<RunResult> {
    const { model, trained } = takeTrace();
    const modelOutputs: HostArray[] = [];
    for (const node of model?.outputs ?? []) modelOutputs.push(await engine.read(node));
    const outputs = await summarizeExports(exports);
    if (model && outputs.length === 0) {
      const names = outputNames(model);
      outputs.push(...model.outputs.map((node, i) => summarize(names[i], node, modelOutputs[i])));
    }
    const wallMs = performance.now() - start;
    const choices = engine.takeChoices();
    if (model) this.kept = { model, outputs: modelOutputs, choices, ...(trained && { trained }) };
    return {
      ok: true,
      device: engine.device ? 'webgpu' : 'cpu',
      outputs,
      choices,
      wallMs,
      model: model?.name,
      optimizer: trained?.training?.optimizer?.name,
    };
  }

  private trained(): TracedModel {
    const { trained, model } = this.lastModel();
    if (trained?.training?.optimizer) return trained;
    return fail(
      `compare: ${model.name} was not trained by one optimizer of one group with a loss computed from its outputs, so there are no steps to repeat`,
    );
  }

  private lastModel(): Kept {
    return (
      this.kept ?? fail('compare: the last run called no model; call an nn.Module in the program, such as model(input)')
    );
  }
}

/** Computes nodes in one go, and reads them back. */
async function readAll(nodes: readonly Node[]): Promise<HostArray[]> {
  await engine.realize(nodes);
  return Promise.all(nodes.map((node) => engine.read(node)));
}

/** Throws where PyTorch could go backward from nothing, or to nothing. */
function requireGradients(model: TracedModel): void {
  const { name, outputs, training } = model;
  if (!training && !outputs.some(({ dtype }) => isFloat(dtype)))
    fail(
      `compare: ${name} gives ${outputs.map(({ dtype }) => dtype).join(', ')}, which have no gradients; compare without gradients`,
    );
  const { kept, leftOut } = capturedGradients(model);
  if (kept.size + leftOut.length === 0)
    fail(`compare: ${name} has no floating-point parameters or inputs to differentiate; compare without gradients`);
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
  return {
    device: 'webgpu',
    adapter: { description, vendor, architecture, software, features, limits, timer: device.clock },
  };
}
