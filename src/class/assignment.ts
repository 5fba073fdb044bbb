/**
 * @file An assignment: a convolution kernel to write. Students see one shape; the others, on which their kernels are
 * verified too, are in a file that stays with the teacher.
 */
import { fail, messageOf } from '../base/errors.ts';
import { list, object, oneOf, optional, text } from '../base/form.ts';
import { plainText } from '../base/text.ts';
import type { Direction } from '../dnn/choice/records.ts';
import { directionForm } from '../session/forms.ts';
import { idForm } from './answers.ts';

export const assignmentFormat = 'wudnn-assignment/1';

export interface Assignment {
  readonly format: typeof assignmentFormat;
  /** In the students' link and their files. */
  readonly id: string;
  readonly title?: string;
  readonly direction: Direction;
  /** The shape in the students' program, `'1,3,16,16,8,3,3,1,1'`. */
  readonly visible: string;
  readonly hidden: readonly string[];
}

/** Of shapes, and of what one of them costs to verify: multiplications, and elements of an operand. */
export const mostHidden = 20;
const mostProducts = 2 ** 31;
const mostElements = 2 ** 24;

const shapeText = text(100);
const form = object<Assignment>({
  format: oneOf(assignmentFormat),
  id: idForm,
  title: optional(text(100)),
  direction: directionForm,
  visible: shapeText,
  hidden: list(shapeText, mostHidden),
});

/** A convolution's sizes. */
export interface ShapeSizes {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
  readonly R: number;
  readonly S: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly groups: number;
  readonly P: number;
  readonly Q: number;
}

const sizeNames = 'N,C,H,W,K,R,S[,STRIDE[,PADDING[,DILATION[,GROUPS]]]]';

/** The sizes of a shape as text; throws where they make no convolution, or one too large to verify in a class. */
export function readShape(written: string): ShapeSizes {
  const sizes = written.split(/[\s,]+/).filter(Boolean);
  if (sizes.length < 7 || sizes.length > 11 || !sizes.every((size) => /^\d{1,5}$/.test(size)))
    fail(`shape: '${written.slice(0, 60)}' is not 7 to 11 whole numbers; write ${sizeNames}`);
  const [N, C, H, W, K, R, S, stride = 1, padding = 0, dilation = 1, groups = 1] = sizes.map(Number);
  if ([N, C, H, W, K, R, S, stride, dilation, groups].includes(0)) fail(`shape: '${written}' has a 0 beside PADDING`);
  if (C % groups !== 0 || K % groups !== 0)
    fail(`shape: ${C} and ${K} channels of '${written}' do not divide into ${groups} groups`);
  const P = Math.floor((H + 2 * padding - dilation * (R - 1) - 1) / stride) + 1;
  const Q = Math.floor((W + 2 * padding - dilation * (S - 1) - 1) / stride) + 1;
  if (P < 1 || Q < 1) fail(`shape: the filter of '${written}' is larger than its padded image`);
  if (Math.max(N * C * H * W, N * K * P * Q, (K * C * R * S) / groups) > mostElements)
    fail(`shape: '${written}' has an operand of more than ${mostElements.toLocaleString('en')} elements`);
  if ((N * K * P * Q * C * R * S) / groups > mostProducts)
    fail(`shape: '${written}' takes more than ${mostProducts.toLocaleString('en')} multiplications`);
  return { N, C, H, W, K, R, S, stride, padding, dilation, groups, P, Q };
}

/** Shapes, one a line; empty lines are left out. */
export function readShapes(written: string): string[] {
  const shapes = written
    .split('\n')
    .map((row) => row.trim())
    .filter(Boolean);
  for (const shape of shapes) readShape(shape);
  return shapes.length <= mostHidden ? shapes : fail(`shape: there are ${shapes.length}, of at most ${mostHidden}`);
}

export const writeAssignment = (assignment: Assignment): string => `${JSON.stringify(assignment, null, 1)}\n`;

/** Throws with the reason where the text is no assignment. */
export function readAssignment(written: string): Assignment {
  let value: unknown;
  try {
    value = JSON.parse(written.slice(0, 100_000));
  } catch (cause) {
    throw new Error(`assignment: not JSON: ${plainText(messageOf(cause))}`, { cause });
  }
  const read = form(value, 'assignment');
  for (const shape of [read.visible, ...read.hidden]) readShape(shape);
  return read;
}
