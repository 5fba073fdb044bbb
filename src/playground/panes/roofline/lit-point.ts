/**
 * @file Which kernels of the roofline the selection lights.
 */
import type { Highlight } from '../../counterparts.ts';
import { kernelKey } from '../../counterparts.ts';
import type { Point } from './points.ts';

export const isLit = ({ events }: Point, { kernels }: Highlight): boolean =>
  kernels.size > 0 && events.some(({ kernel }) => kernel !== undefined && kernels.has(kernelKey(kernel)));
