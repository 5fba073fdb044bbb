/**
 * @file The chooser: which algorithm runs a problem, and the log of every choice with its reasons.
 *
 * A choice is made once for each problem and kept until the program ends; one that is measured in the background
 * replaces the predicted one. A program's end is the end of its chooser: whoever runs programs makes a new one for
 * each, over the same device and plan cache.
 */
import { GpuError, NotSupportedError, messageOf } from '../../base/errors.ts';
import { during } from '../../base/phases.ts';
import type { Device } from '../../gpu/device.ts';
import type { PlanCache } from './cache.ts';
import { cacheKey } from './cache-key.ts';
import type { CandidateSet, Limits } from './candidates.ts';
import { candidateId, candidates, limitsOf, namedCandidates, shippedPlans } from './candidates.ts';
import type { Choice } from './choice-log.ts';
import { ChoiceLog } from './choice-log.ts';
import { context } from './context.ts';
import type { HeuristicMode, RankedPlan } from './heuristics.ts';
import { rankPlans } from './heuristics.ts';
import type { Measurement } from './measure.ts';
import { measure } from './measure.ts';
import { byWorkspace, choiceOf, complaintsOfOwn, identityOf } from './predictions.ts';
import { predictions, reasons, replacementText, sinceMeasured } from './predictions.ts';
import type { Plan, Problem } from '../problem.ts';
import type { AlgorithmChoice, ForcedCandidate, MathType } from './records.ts';
import type { CudnnSettings } from './settings.ts';
import type { Exclusively } from './stopwatch.ts';

/** What a program asked for by name: an algorithm, and perhaps one of its configurations; a kind of arithmetic. */
export interface NamedAlgorithm {
  readonly algo?: string;
  readonly config?: string;
  readonly mathType?: MathType;
}

/** What an algorithm is asked for with. */
export interface ChoiceOptions extends NamedAlgorithm {
  /** The module that asks, by its path. */
  readonly layer?: string;
  /** Measures, as `benchmark` would. */
  readonly measure?: boolean;
}

/** The same, or a candidate that is forced from outside. */
type CandidateRequest = NamedAlgorithm & Pick<Limits, 'candidateId'>;

interface Decision {
  readonly plan: Plan;
  readonly choice: Choice;
}

export class Chooser {
  /** Told what is being done, for people. */
  onProgress?: (text: string) => void;
  /**
   * What runs in place of the chooser's own choices. They are made all the same, so that the times of all are known.
   */
  forced: readonly ForcedCandidate[] = [];
  private readonly device: Device;
  readonly settings: CudnnSettings;
  /** How a background measurement gets the device between the program's work; without it all is measured first. */
  inBackground?: Exclusively;
  /** Told of a problem that has another plan now, by its key, while the device is idle. */
  onReplaced?: (problem: string) => void;
  /** Told what a program should know of its results, and the stack of its call that this is about. */
  onRemark?: (text: string, stack?: string) => void;
  private closed = false;
  private readonly cache: PlanCache;
  private readonly decisions = new Map<string, Promise<Decision>>();
  /** Those that are settled. */
  private readonly decided = new Map<string, Decision>();
  private readonly log = new ChoiceLog();
  /** One measurement at a time has the device to itself. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(device: Device, settings: CudnnSettings, cache = context.cache) {
    this.device = device;
    this.settings = settings;
    this.cache = cache;
  }

  /**
   * The plan of a problem: the algorithm named by `algo`, or else the one that is cached, measured or predicted to be
   * the fastest. Throws a `NotSupportedError` with the reason where an algorithm that was asked for by name cannot run,
   * or none can; a `DeviceLostError` where the device goes away in the middle, after which nothing is kept.
   */
  async choose(problem: Problem, options: ChoiceOptions = {}): Promise<Plan> {
    const key = this.decisionKey(problem, options);
    let decision = this.decisions.get(key);
    const first = decision === undefined;
    if (!decision) {
      decision = this.decide(problem, options);
      this.decisions.set(key, decision);
      decision.then(
        (found) => this.decided.set(key, found),
        () => this.decisions.delete(key),
      );
    }
    const { plan, choice } = await decision;
    this.log.noteSpread(plan, problem, options.layer);
    this.log.note(key, first || choice.source !== 'measured' ? choice : { ...choice, source: 'cache' }, options.layer);
    return plan;
  }

