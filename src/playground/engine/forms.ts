/**
 * @file What may come out of the engine. A program runs in the same realm as the engine and can make it say anything,
 * so that whatever the page is told is data of these forms, of bounded size, or it is refused.
 */
import type { Form } from '../../base/form.ts';
import {
  boolean,
  bytes,
  cutText,
  finite,
  list,
  number,
  object,
  oneOf,
  optional,
  pair,
  record,
  text,
} from '../../base/form.ts';
import type {
  ComparedGradients,
  ComparedLayer,
  ComparedTensor,
  ComparedTraining,
  ComparisonResult,
  JobPayload,
  LayerSide,
  SideTiming,
  TrainingCurve,
} from '../../compare/types.ts';
import type { RunSettings, Suspect } from '../../compare/why.ts';
import type { CacheEntry, RatesEntry, StoredEntry } from '../../dnn/choice/cache.ts';
import type {
  AlgorithmChoice,
  Candidate,
  ModelTerm,
  PairedComparison,
  Standing,
  WrongOutput,
} from '../../dnn/choice/records.ts';
import type { AdapterInfo } from '../../base/adapter-info.ts';
import type {
  ConsoleEntry,
  Curve,
  EngineInfo,
  Figure,
  OutputSummary,
  OutputValues,
  ProgramError,
  RecordedRace,
  RunFailure,
  RunResult,
  RunSuccess,
} from '../../session/protocol.ts';
import { mostShownBytes } from '../../session/protocol.ts';
import type { EngineEvent, PlanChange } from './protocol.ts';

/** A name, and a line of text. */
const name = text(1000);
const line = text(10_000);
const prose = cutText(100_000);

/** What one result holds at most. */
const most = { rows: 10_000, bytes: 2 ** 31 - 1 };

const shape = list(finite, 100);
const device = oneOf('webgpu', 'cpu');
export const dtype = oneOf('float32', 'float16', 'bfloat16', 'int64', 'int32', 'uint8', 'int8', 'bool');
export const clock = object<NonNullable<AlgorithmChoice['clock']>>({
  kind: oneOf('timestamp-query', 'wall'),
  quantumNs: finite,
});

const adapter = object<AdapterInfo>({
  description: name,
  vendor: name,
  architecture: name,
  software: boolean,
  features: list(name, 200),
  limits: record(finite, 200),
  timer: clock,
});

export const engineInfo = object<EngineInfo>({ device, adapter: optional(adapter), reason: optional(prose) });

export const paired = object<PairedComparison>({
  slower: number,
  interval: pair(number),
  rounds: finite,
  through: optional(name),
});
export const wrongOutput = object<WrongOutput>({
  element: finite,
  place: name,
  expected: number,
  got: number,
  reads: optional(line),
});
const term = object<ModelTerm>({ name, ms: number, detail: line });
const candidateStatus = oneOf('success', 'not supported', 'disqualified', 'failed', 'not tried');
const candidate = object<Candidate>({
  candidateId: name,
  algo: name,
  config: name,
  unfused: optional(name),
  own: optional(oneOf(true)),
  status: candidateStatus,
  reason: optional(prose),
  timeMs: optional(number),
  behind: optional(paired),
  spread: optional(number),
  samples: optional(finite),
  memory: finite,
  determinism: oneOf('deterministic', 'non-deterministic'),
  spreads: optional(oneOf('tile', 'image')),
  mathType: oneOf('FMA', 'HALF', 'HALF_ARITHMETIC'),
  firstWrong: optional(wrongOutput),
  maxError: optional(number),
  tolerance: optional(number),
  compileMs: optional(number),
  predictedMs: optional(number),
  terms: optional(list(term, 100)),
});
export const operationForm = oneOf('conv2d', 'matmul', 'pool2d', 'attention', 'reduction', 'softmax', 'scan', 'fused');
export const directionForm = oneOf('forward', 'backward data', 'backward filter');
const choiceFields = {
  operation: operationForm,
  direction: directionForm,
  descriptor: line,
  candidateId: name,
  chosen: name,
  chosenConfig: name,
  source: oneOf('measured', 'cache', 'heuristic', 'forced', 'not chosen', 'cpu reference'),
  ranMeanwhile: optional(
    object<NonNullable<AlgorithmChoice['ranMeanwhile']>>({ candidateId: name, algo: name, config: name }),
  ),
  clock: optional(clock),
  adapter: name,
  software: boolean,
  candidates: list(candidate, 1000),
};
export const race = object<AlgorithmChoice>({ ...choiceFields, layer: optional(line) });
const choices = list(race, most.rows);

