/**
 * @file A session: programs run on the engine one after the other, and what is kept of the last one for the remote.
 *
 * Page and command line share it. It knows no browser and no Node; what differs between them is given to it.
 */
import type { HostArray } from '../base/dtype.ts';
import { fail, messageOf } from '../base/errors.ts';
import { formatBytes } from '../base/format.ts';
import { notePhases, takePhases } from '../base/phases.ts';
import { encodeSafetensors } from '../base/safetensors.ts';
import type { RunSettings } from '../compare/why.ts';
import type {
  Compilation,
  KernelCheck,
  KernelPlace,
  KernelRecord,
  KernelText,
  KernelTrial,
} from '../compile/compilation.ts';
import { engine } from '../compile/engine.ts';
import { collectGarbage } from '../compile/garbage.ts';
import { MemoryRecorder, memoryRecording } from '../compile/memory-record.ts';
import { kernelText, launchOf } from '../compile/record.ts';
import { checkKernel, tryKernel } from '../compile/trial/kernel-trial.ts';
import { openDevice } from '../dnn/choice/context.ts';
import type { PassName } from '../compile/passes/index.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { outputNames } from '../remote/classes.ts';
import type { Job, JobSettings } from '../remote/job.ts';
import { settingsFrom } from '../remote/job.ts';
import { createJob } from '../remote/program.ts';
import { checkReport } from '../remote/report.ts';
import { fixSwitches } from '../torch/backends.ts';
import { switchCompile } from '../torch/compiler/compile.ts';
import { pendingUpdates } from '../torch/pending.ts';
import { Profile, endProfile } from '../torch/profiler/profile.ts';
import { defaultGenerator, holdSeed } from '../torch/random.ts';
import { readTensor, Tensor } from '../torch/tensor.ts';
import { takeTrace, tensorsIn } from '../torch/trace.ts';
import { captureRun } from './judge/capture-run.ts';
import { requireGradients } from './judge/require-gradients.ts';
import type { LocalTiming } from './judge/compare-run.ts';
import { compareRun, wantedBy } from './judge/compare-run.ts';
import type { ProgramEnvironment } from './program.ts';
import { describeError, lineOf, runProgram } from './program.ts';
import { mostShownBytes } from './protocol.ts';
import type {
  ComparedTraining,
  ComparisonResult,
  EngineEvents,
  EngineInfo,
  Inspection,
  JobRequest,
  OutputSummary,
  OutputValues,
  RunFailure,
  RunOptions,
  RunResult,
  TrialRequest,
} from './protocol.ts';
import type { PassTimes, TimedPass } from './judge/pass-times.ts';
import { timePasses } from './judge/pass-times.ts';
import { timeModel } from './judge/replay.ts';
import { variationOf } from './judge/rerecord.ts';
import { startFigures } from './figures.ts';
import { summarize } from './summary.ts';
import { compareCurves, trainModel } from './judge/train-run.ts';
import { giveImage } from '../vision/given-image.ts';
import * as wudnn from './wudnn.ts';

export interface SessionOptions extends Pick<ProgramEnvironment, 'require' | 'locate'> {
  /** What computes, by component: `{ chromium: '140' }`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a host in the same realm may ask of a run besides. */
export type HostOptions = Omit<RunOptions, 'plans'> & {
  readonly profile?: Profile;
  /** Has compiled code recorded, with these passes switched off. */
  readonly compiling?: { readonly without: readonly PassName[] };
};

/** What an inspected run's profile notes. */
const inspecting = { recordShapes: true, withFlops: true, most: 20_000, yields: true };

interface TracedRun {
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
  private kept: TracedRun | undefined;
  private timed: LocalTiming | undefined;
  private inspected: Inspection | undefined;
  private values = new Map<string, OutputValues>();

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

  /**
   * Runs a program's text to its end and reads its outputs, all under the profile, where one is given. Throws only
   * where `image` is not of its form.
   */
  async run(
    program: string,
    events: EngineEvents,
    { forced = [], benchmarkBudgetMs, fixed = {}, inspect = false, image, compiling, ...options }: HostOptions = {},
  ): Promise<RunResult> {
    const profile = options.profile ?? (inspect ? new Profile(inspecting) : undefined);
    this.kept = undefined;
    this.timed = undefined;
    this.inspected = undefined;
    this.values.clear();
    takeTrace();
    engine.forget();
    pendingUpdates.clear();
    endProfile();
    giveImage(image);
    engine.forced = forced;
    engine.withoutPasses = compiling?.without ?? [];
    engine.recordsCompilations = inspect ? 'all' : compiling && 'compiled';
    if (benchmarkBudgetMs !== undefined) engine.settings.benchmarkBudgetMs = benchmarkBudgetMs;
    const { compile, seed, ...switches } = fixed;
    fixSwitches(switches);
    switchCompile(compile !== false);
    holdSeed(seed);
    defaultGenerator.manualSeed(seed ?? freshSeed);
    engine.onProgress = (text) => events.progress(text);
    engine.onRemark = (text, stack) => events.console({ level: 'warn', text, line: lineOf(stack) });
    const figures = startFigures((figure) => events.figure?.(figure));
    memoryRecording.recorder = inspect ? new MemoryRecorder() : undefined;
    if (inspect) {
      await collectGarbage(); // what is in use then is this run's
      notePhases();
    }
    await profile?.start();
    const start = performance.now();
    const { require, locate } = this.options;
    const ended = await runProgram(program, {
      modules: { wudnn },
      console: (entry) => events.console(entry),
      require,
      locate,
    });
    await figures.drawn();
    try {
      if (!ended.ok) return failure(ended.error);
      const gathered = await this.gather(ended.exports, start);
      if (!profile?.yielded) await profile?.stop();
      if (inspect) this.inspected = this.inspectionOf(profile!, start);
      return gathered;
    } catch (error) {
      return failure(describeError(error));
    }
  }