  /** The plan where the choice is made already, and notes that it was asked for; else `undefined`. */
  known(problem: Problem, options: ChoiceOptions = {}): Plan | undefined {
    const key = this.decisionKey(problem, options);
    const found = this.decided.get(key);
    if (found) this.log.noteSpread(found.plan, problem, options.layer);
    if (found)
      this.log.note(
        key,
        found.choice.source === 'measured' ? { ...found.choice, source: 'cache' } : found.choice,
        options.layer,
      );
    return found?.plan;
  }

  /** What the model expects of a problem's candidates, whatever was measured; kept for nobody. */
  async predict(problem: Problem): Promise<Choice> {
    return (await this.predicted(problem, this.candidatesOf(problem, {}), 'A')).choice;
  }

  /** A plan to go on with until there is a choice: what was named or forced, else what takes the least workspace. */
  provisional(problem: Problem, named: NamedAlgorithm): Plan {
    const { plans } = this.candidatesOf(problem, this.forcedFor(problem, named) ?? named);
    return byWorkspace(shippedPlans(plans))[0] ?? plans[0];
  }

  /** The same to run, for those that cannot wait for a choice. It is told, and kept for nobody. */
  atOnce(problem: Problem, options: ChoiceOptions = {}): Plan {
    const named = this.forcedFor(problem, options) ?? options;
    const { plans, excluded } = this.candidatesOf(problem, named);
    const plan = this.provisional(problem, named);
    if (plan.algorithm.own)
      throw new NotSupportedError(
        `${problem.operation} ${problem.direction} by ${plan.algorithm.name}`,
        'it is verified before it runs, and the program did not wait; write await torch.sync() behind the first call',
      );
    this.log.noteSpread(plan, problem, options.layer);
    const records = [
      ...predictions(
        problem,
        plans.map((other) => ({ plan: other })),
        'the program did not wait for a choice',
      ),
      ...excluded,
    ];
    this.log.note(
      `${problem.key} at once`,
      choiceOf(this.device, problem, plan, named.algo === undefined ? 'not chosen' : 'forced', records),
      options.layer,
    );
    return plan;
  }

  /**
   * Every choice since the last call, in the order in which they were first made; a problem that several layers share
   * is one choice that names them all.
   */
  takeChoices(): AlgorithmChoice[] {
    return this.log.take();
  }

  /** What to tell of a result that is not finite, where an algorithm ran that spreads such numbers. */
  get spreadRemark(): string | undefined {
    return this.log.spreadRemark;
  }

  /** A problem is decided apart for code that has its algorithms measured. */
  private decisionKey(problem: Problem, options: ChoiceOptions): string {
    return `${problem.key} | ${this.switches(options)}${options.measure ? ', measured' : ''}`;
  }

  /** The part of a key that is not the problem; as in PyTorch, without `benchmark`. */
  private switches({ algo, config, mathType }: NamedAlgorithm): string {
    const { enabled, deterministic, containNonFinite, workspaceLimit, allowTf32 } = this.settings;
    return `algo ${algo ?? 'any'}${config === undefined ? '' : ` as ${config}`}, enabled ${enabled}, deterministic ${deterministic}, allowTf32 ${allowTf32}, workspace ${workspaceLimit}${containNonFinite ? ', containNonFinite' : ''}${mathType === undefined ? '' : `, in ${mathType}`}`;
  }

  /** What the program named comes before what is forced from outside. */
  private async decide(problem: Problem, named: ChoiceOptions): Promise<Decision> {
    return this.unlessForced(problem, named, await this.decideFreely(problem, named));
  }

  private async unlessForced(problem: Problem, named: ChoiceOptions, free: Decision): Promise<Decision> {
    const forced = this.forcedFor(problem, named);
    if (!forced) return free;
    const found = this.candidatesOf(problem, forced);
    const [plan] = found.plans;
    const isRight = free.choice.candidates.some((c) => c.candidateId === candidateId(plan) && c.status === 'success');
    if (plan.algorithm.own && !isRight) return this.decideOwn(problem, forced, found);
    return { plan, choice: { ...free.choice, ...identityOf(plan), source: 'forced' } };
  }

