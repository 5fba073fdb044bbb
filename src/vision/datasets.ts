/**
 * @file Data sets that are drawn.
 */
export { shapeNames, shapes } from './shapes.ts';
