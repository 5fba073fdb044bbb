/**
 * @file A kernel that somebody edited, tried in the place of the one that it was made of: on equal buffers and the same
 * grid it must write the same, and where the kernel helps to solve a problem, what the float64 reference says. Then
 * both are timed in the same rounds.
 *
 * An edited kernel may go on for ever or break the device. Its loops are bounded, and its first workgroup runs alone
 * before the others do.
 */
import { decode, dtypes } from '../../base/dtype.ts';
import { DeviceLostError, messageOf } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import { slotsOf, toleranceOfPlan } from '../../dnn/choice/candidates.ts';
import { context } from '../../dnn/choice/context.ts';
import type { WrongOutput } from '../../dnn/choice/records.ts';
import type { Solution } from '../../dnn/solution.ts';
import { launchesOf, solutionOf } from '../../dnn/solution.ts';
import { toleranceOf } from '../../dnn/tolerance.ts';
import { goesOn } from '../../dnn/tuner/own-trial.ts';
import { comparePaired, median } from '../../dnn/tuner/paired.ts';
import { spread, timeInRounds } from '../../dnn/tuner/rounds.ts';
import { Verifier, randomNumbers, storedOperand, wrongOutputText } from '../../dnn/tuner/verify.ts';
import type { Device } from '../../gpu/device.ts';
import type { KernelSpec, Launch } from '../../gpu/kernel.ts';
import { kernelKey, link } from '../../gpu/linker.ts';
import type { DeviceBuffer } from '../../gpu/pool.ts';
import type { Program } from '../../gpu/program.ts';
import type { KernelCheck, KernelTrial, TrialTimes } from '../compilation.ts';
import type { MadeLaunch } from '../record.ts';
import type { BoundBuffer } from './buffers.ts';
import { boundBuffers, contentsOf, elementsOf } from './buffers.ts';

/** For the rounds, in milliseconds of wall time. */
const budgetMs = 2000;

/** What the compiler says of a kernel's whole text. */
export async function checkKernel(device: Device, wgsl: string): Promise<KernelCheck> {
  const messages = (await device.messagesOf(wgsl)).slice(0, 200);
  return { ok: !messages.some(({ type }) => type === 'error'), messages };
}

/** Tries the text in the place of a kernel. Never throws: what goes wrong is the trial's outcome. */
export async function tryKernel(device: Device, made: MadeLaunch, wgsl: string): Promise<KernelTrial> {
  const checked = await checkKernel(device, wgsl);
  if (!checked.ok) return checked;
  const trial = new Trial(device, made, wgsl);
  try {
    return { ...checked, ...(await trial.run()) };
  } catch (error) {
    const lost = error instanceof DeviceLostError || device.lostReason !== undefined;
    const reason = lost ? `it broke the device: ${device.lostReason ?? messageOf(error)}` : messageOf(error);
    return { ...checked, ok: false, reason };
  } finally {
    trial.close();
  }
}

type Outcome = Omit<KernelTrial, 'messages'>;

/** What is run: the kernel's plan where that is known, else the kernel alone. */
interface Setup {
  readonly launches: readonly Launch[];
  readonly at: number;
  readonly bytes: readonly number[];
  readonly solution?: Solution;
}

/** An invocation has as many turns in its loops as this, at first. */
const leastTurns = 4096;

class Trial {
  private readonly device: Device;
  private readonly setup: Setup;
  private readonly bound: readonly BoundBuffer[];
  private readonly wgsl: string;
  private buffers: DeviceBuffer[] = [];
  private readonly programs: Program[] = [];

  constructor(device: Device, made: MadeLaunch, wgsl: string) {
    this.device = device;
    this.setup = setupOf(made);
    this.bound = boundBuffers(this.launch);
    this.wgsl = wgsl;
  }

  async run(): Promise<Outcome> {
    await this.allocate();
    const shipped = await this.execute(this.launch);
    const turns = await this.turns();
    if (await this.isSpent(this.wgsl, turns))
      return { ok: false, reason: `it did not end: an invocation went on after ${turns} turns of its loops` };
    const edited = await this.execute(this.edited(this.wgsl));
    const outcome = this.judge(shipped, edited);
    return outcome.ok ? { ...outcome, ...(await this.time()) } : outcome;
  }

  close(): void {
    for (const program of this.programs) program.destroy();
    for (const buffer of this.buffers) this.device.pool.release(buffer);
  }

  private get launch(): Launch {
    return this.setup.launches[this.setup.at];
  }

