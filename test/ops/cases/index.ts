/**
 * @file The families of cases: one file each here, one golden file each in test/golden/ops/.
 */
import type { Case } from '../case.ts';
import { arithmetic } from './arithmetic.ts';
import { unary } from './unary.ts';

export const families: Readonly<Record<string, readonly Case[]>> = { arithmetic, unary };
