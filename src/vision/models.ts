/**
 * @file Models.
 */
export { LeNet } from './lenet.ts';
export { BasicBlock, ResNet } from './resnet.ts';
