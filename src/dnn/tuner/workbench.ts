/**
 * @file The workbench: a problem's candidates on the device, with operands of random numbers. Candidates share one
 * output and one workspace, as large as the largest needs, since they run one after the other.
 */
import { decode, dtypes } from '../../base/dtype.ts';
import { DeviceLostError, messageOf } from '../../base/errors.ts';
import type { Device } from '../../gpu/device.ts';
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, writes } from '../../gpu/kernel.ts';
import { DeviceBuffer } from '../../gpu/pool.ts';
import type { Program } from '../../gpu/program.ts';
import { candidateId, slotsOf } from '../choice/candidates.ts';
import type { Plan, Problem } from '../problem.ts';
import type { Bench, Verification } from './find.ts';
import type { BandedBuffer } from './own-trial.ts';
import { bandBytes, checkWritten, poison, sameBytes, wholeWords, whyEndless, whyOutside } from './own-trial.ts';
import type { Interruption, Run } from './rounds.ts';
import { Verifier, randomNumbers, storedOperand } from './verify.ts';

const poisonGroup = 256;

export class Workbench implements Bench {
  readonly quantumNs: number;
  interruption?: Interruption;
  private readonly device: Device;
  private readonly problem: Problem;
  private readonly plans: readonly Plan[];
  private readonly operands: readonly BandedBuffer[];
  private readonly verifier: Verifier;
  private readonly programs = new Map<number, Program>();
  private workspace: DeviceBuffer[] = [];

  /** Allocates and fills the operands; throws a `GpuError` where there is no room for them. */
  static async open(device: Device, problem: Problem, plans: readonly Plan[]): Promise<Workbench> {
    const inputs: Record<string, Float64Array> = {};
    const buffers: BandedBuffer[] = [];
    const band = plans.some(({ algorithm }) => algorithm.own) ? bandBytes : 0;
    try {
      await device.guarded(`measuring ${problem.description}`, () => {
        problem.operands.forEach(({ role, dtype, elements, access, example }, i) => {
          const operand =
            access === 'read' ? storedOperand(dtype, example?.() ?? randomNumbers(elements, i + 1)) : undefined;
          const bytes = elements * dtypes[dtype].deviceBytes;
          const whole = device.pool.allocate(band > 0 ? wholeWords(bytes) + band : bytes, role);
          buffers.push({ role, access, whole, exact: whole.resized(bytes) });
          if (!operand) return;
          device.upload(whole, band > 0 ? banded(operand.bytes, whole.size) : operand.bytes);
          inputs[role] = operand.values;
        });
      });
      return new Workbench(device, problem, plans, buffers, new Verifier(problem, inputs), device.clock.quantumNs);
    } catch (error) {
      for (const { whole } of buffers) device.pool.release(whole);
      throw error;
    }
  }

  private constructor(
    device: Device,
    problem: Problem,
    plans: readonly Plan[],
    operands: readonly BandedBuffer[],
    verifier: Verifier,
    quantumNs: number,
  ) {
    this.device = device;
    this.problem = problem;
    this.plans = plans;
    this.operands = operands;
    this.verifier = verifier;
    this.quantumNs = quantumNs;
  }

  now(): number {
    return performance.now();
  }

  async compile(candidate: number): Promise<number> {
    const launches = this.launchesOf(candidate);
    if (this.plans[candidate].algorithm.own) await checkWritten(this.device, launches);
    const program = await this.device.prepare(launches);
    this.programs.set(candidate, program);
    return program.compileMs;
  }

  async verify(candidate: number): Promise<Verification> {
    const plan = this.plans[candidate];
    await this.device.guarded(this.what(candidate), () => this.reserveWorkspace(plan.workspace));
    if (plan.algorithm.own) return this.blaming([candidate], () => this.verifyOwn(candidate));
    const { output, firstNs } = await this.run(candidate);
    return { ...this.verifier.check(candidate, plan, this.numbers(output)), firstNs };
  }

  time(runs: readonly Run[]): Promise<number[]> {
    return this.blaming(
      runs.map(({ candidate }) => candidate),
      () =>
        this.device.time(
          runs.map(({ candidate, repeats }) => ({
            program: this.programs.get(candidate)!,
            buffers: this.buffersOf(candidate),
            repeats,
          })),
        ),
    );
  }

  close(): void {
    for (const program of this.programs.values()) program.destroy();
    for (const buffer of [...this.operands.map(({ whole }) => whole), ...this.workspace])
      this.device.pool.release(buffer);
  }

  private launchesOf(candidate: number): readonly Launch[] {
    const plan = this.plans[candidate];
    return plan.algorithm.launches(this.problem.desc, plan.config, slotsOf(this.problem, plan));
  }

  private what(candidate: number): string {
    return `${candidateId(this.plans[candidate])} on ${this.problem.description}`;
  }

