/**
 * @file What a program imports from 'wudnn'. The editor reads its types here too.
 */
export * from '../torch/index.ts';
export * as vision from '../vision/index.ts';
export { imshow, plot, progress } from './figures.ts';
