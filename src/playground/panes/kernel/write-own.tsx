/**
 * @file The ways from a kernel of a convolution to one of the visitor's own, which the next run races.
 */
import { useSignal } from '@preact/signals';
import type { Words } from '../../../base/words.ts';
import type { KernelText } from '../../../compile/compilation.ts';
import { langOf, say } from '../../language.ts';
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
const inProgram: Words = {
  en: 'It stands in the program now: change it there, and press Run with benchmark on to race it.',
  zh: '它已写入程序：在那里修改，开启 benchmark 再点击“运行”，即可参加竞速。',
};

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
        {say({ en: 'Write one of your own', zh: '自己写一个' })}
      </button>{' '}
      {written.value
        ? say(inProgram)
        : say({
            en: 'puts the plainest kernel of this convolution into the program, as one more candidate of the race.',
            zh: '把此卷积最朴素的内核写入程序，作为竞速的又一个候选。',
          })}
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
        {say({ en: 'Race it as a candidate', zh: '作为候选参加竞速' })}
      </button>{' '}
      {refusal !== undefined ? (
        <span lang={langOf(refusal)}>{refusal}</span>
      ) : raced.value === edits ? (
        say(inProgram)
      ) : (
        say({
          en: 'puts this code with its grid, workgroup size and constants into the program, as one more candidate of the race.',
          zh: '把这段代码连同网格、工作组大小和常量写入程序，作为竞速的又一个候选。',
        })
      )}
    </p>
  );
}