  private edited(wgsl: string, turns?: number): Launch {
    const { label, traits } = this.launch.kernel;
    const kernel: KernelSpec = { label: `${label}, edited`, traits, written: { name: 'edited kernel', wgsl, turns } };
    return { ...this.launch, kernel };
  }

  private async allocate(): Promise<void> {
    await this.device.guarded(this.launch.kernel.label, () => {
      for (const bytes of this.setup.bytes) this.buffers.push(this.device.pool.allocate(bytes, 'trial'));
    });
  }

  /** Operands as the problem has them; else what the kernel's text says that its buffers hold. */
  private fill(): void {
    const { solution, bytes } = this.setup;
    solution?.problem.operands.forEach(({ dtype, elements, example }, slot) =>
      this.device.upload(
        this.buffers[slot],
        storedOperand(dtype, example?.() ?? randomNumbers(elements, slot + 1)).bytes,
      ),
    );
    if (!solution)
      for (const buffer of this.bound)
        this.device.upload(this.buffers[buffer.slot], contentsOf(buffer, bytes[buffer.slot]));
  }

  /** Runs everything, with the launch in its place; what it wrote, and the end of the plan. */
  private async execute(launch: Launch): Promise<Map<number, Float64Array>> {
    const launches = this.setup.launches.map((other, i) => (i === this.setup.at ? launch : other));
    const program = await this.prepare(launches);
    await this.device.guarded(launch.kernel.label, () => {
      this.fill();
      this.device.submit(program, this.buffers);
    });
    const outputs = this.outputs();
    const contents = await this.device.read(
      outputs.map(({ slot }) => ({ buffer: this.buffers[slot], bytes: this.setup.bytes[slot] })),
    );
    return new Map(
      outputs.map(({ slot, dtype }, i) => {
        const whole = contents[i].slice(0, elementsOf({ dtype }, contents[i].byteLength) * dtypes[dtype].deviceBytes);
        return [slot, decode(dtype, new dtypes[dtype].array(whole as never))];
      }),
    );
  }

  private outputs(): { readonly slot: number; readonly name: string; readonly dtype: BoundBuffer['dtype'] }[] {
    const written = this.bound.filter(({ isWritten, isAtomic }) => isWritten && !isAtomic);
    const result = this.result;
    if (!result || written.some(({ slot }) => slot === result.slot)) return written;
    return [...written, result];
  }

  /** What the plan computes in the end. */
  private get result() {
    const operands = this.setup.solution?.problem.operands ?? [];
    const slot = operands.findIndex(({ access }) => access === 'write');
    return slot < 0 ? undefined : { slot, name: operands[slot].role, dtype: operands[slot].dtype };
  }

  private async prepare(launches: readonly Launch[]): Promise<Program> {
    const program = await this.device.prepare(launches);
    this.programs.push(program);
    return program;
  }

  /** Enough turns for the kernel as it is shipped, and many times what its work needs. */
  private async turns(): Promise<number> {
    const { workgroups, kernel, purpose } = this.launch;
    const invocations = sizeOf(workgroups) * (kernel.traits?.group ?? 64);
    const elements = this.bound.reduce((sum, buffer) => sum + elementsOf(buffer, this.setup.bytes[buffer.slot]), 0);
    let turns = leastTurns + Math.ceil((64 * elements + 8 * (purpose?.flops ?? 0)) / invocations);
    const { code } = link(kernel);
    for (let tries = 0; tries < 3 && (await this.isSpent(code, turns)); tries++) turns *= 16;
    return turns;
  }

  /** Whether an invocation of the text has turns left to go when it has had as many as these. */
  private isSpent(wgsl: string, turns: number): Promise<boolean> {
    const before = this.setup.launches.slice(0, this.setup.at);
    return goesOn(this.device, [...before, this.edited(wgsl, turns)], this.buffers, () => this.fill());
  }

  private judge(shipped: ReadonlyMap<number, Float64Array>, edited: ReadonlyMap<number, Float64Array>): Outcome {
    return this.judgeByReference(shipped, edited) ?? this.judgeByShipped(shipped, edited);
  }