  /** A kernel that a program brought: it must end and stay within its buffers, too. */
  private async verifyOwn(candidate: number): Promise<Verification> {
    const plan = this.plans[candidate];
    const launches = this.launchesOf(candidate);
    const endless = await whyEndless(this.device, launches, this.buffersOf(candidate));
    if (endless !== undefined) return { wrong: endless, firstNs: 0 };
    const { output, firstNs } = await this.run(candidate);
    const checked = this.verifier.check(candidate, plan, this.numbers(output));
    const again = async (buffers: readonly DeviceBuffer[]): Promise<Uint8Array> =>
      (await this.run(candidate, buffers)).output;
    const isSteady =
      plan.algorithm.determinism !== 'deterministic' ||
      sameBytes(await again(this.operands.map(({ exact }) => exact)), output);
    const outside = this.knowsItsEnds(launches)
      ? undefined
      : await whyOutside(this.device, this.operands, output, again);
    const complaints = [
      checked.wrong,
      outside,
      isSteady ? undefined : 'it gives other bits for equal inputs: invocations race, or it needs deterministic: false',
    ].filter((complaint) => complaint !== undefined);
    return { ...checked, firstNs, ...(complaints.length > 0 && { wrong: complaints.join('; ') }) };
  }

  /** A kernel that asks for the length of its buffers would take a band for a part of them. */
  private knowsItsEnds(launches: readonly Launch[]): boolean {
    return launches.some(({ kernel: { written } }) => written?.wgsl.includes('arrayLength'));
  }

  /** Runs a candidate once, on a poisoned output and workspace; the output's bytes. */
  private async run(
    candidate: number,
    operands: readonly DeviceBuffer[] = this.operands.map(({ exact }) => exact),
  ): Promise<{ readonly output: Uint8Array; readonly firstNs: number }> {
    const at = this.resultAt;
    const buffers = this.buffersOf(candidate, operands);
    await this.poison([buffers[at], ...buffers.slice(this.operands.length)]);
    const [firstNs] = await this.device.guarded(this.what(candidate), () =>
      this.device.time([{ program: this.programs.get(candidate)!, buffers, repeats: 1 }]),
    );
    const { dtype, elements } = this.problem.operands[at];
    const bytes = elements * dtypes[dtype].deviceBytes;
    const [output] = await this.device.read([{ buffer: buffers[at], bytes }]);
    return { output: new Uint8Array(output), firstNs };
  }

  private get resultAt(): number {
    return this.problem.operands.findIndex((o) => o.access === 'write');
  }

  private numbers({ buffer }: Uint8Array): Float64Array {
    const { dtype } = this.problem.operands[this.resultAt];
    return decode(dtype, new dtypes[dtype].array(buffer as never));
  }

  /** A device that goes away while kernels of the program's run was broken by them. */
  private async blaming<T>(candidates: readonly number[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const own = candidates.map((candidate) => this.plans[candidate].algorithm).filter((algorithm) => algorithm.own);
      if (!(error instanceof DeviceLostError) || own.length === 0) throw error;
      const names = own.map(({ name }) => name).join(', ');
      for (const algorithm of own) algorithm.own!.broke(messageOf(error));
      throw new DeviceLostError(`${messageOf(error)}, while ${names} ran; run again, and it is left out`, {
        cause: error,
      });
    }
  }

  /** Operands, then this candidate's parts of the shared workspace, each in its own size. */
  private buffersOf(
    candidate: number,
    operands: readonly DeviceBuffer[] = this.operands.map(({ exact }) => exact),
  ): DeviceBuffer[] {
    const parts = this.plans[candidate].workspace.map((bytes, j) => {
      const { id, gpu, reserved } = this.workspace[j];
      return new DeviceBuffer(id, gpu, reserved, bytes);
    });
    return [...operands, ...parts];
  }

  private reserveWorkspace(sizes: readonly number[]): void {
    sizes.forEach((bytes, j) => {
      const present = this.workspace[j];
      if (present && !present.lost && present.reserved >= bytes) return;
      if (present) this.device.pool.release(present);
      this.workspace[j] = this.device.pool.allocate(bytes, 'workspace');
    });
  }

  private async poison(buffers: readonly DeviceBuffer[]): Promise<void> {
    const program = await this.device.prepare(buffers.map(({ size }, slot) => poisonLaunch(slot, size)));
    this.device.submit(program, buffers);
    program.destroy();
  }
}

/** An operand's bytes, and behind them numbers that no right kernel reads. */
function banded(operand: ArrayBufferView<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(size / 4).fill(poison);
  const bytes = new Uint8Array(words.buffer);
  bytes.set(new Uint8Array(operand.buffer, operand.byteOffset, operand.byteLength));
  return bytes;
}

function poisonLaunch(slot: number, bytes: number): Launch {
  return {
    kernel: kernel('probe/poison', linear(poisonGroup)),
    bindings: [writes(slot)],
    workgroups: linearGrid(ceilDiv(Math.ceil(bytes / 4), poisonGroup)),
  };
}