const standing = object<Standing>({
  operation: operationForm,
  direction: directionForm,
  descriptor: line,
  background: optional(oneOf(true)),
  candidates: list(
    object<Standing['candidates'][number]>({
      candidateId: name,
      algo: name,
      status: candidateStatus,
      stage: oneOf('waiting', 'compiled', 'verified', 'timed'),
      timeMs: optional(number),
    }),
    1000,
  ),
});

/** What a recorded race tells of its origin, and the race. */
export const raceFields = { at: name, adapter: name, versions: record(name, 100), choices };
export const recordedRace = object<RecordedRace>({
  ...raceFields,
  format: oneOf('wudnn-race/1'),
  program: text(100_000),
  command: line,
});

const frame = object<ProgramError['frames'][number]>({ line: finite, column: finite, name: optional(name) });
const programError = object<ProgramError>({
  name: prose,
  message: prose,
  line: optional(finite),
  column: optional(finite),
  frames: list(frame, 1000),
});

const output = object<OutputSummary>({
  name,
  shape,
  dtype,
  device,
  min: number,
  max: number,
  mean: number,
  std: number,
  nonFinite: finite,
  head: list(number, 64),
  checksum: name,
});
const success = object<RunSuccess>({
  ok: oneOf(true),
  device,
  outputs: list(output, most.rows),
  choices,
  wallMs: finite,
  model: optional(name),
  optimizer: optional(name),
});
const failure = object<RunFailure>({ ok: oneOf(false), error: programError, choices });
export const runResult: Form<RunResult> = (value, at) =>
  Object(value).ok === true ? success(value, at) : failure(value, at);

export const jobPayload = object<JobPayload>({ program: text(2 ** 26), tensors: bytes(most.bytes), model: name });
export const outputBytes = bytes(most.bytes);
export const outputValues = object<OutputValues>({ shape, dtype, bytes: bytes(mostShownBytes) });

const tensor = object<ComparedTensor>({
  name,
  shape,
  maxAbsError: number,
  relativeError: number,
  localError: optional(number),
  remoteError: optional(number),
  tolerance: number,
  toleranceReason: line,
  verdict: oneOf('equal', 'within tolerance', 'differs'),
  caveat: optional(line),
});
const layerSide = object<LayerSide>({
  algorithm: optional(line),
  config: optional(line),
  evidence: optional(prose),
  ms: optional(number),
  timed: optional(line),
});
const layer = object<ComparedLayer>({
  path: name,
  type: name,
  tensor: optional(tensor),
  missing: optional(line),
  local: layerSide,
  remote: layerSide,
});
const gradients = object<ComparedGradients>({
  of: line,
  tensors: list(tensor, most.rows),
  leftOut: list(name, most.rows),
});
const timing = object<SideTiming>({
  side: oneOf('local', 'remote'),
  device: name,
  software: boolean,
  versions: record(name, 100),
  medianMs: number,
  minMs: number,
  maxMs: number,
  intervalMs: pair(number),
  runs: finite,
  clock: line,
  gpuMs: optional(number),
});
const speed = object<NonNullable<ComparisonResult['speed']>>({
  of: oneOf('wall time', 'GPU time'),
  ratio: number,
  interval: pair(number),
  certain: boolean,
});
const setting: Form<RunSettings[string]> = (value, at) =>
  value === null || typeof value === 'boolean' ? value : typeof value === 'number' ? value : name(value, at);
const suspect = object<Suspect>({ side: oneOf('local', 'remote'), cause: line, change: record(setting, 100) });
export const comparison = object<ComparisonResult>({
  model: name,
  arithmetic: line,
  tensors: list(tensor, most.rows),
  speed: optional(speed),
  timings: list(timing, 100),
  layers: optional(list(layer, most.rows)),
  gradients: optional(gradients),
  suspects: list(suspect, 100),
});

