/**
 * @file The workbench: a problem's candidates on the device, with operands of random numbers. Candidates share one
 * output and one workspace, as large as the largest needs, since they run one after the other.
 */
import { decode, dtypes } from '../../base/dtype.ts';
import type { Device } from '../../gpu/device.ts';
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, writes } from '../../gpu/kernel.ts';
import { DeviceBuffer } from '../../gpu/pool.ts';
import type { Program } from '../../gpu/program.ts';
import { candidateId, slotsOf } from '../choice/candidates.ts';
import type { Plan, Problem } from '../problem.ts';
import type { Bench, Verification } from './find.ts';
import type { Interruption, Run } from './rounds.ts';
import { Verifier, randomNumbers, storedOperand } from './verify.ts';

const poisonGroup = 256;

export class Workbench implements Bench {
  readonly quantumNs: number;
  interruption?: Interruption;
  private readonly device: Device;
  private readonly problem: Problem;
  private readonly plans: readonly Plan[];
  private readonly operands: readonly DeviceBuffer[];
  private readonly verifier: Verifier;
  private readonly programs = new Map<number, Program>();
  private workspace: DeviceBuffer[] = [];

  /** Allocates and fills the operands; throws a `GpuError` where there is no room for them. */
  static async open(device: Device, problem: Problem, plans: readonly Plan[]): Promise<Workbench> {
    const inputs: Record<string, Float64Array> = {};
    const buffers: DeviceBuffer[] = [];
    try {
      await device.guarded(`measuring ${problem.description}`, () => {
        problem.operands.forEach(({ role, dtype, elements, access, example }, i) => {
          const operand =
            access === 'read' ? storedOperand(dtype, example?.() ?? randomNumbers(elements, i + 1)) : undefined;
          const buffer = device.pool.allocate(elements * dtypes[dtype].deviceBytes, role);
          buffers.push(buffer);
          if (!operand) return;
          device.upload(buffer, operand.bytes);
          inputs[role] = operand.values;
        });
      });
      return new Workbench(device, problem, plans, buffers, new Verifier(problem, inputs), device.clock.quantumNs);
    } catch (error) {
      for (const buffer of buffers) device.pool.release(buffer);
      throw error;
    }
  }

  private constructor(
    device: Device,
    problem: Problem,
    plans: readonly Plan[],
    operands: readonly DeviceBuffer[],
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
    const plan = this.plans[candidate];
    const program = await this.device.prepare(
      plan.algorithm.launches(this.problem.desc, plan.config, slotsOf(this.problem, plan)),
    );
    this.programs.set(candidate, program);
    return program.compileMs;
  }

  async verify(candidate: number): Promise<Verification> {
    const plan = this.plans[candidate];
    const what = `${candidateId(plan)} on ${this.problem.description}`;
    const at = this.problem.operands.findIndex((o) => o.access === 'write');
    const { dtype, elements } = this.problem.operands[at];
    await this.device.guarded(what, () => this.reserveWorkspace(plan.workspace));
    const buffers = this.buffersOf(candidate);
    await this.poison([buffers[at], ...buffers.slice(this.operands.length)]);
    const [firstNs] = await this.device.guarded(what, () =>
      this.device.time([{ program: this.programs.get(candidate)!, buffers, repeats: 1 }]),
    );
    const [bytes] = await this.device.read([{ buffer: buffers[at], bytes: elements * dtypes[dtype].deviceBytes }]);
    const output = decode(dtype, new dtypes[dtype].array(bytes as never));
    return { ...this.verifier.check(candidate, plan, output), firstNs };
  }

  time(runs: readonly Run[]): Promise<number[]> {
    return this.device.time(
      runs.map(({ candidate, repeats }) => ({
        program: this.programs.get(candidate)!,
        buffers: this.buffersOf(candidate),
        repeats,
      })),
    );
  }

  close(): void {
    for (const program of this.programs.values()) program.destroy();
    for (const buffer of [...this.operands, ...this.workspace]) this.device.pool.release(buffer);
  }

  /** Operands, then this candidate's parts of the shared workspace, each in its own size. */
  private buffersOf(candidate: number): DeviceBuffer[] {
    const parts = this.plans[candidate].workspace.map((bytes, j) => {
      const { id, gpu, reserved } = this.workspace[j];
      return new DeviceBuffer(id, gpu, reserved, bytes);
    });
    return [...this.operands, ...parts];
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

function poisonLaunch(slot: number, bytes: number): Launch {
  return {
    kernel: kernel('probe/poison', linear(poisonGroup)),
    bindings: [writes(slot)],
    workgroups: linearGrid(ceilDiv(Math.ceil(bytes / 4), poisonGroup)),
  };
}