  /** By the float64 reference of the problem that the plan solves. */
  private judgeByReference(
    shipped: ReadonlyMap<number, Float64Array>,
    edited: ReadonlyMap<number, Float64Array>,
  ): Outcome | undefined {
    const { solution } = this.setup;
    if (!solution) return undefined;
    const { problem, plan } = solution;
    const { slot } = this.result!;
    const inputs = Object.fromEntries(
      problem.operands.flatMap(({ role, access, dtype, elements, example }, i) =>
        access === 'read' ? [[role, storedOperand(dtype, example?.() ?? randomNumbers(elements, i + 1)).values]] : [],
      ),
    );
    const verifier = new Verifier(problem, inputs);
    verifier.check(0, plan, shipped.get(slot)!);
    const { maxError, wrong, firstWrong } = verifier.check(1, plan, edited.get(slot)!);
    const compared = {
      comparedWith: 'float64 reference',
      maxError,
      tolerance: toleranceOfPlan(problem, plan),
    } as const;
    return wrong === undefined
      ? { ok: true, ...compared }
      : { ok: false, reason: wrong, ...(firstWrong && { firstDifference: firstWrong }), ...compared };
  }

  private judgeByShipped(
    shipped: ReadonlyMap<number, Float64Array>,
    edited: ReadonlyMap<number, Float64Array>,
  ): Outcome {
    let maxError = 0;
    let tolerance = 0;
    for (const { slot, name, dtype } of this.outputs()) {
      const [expected, got] = [shipped.get(slot)!, edited.get(slot)!];
      const allowed = dtype === 'int32' ? 0 : toleranceOf({ arithmetic: dtype, length: 1 });
      const rms = rmsOf(expected);
      tolerance = Math.max(tolerance, allowed);
      let first: WrongOutput | undefined;
      for (let i = 0; i < expected.length; i++) {
        if (Object.is(expected[i], got[i]) || expected[i] === got[i]) continue;
        const error = Math.abs(expected[i] - got[i]) / rms;
        maxError = Math.max(maxError, Number.isNaN(error) ? Infinity : error);
        if (!(error <= allowed)) first ??= { element: i, place: `${name}[${i}]`, expected: expected[i], got: got[i] };
      }
      if (first)
        return {
          ok: false,
          reason: `differs from the shipped kernel; ${wrongOutputText(first)}`,
          firstDifference: first,
          comparedWith: 'shipped kernel',
          maxError,
          tolerance: allowed,
        };
    }
    return { ok: true, comparedWith: 'shipped kernel', maxError, tolerance };
  }

  /** Both alone, in the same rounds. */
  private async time(): Promise<Pick<Outcome, 'shipped' | 'edited' | 'behind' | 'clock'>> {
    const { device, buffers } = this;
    const programs = [await this.prepare([this.launch]), await this.prepare([this.edited(this.wgsl)])];
    const once = (program: Program) => device.time([{ program, buffers, repeats: 1 }]);
    const firstNs = [...(await once(programs[0])), ...(await once(programs[1]))];
    const clock = {
      quantumNs: device.clock.quantumNs,
      now: () => performance.now(),
      interruption: context.interruption,
      time: (runs: readonly { candidate: number; repeats: number }[]) =>
        device.time(runs.map(({ candidate, repeats }) => ({ program: programs[candidate], buffers, repeats }))),
    };
    const candidates = firstNs.map((expectedNs, id) => ({ id, expectedNs }));
    const { results } = await timeInRounds(clock, candidates, { deadline: clock.now() + budgetMs });
    const samples = results.map((result) => (result.samples.length > 0 ? result.samples : [result.typicalNs]));
    const behind = comparePaired(samples[1], samples[0]);
    return {
      shipped: timesOf(samples[0]),
      edited: timesOf(samples[1]),
      ...(behind && { behind }),
      clock: device.clock,
    };
  }
}

function setupOf({ launch, bytes }: MadeLaunch): Setup {
  const solution = solutionOf(launch);
  if (solution) {
    const { problem, plan, at } = solution;
    const launches = launchesOf(problem, plan, slotsOf(problem, plan));
    const operands = problem.operands.map(({ dtype, elements }) => elements * dtypes[dtype].deviceBytes);
    if (launches[at] && kernelKey(launches[at].kernel) === kernelKey(launch.kernel))
      return {
        launches: launches.map((other, i) => (i === at ? { ...other, purpose: launch.purpose } : other)),
        at,
        bytes: [...operands, ...plan.workspace],
        solution,
      };
  }
  const bound = new Set(boundBuffers(launch).map(({ slot }) => slot));
  return { launches: [launch], at: 0, bytes: bytes.map((size, slot) => (bound.has(slot) ? Math.max(4, size) : 4)) };
}

const timesOf = (samplesNs: readonly number[]): TrialTimes => ({
  medianMs: median(samplesNs) / 1e6,
  spread: spread(samplesNs),
  samplesMs: samplesNs.map((ns) => ns / 1e6),
});

function rmsOf(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  return Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / finite.length) || 1;
}
