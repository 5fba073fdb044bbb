/**
 * @file The way from a kernel of a convolution to one of the visitor's own.
 */
import { useSignal } from '@preact/signals';
import { text } from '../../programs/program.ts';
import { directionOf, withOwnConvolution } from './own.ts';

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
        ? 'It stands in the program now: change it there, and press Run to race it.'
        : 'puts the plainest kernel of this convolution into the program, as one more candidate of the race.'}
    </p>
  );
}
