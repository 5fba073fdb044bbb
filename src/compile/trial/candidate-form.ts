/**
 * @file How a program brings a kernel of ours as a convolution of its own: what `dnn.customConvolution` is told beside
 * the text. It takes a kernel that computes the convolution by itself and binds what any of them may.
 */
import { slotsOf } from '../../dnn/choice/candidates.ts';
import type { ConvSlots } from '../../dnn/conv2d/algorithm.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import { filesGiven, ownBindings, sizesText } from '../../dnn/conv2d/own.ts';
import { launchesOf, solutionOf } from '../../dnn/solution.ts';
import type { Binding, Launch } from '../../gpu/kernel.ts';
import type { CandidateForm, KernelText } from '../compilation.ts';

export function candidateForm(launch: Launch): KernelText['candidate'] {
  const solution = solutionOf(launch);
  if (solution?.problem.operation !== 'conv2d') return undefined;
  const { problem, plan } = solution;
  const d = problem.desc as ConvDescriptor;
  const slots = slotsOf(problem, plan) as unknown as ConvSlots;
  const launches = launchesOf(problem, plan, slots);
  const refusal = whyNone(d, plan.config.mathType, launches, slots);
  if (refusal !== undefined) return { refusal };
  const [{ kernel, workgroups }] = launches;
  return {
    direction: d.direction,
    only: sizesText(d),
    workgroups,
    group: kernel.traits!.group,
    given: filesGiven(d, slots),
  } satisfies CandidateForm;
}

function whyNone(
  d: ConvDescriptor,
  mathType: string,
  launches: readonly Launch[],
  slots: ConvSlots,
): string | undefined {
  if (launches.length > 1)
    return `It is one of ${launches.length} kernels that compute this convolution; a candidate computes it in one.`;
  if (d.epilogue.pool) return 'It ends in a pool; a candidate stores every output.';
  if (mathType === 'HALF_ARITHMETIC') return 'It sums in float16; a candidate sums in float32.';
  const [{ bindings, kernel }] = launches;
  if (kernel.written) return 'It is a kernel of the program already: change it there.';
  return sameBindings(bindings, ownBindings(d, slots))
    ? undefined
    : 'It reads more than the operands and sizes of the convolution, which is all that a candidate is given.';
}

const sameBindings = (a: readonly Binding[], b: readonly Binding[]): boolean =>
  a.length === b.length && a.every((binding, i) => sameBinding(binding, b[i]));

function sameBinding(a: Binding, b: Binding): boolean {
  if ('slot' in a) return 'slot' in b && a.slot === b.slot && a.access === b.access;
  if ('slot' in b) return false;
  const [numbers, others] = [new Int32Array(a.params), new Int32Array(b.params)];
  return numbers.length === others.length && numbers.every((number, i) => number === others[i]);
}
