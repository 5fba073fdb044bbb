/**
 * @file The ways from a kernel of a convolution to one of the visitor's own, which the next run races.
 */
import { useSignal } from '@preact/signals';
import type { KernelText } from '../../../compile/compilation.ts';
import { text } from '../../programs/program.ts';
import type { Edits } from './edits.ts';
import { candidateOf, directionOf, withCandidate, withOwnConvolution } from './own.ts';
import type { SourcePart } from './source-parts.ts';

/** The plainest kernel of each direction, as `dnn.convolutionTemplate` gives it. */
const files = import.meta.glob<string>(
  [
    '/shaders/conv2d/direct/1_definition.wgsl',
    '/shaders/conv2d/backward_data/1_gather.wgsl',
    '/shaders/conv2d/backward_filter/1_gather.wgsl',
  ],
  { query: '?raw', import: 'default', eager: true },
);
const templates = {
  forward: files['/shaders/conv2d/direct/1_definition.wgsl'],
  'backward data': files['/shaders/conv2d/backward_data/1_gather.wgsl'],
  'backward filter': files['/shaders/conv2d/backward_filter/1_gather.wgsl'],
} as const;

/** Where it went, once it was pressed. */
const inProgram = 'It stands in the program now: change it there, and press Run with benchmark on to race it.';

export function WriteOwn({ kernel }: { kernel: string }) {
  const written = useSignal(false);
  const direction = directionOf(kernel);
  if (!direction) return null;
  const write = (): void => {
    text.value = withOwnConvolution(text.value, direction, templates[direction]);
    written.value = true;
  };
  return (
    <p class="hint">
      <button type="button" class="quiet" onClick={write}>
        Write one of your own
      </button>{' '}
      {written.value
        ? inProgram
        : 'puts the plainest kernel of this convolution into the program, as one more candidate of the race.'}
    </p>
  );
}

interface RaceItProps {
  readonly of: KernelText;
  readonly parts: readonly SourcePart[];
  readonly edits: Edits;
}

/** The kernel as it is edited, as one more candidate of its problem; or why it cannot be one. */
export function RaceIt({ of, parts, edits }: RaceItProps) {
  const raced = useSignal<Edits | undefined>(undefined);
  const candidate = candidateOf(of, parts, edits);
  if (!candidate) return null;
  const refusal = 'refusal' in candidate ? candidate.refusal : undefined;
  const race = (): void => {
    if ('refusal' in candidate) return;
    text.value = withCandidate(text.value, candidate);
    raced.value = edits;
  };
  return (
    <p class="hint">
      <button type="button" class="quiet" disabled={refusal !== undefined} onClick={race}>
        Race it as a candidate
      </button>{' '}
      {refusal ??
        (raced.value === edits
          ? inProgram
          : 'puts this code with its grid, workgroup size and constants into the program, as one more candidate of the race.')}
    </p>
  );
}
