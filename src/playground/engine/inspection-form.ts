/**
 * @file What an engine may tell of the inside of a run: the forms of graphs, kernels and times.
 */
import type { CompilationMessage } from '../../base/compilation-message.ts';
import type { Form } from '../../base/form.ts';
import { boolean, cutText, finite, list, number, object, oneOf, optional, pair, text } from '../../base/form.ts';
import type { Phase } from '../../base/phases.ts';
import type {
  AgainRecord,
  CandidateForm,
  Compilation,
  CompiledOperation,
  GraphNode,
  KernelCheck,
  KernelPlace,
  KernelRecord,
  KernelText,
  KernelTrial,
  MemoryRecord,
  PassRecord,
  TrialTimes,
  UnfusedRecord,
} from '../../compile/compilation.ts';
import type { LiveBytes, MemoryData, MemoryOwner, MemoryPlan, MemorySample } from '../../compile/memory-data.ts';
import { memoryOwners } from '../../compile/memory-data.ts';
import type { Ceilings, ProfileData, ProfiledEvent, ProfiledLayer } from '../../compile/profile-data.ts';
import { clock, directionForm, dtype, paired, wrongOutput } from '../../session/forms.ts';
import type { Inspection } from '../../session/protocol.ts';

const name = text(1000);
const line = cutText(10_000);
/** The page colours it word by word. */
const wgsl = text(2 ** 19);
const shape = list(finite, 100);
const deviceType = oneOf('webgpu', 'cpu');

/** Nodes that something is made of, and lines. */
const numbers = list(finite, 100_000);
/** Of one compilation. */
const most = { nodes: 10_000, kernels: 20_000, pairs: 50_000 };

const graphNode = object<GraphNode>({
  id: finite,
  kind: oneOf('weight', 'input', 'constant', 'view', 'computed'),
  name: line,
  shape,
  dtype,
  inputs: numbers,
  parts: numbers,
  lines: numbers,
  flops: finite,
  layer: optional(line),
  group: optional(finite),
  isTarget: boolean,
});
const costs = { bytesRead: finite, bytesWritten: finite, flops: finite };
const pass = object<PassRecord>({
  ...costs,
  name,
  about: line,
  nodes: finite,
  kernels: finite,
  graph: list(graphNode, most.nodes),
});
const operation = object<CompiledOperation>({ name: line, shape, lines: numbers });
const grid: Form<KernelRecord['workgroups']> = (value, at) => {
  const [x, y, z] = list(finite, 3, 3)(value, at);
  return [x, y, z];
};
const kernel = object<KernelRecord>({
  ...costs,
  name: line,
  operations: list(operation, most.nodes),
  once: boolean,
  nodes: numbers,
  buffers: finite,
  workgroups: grid,
  files: list(name, 100),
  generated: optional(wgsl),
});
const unfused = object<UnfusedRecord>({ producer: operation, consumer: operation, edge: pair(finite), reason: line });
const again = object<AgainRecord>({ operation, times: finite, flops: finite });
const memory = object<MemoryRecord>({
  intermediates: finite,
  shared: finite,
  results: finite,
  thrift: optional(
    object<NonNullable<MemoryRecord['thrift']>>({ room: finite, before: finite, again: list(again, most.nodes) }),
  ),
});
const compilation = object<Compilation>({
  recorded: list(graphNode, most.nodes),
  passes: list(pass, 100),
  kernels: list(kernel, most.kernels),
  unfused: list(unfused, most.pairs),
  memory,
});

const layer = object<ProfiledLayer>({ name: line, call: line });
const place = object<KernelPlace>({ schedule: finite, kernel: finite });
const event = object<ProfiledEvent>({
  device: deviceType,
  name: line,
  operation: line,
  call: line,
  layers: list(layer, 1000),
  inputShapes: list(shape, 1000),
  bytes: finite,
  flops: finite,
  kernel: optional(place),
  start: finite,
  end: finite,
});
const profile = object<ProfileData>({
  events: list(event, 50_000),
  wallMs: finite,
  device: optional(
    object<NonNullable<ProfileData['device']>>({
      adapter: name,
      software: boolean,
      clock: oneOf('timestamp-query', 'wall'),
      quantumNs: finite,
    }),
  ),
  ceilings: optional(object<Ceilings>({ flops: number, bytes: number, workgroup: number })),
  leftOut: finite,
});
const phase = object<Phase>({
  name: oneOf('planning', 'choosing algorithms', 'compiling', 'reading back'),
  start: finite,
  end: finite,
});

const live = object<LiveBytes>({ activations: finite, gradients: finite, workspace: finite });
const memoryData = object<MemoryData>({
  plans: list(
    object<MemoryPlan>({ place: optional(place), live: list(live, most.kernels), planned: finite, unshared: finite }),
    5000,
  ),
  samples: list(
    object<MemorySample>({
      plan: finite,
      at: finite,
      held: object<MemorySample['held']>(
        Object.fromEntries(memoryOwners.map((owner) => [owner, finite])) as Record<MemoryOwner, typeof finite>,
      ),
      reserved: finite,
    }),
    5000,
  ),
  leftOut: finite,
});

export const inspection = object<Inspection>({
  schedules: list(compilation, 1000),
  profile: optional(profile),
  memory: memoryData,
  phases: list(phase, 10_000),
  start: finite,
  end: finite,
});

const segment = object<KernelText['segments'][number]>({ file: line, start: finite, lines: finite });
const candidateForm = object<CandidateForm>({
  direction: directionForm,
  only: text(200),
  workgroups: grid,
  group: finite,
  given: list(name, 100),
});
const refusal = object<{ refusal: string }>({ refusal: line });
const candidate: Form<NonNullable<KernelText['candidate']>> = (value, at) =>
  typeof value === 'object' && value !== null && 'refusal' in value ? refusal(value, at) : candidateForm(value, at);
export const kernelText = object<KernelText>({
  label: line,
  code: wgsl,
  segments: list(segment, 1000),
  candidate: optional(candidate),
});

/** What a compiler says quotes what a person wrote. */
const mostMessages = 200;
const message = object<CompilationMessage>({
  type: oneOf('error', 'warning', 'info'),
  message: line,
  line: finite,
  column: finite,
  length: finite,
});
const checkFields = { ok: boolean, messages: list(message, mostMessages) };
export const kernelCheck = object<KernelCheck>(checkFields);
const times = object<TrialTimes>({ medianMs: number, spread: number, samplesMs: list(number, 1000, 1) });
export const kernelTrial = object<KernelTrial>({
  ...checkFields,
  reason: optional(line),
  firstDifference: optional(wrongOutput),
  comparedWith: optional(oneOf('float64 reference', 'shipped kernel')),
  maxError: optional(number),
  tolerance: optional(number),
  shipped: optional(times),
  edited: optional(times),
  behind: optional(paired),
  clock: optional(clock),
});
