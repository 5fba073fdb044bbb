/**
 * @file The forms of what a run tells: whoever takes it from a stranger, the page from its engine or a teacher from a
 * student's file, holds it against these.
 */
import type { AdapterInfo } from '../base/adapter-info.ts';
import { boolean, cutText, finite, list, number, object, oneOf, optional, pair, record, text } from '../base/form.ts';
import type { AlgorithmChoice, Candidate, ModelTerm, PairedComparison, WrongOutput } from '../dnn/choice/records.ts';
import type { OutputSummary } from './protocol.ts';

/** A name, and a line of text. */
export const name = text(1000);
export const line = text(10_000);
export const prose = cutText(100_000);

export const shape = list(finite, 100);
export const device = oneOf('webgpu', 'cpu');
export const dtype = oneOf('float32', 'float16', 'bfloat16', 'int64', 'int32', 'uint8', 'int8', 'bool');
export const clock = object<NonNullable<AlgorithmChoice['clock']>>({
  kind: oneOf('timestamp-query', 'wall'),
  quantumNs: finite,
});

export const adapter = object<AdapterInfo>({
  description: name,
  vendor: name,
  architecture: name,
  software: boolean,
  features: list(name, 200),
  limits: record(finite, 200),
  timer: clock,
});

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
export const candidateStatus = oneOf('success', 'not supported', 'disqualified', 'failed', 'not tried');
export const candidate = object<Candidate>({
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
export const choiceFields = {
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
export const output = object<OutputSummary>({
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
