/**
 * @file The tables of the algorithms along rows; a name that is missing here is a compile error. The first is the
 * plainest that any size can do with.
 */
import type { RowsAlgorithm } from './algorithm.ts';
import type { RowsDescriptor } from './descriptor.ts';
import { serialScan, serialSoftmax } from './serial.ts';
import { workgroupScan, workgroupSoftmax } from './workgroup.ts';

export type RowsAlgorithmName = 'WORKGROUP' | 'SERIAL';

const softmax: Record<RowsAlgorithmName, RowsAlgorithm> = { WORKGROUP: workgroupSoftmax, SERIAL: serialSoftmax };
const scan: Record<RowsAlgorithmName, RowsAlgorithm> = { WORKGROUP: workgroupScan, SERIAL: serialScan };

export const isSoftmax = ({ name }: Pick<RowsDescriptor, 'name'>): boolean =>
  name === 'softmax' || name === 'logSoftmax';

export const rowsAlgorithms = (d: RowsDescriptor): readonly RowsAlgorithm[] =>
  Object.values(isSoftmax(d) ? softmax : scan);