const curve = object<TrainingCurve>({ device: name, losses: list(number, 1_000_000), stepMs: number });
export const comparedTraining = object<ComparedTraining>({
  optimizer: line,
  local: curve,
  remote: curve,
  largest: object<ComparedTraining['largest']>({ relative: number, step: finite }),
  diverged: boolean,
});

const consoleEntry = object<ConsoleEntry>({
  level: oneOf('log', 'info', 'warn', 'error'),
  text: prose,
  line: optional(finite),
  id: optional(finite),
  open: optional(boolean),
});

const drawnCurve = object<Curve>({ label: line, x: list(number, 10_000), y: list(number, 10_000), every: finite });
const figure = object<Figure>({
  title: line,
  curves: optional(list(drawnCurve, 100)),
  image: optional(outputValues),
  progress: optional(object<NonNullable<Figure['progress']>>({ done: finite, of: finite })),
});

const rates = object<RatesEntry['rates']>({
  fma: object<RatesEntry['rates']['fma']>({
    f32: finite,
    f32x4: finite,
    f16: optional(finite),
    f16x4: optional(finite),
  }),
  exponential: finite,
  load: finite,
  load4: finite,
  shared: finite,
  memory: finite,
  barrier: finite,
  move: finite,
  launchNs: finite,
  workgroupNs: finite,
  saturation: finite,
  lanes: finite,
  quantumNs: finite,
});
const cacheEntry = object<CacheEntry>({
  key: line,
  choice: object<CacheEntry['choice']>({ ...choiceFields, candidates: list(candidate, 1000, 1) }),
  tuningMs: finite,
  gainMs: finite,
  measured: finite,
  used: finite,
});
const ratesEntry = object<RatesEntry>({ key: line, rates, used: finite });
export const storedEntry: Form<StoredEntry> = (value, at) =>
  Object.hasOwn(Object(value) as object, 'rates') ? ratesEntry(value, at) : cacheEntry(value, at);

const planChanges: { readonly [K in PlanChange['change']]: Form<Extract<PlanChange, { change: K }>> } = {
  put: object<Extract<PlanChange, { change: 'put' }>>({ change: oneOf('put'), entry: storedEntry }),
  touch: object<Extract<PlanChange, { change: 'touch' }>>({ change: oneOf('touch'), key: line, used: finite }),
  delete: object<Extract<PlanChange, { change: 'delete' }>>({ change: oneOf('delete'), keys: list(line, 10_000) }),
  clear: object<Extract<PlanChange, { change: 'clear' }>>({ change: oneOf('clear') }),
};
const planChange: Form<PlanChange> = (value, at) =>
  planChanges[oneOf('put', 'touch', 'delete', 'clear')((Object(value) as { change?: unknown }).change, `${at}.change`)](
    value,
    at,
  );

/** The allow-list of what the engine tells by itself: one name, and its form. */
const events: { readonly [K in EngineEvent['event']]: Form<Extract<EngineEvent, { event: K }>> } = {
  console: object<Extract<EngineEvent, { event: 'console' }>>({ event: oneOf('console'), entry: consoleEntry }),
  progress: object<Extract<EngineEvent, { event: 'progress' }>>({ event: oneOf('progress'), text: cutText(1000) }),
  figure: object<Extract<EngineEvent, { event: 'figure' }>>({ event: oneOf('figure'), figure }),
  refused: object<Extract<EngineEvent, { event: 'refused' }>>({ event: oneOf('refused'), url: text(2000) }),
  standing: object<Extract<EngineEvent, { event: 'standing' }>>({ event: oneOf('standing'), standing }),
  plan: object<Extract<EngineEvent, { event: 'plan' }>>({ event: oneOf('plan'), plan: planChange }),
};
export const engineEvent: Form<EngineEvent> = (value, at) =>
  events[
    oneOf(
      'console',
      'progress',
      'figure',
      'refused',
      'standing',
      'plan',
    )((Object(value) as { event?: unknown }).event, `${at}.event`)
  ](value, at);
