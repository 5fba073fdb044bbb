/**
 * @file All pointwise operations. (Re-exported rather than collected, since their gradients refer to each other in a
 * circle.)
 */
export * from './activation.ts';
export * from './binary.ts';
export * from './checks.ts';
export * from './compound.ts';
export * from './division.ts';
export * from './exponential.ts';
export * from './extremes.ts';
export * from './logic.ts';
export * from './losses.ts';
export * from './normalized.ts';
export * from './quantized.ts';
export * from './rounding.ts';
export * from './trigonometric.ts';
export * from './unary.ts';
