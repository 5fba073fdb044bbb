/**
 * @file The chooser: which algorithm runs a problem, and the log of every choice with its reasons.
 *
 * A choice is made once for each problem and kept until the program ends. A program's end is the end of its chooser:
 * whoever runs programs makes a new one for each.
 */
import { NotSupportedError, fail } from '../base/errors.ts';
import type { Device } from '../gpu/device.ts';
import { candidates, planRecord, workspaceBytes } from './candidates.ts';
import type { Field } from './candidates.ts';
import type { Plan, Problem } from './problem.ts';
import type { AlgorithmChoice } from './records.ts';
import type { CudnnSettings } from './settings.ts';

/** Everything of a choice but the layers that asked for it. */
type Choice = Omit<AlgorithmChoice, 'layer'>;

interface Decision {
  readonly plan: Plan;
  readonly choice: Choice;
}

export class Chooser {
  /** Told what is being done, for people. */
  onProgress?: (text: string) => void;
  private readonly device: Device;
  private readonly settings: CudnnSettings;
  private readonly decisions = new Map<string, Promise<Decision>>();
  private log = new Map<string, { choice: Choice; layers: Set<string> }>();

  constructor(device: Device, settings: CudnnSettings) {
    this.device = device;
    this.settings = settings;
  }

  /**
   * The plan of a problem: the algorithm named by `algo`, or else the chosen one. Throws a `NotSupportedError` with the
   * reason where an algorithm that was asked for by name cannot run, or none can.
   */
  async choose(problem: Problem, options: { algo?: string; layer?: string } = {}): Promise<Plan> {
    const key = this.keyOf(problem, options.algo);
    let decision = this.decisions.get(key);
    if (!decision) {
      decision = this.decide(problem, options.algo);
      this.decisions.set(key, decision);
      decision.catch(() => this.decisions.delete(key));
    }
    const { plan, choice } = await decision;
    const entry = this.log.get(key) ?? { choice, layers: new Set() };
    this.log.delete(key);
    this.log.set(key, entry);
    if (options.layer !== undefined) entry.layers.add(options.layer);
    return plan;
  }

  /** Every choice since the last call, newest last; a problem that several layers share is one choice that names them all. */
  takeChoices(): AlgorithmChoice[] {
    const taken = [...this.log.values()].map(({ choice, layers }) => (layers.size ? { ...choice, layer: [...layers].join(', ') } : choice));
    this.log = new Map();
    return taken;
  }

  /** PyTorch's key: the problem and the switches that rule candidates out. */
  private keyOf(problem: Problem, algo = ''): string {
    const { enabled, deterministic, workspaceLimit } = this.settings;
    return [problem.key, algo, enabled, deterministic, workspaceLimit].join('|');
  }

  private async decide(problem: Problem, algo?: string): Promise<Decision> {
    const field = this.field(problem, algo);
    const [plan] = field.plans;
    return {
      plan,
      choice: {
        operation: problem.operation,
        direction: problem.direction,
        descriptor: problem.description,
        chosen: plan.algorithm.name,
        chosenConfig: plan.config.label,
        source: algo === undefined ? 'heuristic' : 'forced',
        clock: this.device.clock,
        adapter: this.device.adapter.description,
        software: this.device.adapter.software,
        candidates: [...field.plans.map((p) => ({ ...planRecord(p), status: 'not tried' as const })), ...field.excluded],
      },
    };
  }

  /** The plans that may run; never empty. */
  private field(problem: Problem, algo?: string): Field {
    const { deterministic, workspaceLimit } = this.settings;
    const names = problem.algorithms.map((a) => a.name);
    const what = `${problem.operation} ${problem.direction}`;
    if (algo !== undefined && !names.includes(algo)) fail(`${what}: there is no algorithm '${algo}'; there are ${names.join(', ')}`);
    const field = candidates(problem, this.device, { deterministic, workspaceLimit, algo });
    if (field.plans.length) return field;
    if (algo !== undefined) throw new NotSupportedError(`${what} by ${algo}`, field.excluded[0].reason!);
    const unlimited = candidates(problem, this.device, { deterministic });
    const least = unlimited.plans.toSorted((a, b) => workspaceBytes(a) - workspaceBytes(b)).slice(0, 1);
    if (least.length) return { plans: least, excluded: field.excluded };
    throw new NotSupportedError(what, `no algorithm can run ${problem.description}: ${field.excluded.map((c) => `${c.algo} ${c.reason}`).join('; ')}`);
  }
}
