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
import type { Standing } from '../../dnn/choice/records.ts';
import type {
  ConsoleEntry,
  Curve,
  EngineInfo,
  Figure,
  OutputValues,
  ProgramError,
  RecordedRace,
  RunFailure,
  RunResult,
  RunSuccess,
} from '../../session/protocol.ts';
import { mostShownBytes } from '../../session/protocol.ts';
import {
  adapter,
  candidate,
  candidateStatus,
  choiceFields,
  device,
  directionForm,
  dtype,
  line,
  name,
  operationForm,
  output,
  prose,
  race,
  shape,
} from '../../session/forms.ts';
import type { EngineEvent, PlanChange } from './protocol.ts';

/** What one result holds at most. */
const most = { rows: 10_000, bytes: 2 ** 31 - 1 };

export const engineInfo = object<EngineInfo>({ device, adapter: optional(adapter), reason: optional(prose) });

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