  /** The numbers of an output of the last run; throws where it has too many to look at. */
  outputValues(name: string): OutputValues {
    const values = this.values.get(name) ?? fail(`output: the last run has no output '${name}'`);
    const size = values.bytes.length;
    if (size > mostShownBytes)
      fail(
        `output: ${name} has ${formatBytes(size)}, and up to ${formatBytes(mostShownBytes)} are shown; export a part of it, such as ${name}.narrow(0, 0, 1)`,
      );
    return values;
  }

  /** What the last run was like inside; throws where it was not to be noted. */
  inspection(): Inspection {
    return (
      this.inspected ?? fail('inspection: the last run was not inspected, or it failed; run it with the instruments')
    );
  }

  /** The text of a kernel of the inspection. */
  kernelText(place: KernelPlace): KernelText {
    return kernelText(this.kernelRecord(place));
  }

  /** What the compiler says of a kernel's text; nothing is run. */
  checkKernel(text: string): Promise<KernelCheck> {
    return checkKernel(openDevice('checkKernel'), text);
  }

  /** Runs an edited text in the place of a kernel of the inspection, judges what it computes, and times both. */
  async trialKernel({ place, text }: TrialRequest): Promise<KernelTrial> {
    const made = launchOf(this.kernelRecord(place));
    const trials: KernelTrial[] = [];
    await engine.work(async () => void trials.push(await tryKernel(openDevice('trialKernel'), made, text)));
    return trials[0];
  }

  private kernelRecord({ schedule, kernel }: KernelPlace): KernelRecord {
    return (
      this.inspection().schedules[schedule]?.kernels[kernel] ??
      fail(`inspection: schedule ${schedule} has no kernel ${kernel}`)
    );
  }

  /** What the last run compiled, where it was to be recorded. */
  compilations(): Compilation[] {
    return engine.takeCompilations(lineOf);
  }

  /** Times the last run's model with all passes and without each of some, in turn. */
  timePasses(names: readonly TimedPass[]): Promise<PassTimes[]> {
    return timePasses(this.lastModel().model, names);
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

  /**
   * Judges a remote's results against the last run: its outputs, and the layers and gradients that came with them.
   * Times the model first.
   */
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

  /**
   * Repeats the steps of training that a report tells of, from the same weights with a fresh optimizer of the same
   * kind.
   */
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
    const outputs = await this.summarizeExports(exports);
    if (model && outputs.length === 0) {
      const names = outputNames(model);
      outputs.push(...model.outputs.map((node, i) => this.shown(names[i], node, modelOutputs[i])));
    }
    const wallMs = performance.now() - start;
    await engine.background.measured();
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

  private inspectionOf(profile: Profile, start: number): Inspection {
    return {
      schedules: this.compilations(),
      ...(!profile.yielded && { profile: profile.data() }),
      memory: memoryRecording.recorder!.data(),
      phases: takePhases(),
      start,
      end: performance.now(),
    };
  }

  private async summarizeExports(exports: Readonly<Record<string, unknown>>): Promise<OutputSummary[]> {
    const outputs: OutputSummary[] = [];
    for (const [name, value] of Object.entries(exports)) {
      for (const [i, tensor] of tensorsIn(value).entries()) {
        const label = value instanceof Tensor ? name : `${name}[${i}]`;
        outputs.push(this.shown(label, tensor.node, await readTensor(tensor)));
      }
    }
    return outputs;
  }

  private shown(name: string, node: Node, data: HostArray): OutputSummary {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.values.set(name, { shape: node.shape, dtype: node.dtype, bytes });
    return summarize(name, node, data);
  }

  private trained(): TracedModel {
    const { trained, model } = this.lastModel();
    if (trained?.training?.optimizer) return trained;
    return fail(
      `compare: ${model.name} was not trained by one optimizer of one group with a loss computed from its outputs, so there are no steps to repeat`,
    );
  }

  private lastModel(): TracedRun {
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

function failure(error: RunFailure['error']): RunFailure {
  engine.background.stopMeasuring();
  return { ok: false, error, choices: engine.takeChoices() };
}

function engineInfo(): EngineInfo {
  const device = engine.device ?? fail('webgpu: the device was lost; run the program again');
  const { description, vendor, architecture, software, features, limits } = device.adapter;
  return {
    device: 'webgpu',
    adapter: { description, vendor, architecture, software, features, limits, timer: device.clock },
  };
}