  /** Resolves when everything is measured that was to be measured in the background. */
  async settled(): Promise<void> {
    for (let turn; turn !== this.turn;) await (turn = this.turn);
  }

  /** Ends what is being measured in the background, and keeps nothing of it. */
  close(): void {
    this.closed = true;
  }

  /** Measures, and puts what was found in the place of what was predicted. Never throws. */
  private async measureLater(
    problem: Problem,
    found: CandidateSet,
    key: string,
    named: ChoiceOptions,
    exclusively: Exclusively,
  ): Promise<void> {
    if (this.closed) return;
    const decisionKey = this.decisionKey(problem, named);
    try {
      const measured = await this.measured(problem, found, key, exclusively);
      if (!this.closed) await exclusively(() => this.replace(decisionKey, problem, named, measured));
    } catch (error) {
      if (!this.closed) this.onRemark?.(`${problem.operation} ${problem.direction}: ${messageOf(error)}`);
    }
  }

  private async replace(key: string, problem: Problem, named: ChoiceOptions, measured: Decision): Promise<void> {
    const before = this.decided.get(key);
    const now = await this.unlessForced(problem, named, measured);
    this.decisions.set(key, Promise.resolve(now));
    this.decided.set(key, now);
    this.log.replace(key, before ? sinceMeasured(now.choice, before.choice) : now.choice);
    if (!before || before.choice.candidateId === now.choice.candidateId) return;
    this.onReplaced?.(problem.key);
    this.onProgress?.(`${problem.operation} ${problem.description}: ${replacementText(now.choice, before.choice)}`);
    const wrong = now.choice.candidates.find(
      ({ candidateId, status }) => candidateId === before.choice.candidateId && status === 'disqualified',
    );
    if (wrong)
      this.onRemark?.(
        `${problem.operation} ${problem.direction}: ${before.choice.chosen}, which ran until now, is wrong on this adapter: ${wrong.reason}; results before this line may be wrong, so run again`,
      );
  }

  private forcedFor(
    { operation, direction, description }: Problem,
    named: NamedAlgorithm,
  ): CandidateRequest | undefined {
    const forced = this.forced.find(
      (f) => f.operation === operation && f.direction === direction && f.descriptor === description,
    );
    return forced && named.algo === undefined
      ? { ...named, algo: forced.algo, candidateId: forced.candidateId }
      : undefined;
  }

  private async decideFreely(problem: Problem, named: ChoiceOptions): Promise<Decision> {
    const found = this.candidatesOf(problem, named);
    const source = named.algo === undefined ? undefined : 'forced';
    if (shippedPlans(found.plans).length === 0) return this.decideOwn(problem, named, found);
    if (!this.settings.enabled || found.plans.length === 1) return this.predicted(problem, found, 'FALLBACK', source);
    const key = cacheKey(problem, found.plans, this.switches(named), this.device);
    const entry = await this.cache.lookup(key);
    const cached = entry && found.plans.find((plan) => candidateId(plan) === entry.choice.candidateId);
    if (cached) return { plan: cached, choice: { ...entry.choice, source: source ?? 'cache' } };
    const measures = named.measure || (this.settings.benchmark && !problem.beyondCudnn);
    if (!measures) return this.predicted(problem, found, 'B', source);
    if (this.settings.benchmarkInBackground && this.inBackground) {
      this.turn = this.turn.then(() => this.measureLater(problem, found, key, named, this.inBackground!));
      return this.predicted(problem, found, 'B', source, 'being measured in the background');
    }
    const measured = this.turn.then(() => this.measured(problem, found, key));
    this.turn = measured.catch(() => undefined);
    const { plan, choice } = await measured;
    return { plan, choice: { ...choice, source: source ?? choice.source } };
  }

