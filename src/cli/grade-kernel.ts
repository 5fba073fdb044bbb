/**
 * @file A student's kernel verified on an assignment's shapes: read from the program's text, and held to what every
 * kernel of a program's own is held to.
 */
import { DeviceLostError, messageOf } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type { Answers } from '../class/answers.ts';
import type { Assignment } from '../class/assignment.ts';
import { readShape } from '../class/assignment.ts';
import type { KernelGrade } from '../class/table.ts';
import { candidates } from '../dnn/choice/candidates.ts';
import type { OwnConvolution } from '../dnn/conv2d/own.ts';
import { addOwnConvolution, convolutionTemplate, forgetOwnConvolutions } from '../dnn/conv2d/own.ts';
import { convProblemOf } from '../dnn/conv2d/sizes.ts';
import type { Problem } from '../dnn/problem.ts';
import { Workbench } from '../dnn/tuner/workbench.ts';
import type { Device } from '../gpu/device.ts';
import { kernelsIn } from './program-kernels.ts';

/** In what is said of it, whatever the student calls it. */
const kernelName = 'the kernel';

/** Verifies the kernel of each file on every shape; a device that a kernel broke is opened anew. */
export class KernelGrader {
  private readonly open: () => Promise<Device>;
  private device: Device | undefined;

  constructor(open: () => Promise<Device>) {
    this.open = open;
  }

  async grade({ program }: Pick<Answers, 'program'>, assignment: Assignment): Promise<KernelGrade> {
    const shapes = [assignment.visible, ...assignment.hidden];
    let kernel: OwnConvolution | undefined;
    try {
      kernel = kernelsIn(program).findLast(({ direction }) => direction === assignment.direction);
    } catch (error) {
      return { verdict: 'cannot', right: 0, of: shapes.length, reason: oneLine(messageOf(error)) };
    }
    if (!kernel) {
      const reason = `its program brings no kernel for ${assignment.direction}`;
      return { verdict: 'cannot', right: 0, of: shapes.length, reason };
    }
    const wrong: string[] = [];
    for (const shape of shapes) {
      const reason = await this.whyWrong(kernel, shape, assignment);
      if (reason !== undefined) wrong.push(`on ${shape}: ${oneLine(reason)}`);
    }
    const right = shapes.length - wrong.length;
    const isTemplate = sameCode(kernel.wgsl, convolutionTemplate(assignment.direction));
    return wrong.length > 0
      ? { verdict: 'wrong', right, of: shapes.length, reason: wrong[0] }
      : { verdict: isTemplate ? 'unchanged' : 'right', right, of: shapes.length };
  }

  close(): void {
    this.device?.destroy();
  }

  /** Why a kernel is not right on a shape; `undefined` where it is. */
  private async whyWrong(
    kernel: OwnConvolution,
    shape: string,
    { direction }: Assignment,
  ): Promise<string | undefined> {
    const { N, C, H, W, K, R, S, stride, padding, dilation, groups } = readShape(shape);
    const problem = ownProblem(kernel, [N, C, H, W, K, R, S, stride, padding, dilation, groups], direction);
    try {
      this.device ??= await this.open();
      return await verify(this.device, problem);
    } catch (error) {
      if (error instanceof DeviceLostError) this.device = undefined;
      return messageOf(error);
    } finally {
      forgetOwnConvolutions();
    }
  }
}

function ownProblem(kernel: OwnConvolution, sizes: readonly number[], direction: Assignment['direction']): Problem {
  forgetOwnConvolutions();
  addOwnConvolution({ ...kernel, name: kernelName });
  return convProblemOf(sizes, { direction });
}

/** One of ours runs first, so that every output is compared, and not the sampled ones alone. */
async function verify(device: Device, problem: Problem): Promise<string | undefined> {
  const { plans, excluded } = candidates(problem, device);
  const own = plans.find(({ algorithm }) => algorithm.own);
  if (!own) return excluded.find(({ algo }) => algo === kernelName)?.reason ?? 'it is not for this';
  const ours = plans.find(({ algorithm }) => !algorithm.own);
  const bench = await Workbench.open(device, problem, ours ? [ours, own] : [own]);
  try {
    const last = ours ? 1 : 0;
    for (let i = 0; i <= last; i++) {
      await bench.compile(i);
      const { wrong } = await bench.verify(i);
      if (i === last) return wrong;
    }
    return undefined;
  } finally {
    bench.close();
  }
}

const sameCode = (a: string, b: string): boolean => {
  const code = (text: string): string =>
    text
      .replaceAll(/\/\/.*/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  return code(a) === code(b);
};

const oneLine = (text: string): string => plainText(text).replaceAll(/\s+/g, ' ').slice(0, 500);