  /**
   * A kernel of the program's that was asked for by name: it is verified beside one of ours, whatever the switches say,
   * and runs if it is right.
   */
  private async decideOwn(
    problem: Problem,
    named: NamedAlgorithm,
    { plans, excluded }: CandidateSet,
  ): Promise<Decision> {
    const [plan] = plans;
    const race = {
      plans: [...plans, ...byWorkspace(shippedPlans(this.candidatesOf(problem, {}).plans)).slice(0, 1)],
      excluded,
    };
    const key = cacheKey(problem, race.plans, this.switches(named), this.device);
    const entry = await this.cache.lookup(key);
    const measured = this.turn.then(async () => entry?.choice ?? (await this.measured(problem, race, key)).choice);
    this.turn = measured.catch(() => undefined);
    const choice = await measured;
    const { status, reason } = choice.candidates.find((c) => c.candidateId === candidateId(plan))!;
    if (status !== 'success')
      throw new NotSupportedError(
        `${problem.operation} ${problem.direction} by ${plan.algorithm.name}`,
        `it was ${status}: ${reason ?? 'without a reason'}`,
      );
    return { plan, choice: { ...choice, ...identityOf(plan), source: 'forced' } };
  }

  private async predicted(
    problem: Problem,
    { plans, excluded }: CandidateSet,
    mode: HeuristicMode,
    source: Choice['source'] = 'heuristic',
    reason?: string,
  ): Promise<Decision> {
    const ranked = await rankPlans(problem, plans, this.device, this.cache, mode);
    const { plan } = ranked.find((row) => !row.plan.algorithm.own)!;
    return {
      plan,
      choice: choiceOf(this.device, problem, plan, source, [...predictions(problem, ranked, reason), ...excluded]),
    };
  }

  private async measured(
    problem: Problem,
    { plans, excluded }: CandidateSet,
    key: string,
    exclusively?: Exclusively,
  ): Promise<Decision> {
    const ranked = await rankPlans(problem, plans, this.device, this.cache);
    const found = await this.tryToMeasure(problem, ranked, exclusively);
    for (const { text, stack } of complaintsOfOwn(problem, plans, found.candidates)) this.onRemark?.(text, stack);
    const { plan } = found;
    if (!plan)
      throw new GpuError(
        `${problem.operation} ${problem.direction}: no algorithm computes ${problem.description} rightly on this adapter: ${reasons(found.candidates)}`,
      );
    const choice = choiceOf(this.device, problem, plan, found.measured ? 'measured' : 'heuristic', [
      ...found.candidates,
      ...excluded,
    ]);
    if (found.measured) {
      const now = Date.now();
      await this.cache.record({
        key,
        choice,
        tuningMs: found.tuningMs,
        gainMs: found.gainMs,
        measured: now,
        used: now,
      });
    }
    return { plan, choice };
  }

  /** Where there is no room for the measurement's own operands, the problem itself may still run. */
  private async tryToMeasure(
    problem: Problem,
    ranked: readonly RankedPlan[],
    exclusively?: Exclusively,
  ): Promise<Measurement> {
    const where = exclusively ? 'in the background, ' : '';
    try {
      const options = {
        budgetMs: this.settings.benchmarkBudgetMs,
        limit: this.settings.benchmarkLimit,
        onProgress: (text: string) => this.onProgress?.(`${where}${problem.operation} ${problem.description}: ${text}`),
        interruption: (sinceMs: number) => (this.closed ? 'the program ended' : context.interruption(sinceMs)),
        exclusively,
      };
      return await during('choosing algorithms', () => measure(this.device, problem, ranked, options));
    } catch (error) {
      if (!(error instanceof GpuError)) throw error;
      return {
        plan: ranked.find((row) => !row.plan.algorithm.own)!.plan,
        candidates: predictions(problem, ranked, messageOf(error)),
        measured: false,
        tuningMs: 0,
        spentMs: { compile: 0, verify: 0, time: 0 },
        gainMs: 0,
      };
    }
  }

  /** The plans that may run; never empty. */
  private candidatesOf(problem: Problem, { algo, config, candidateId, mathType }: CandidateRequest): CandidateSet {
    const limits = { ...limitsOf(this.settings), mathTypes: mathType && [mathType] };
    const what = `${problem.operation} ${problem.direction}`;
    if (algo !== undefined)
      return namedCandidates(what, problem, this.device, { ...limits, algo, config, candidateId });
    const found = candidates(problem, this.device, limits);
    if (found.plans.length) return found;
    const unlimited = candidates(problem, this.device, { ...limits, workspaceLimit: undefined });
    const least = byWorkspace(unlimited.plans).slice(0, 1);
    if (least.length) return { plans: least, excluded: found.excluded };
    throw new NotSupportedError(what, `no algorithm can run ${problem.description}: ${reasons(found.excluded)}`);
  }
}
