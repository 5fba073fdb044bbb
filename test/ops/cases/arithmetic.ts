/**
 * @file Arithmetic of two operands.
 */
import { bool, f16, f32, i32, op, permuted, positive, stepped, u8 } from '../case.ts';

export const arithmetic = [
  ...op('add', [
    ['same shape', { x: f32([2, 3, 5]), y: f32([2, 3, 5]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['broadcast both ways', { x: f32([3, 1]), y: f32([2, 1, 4]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['a scalar tensor', { x: f32([7]), y: f32([]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['nothing', { x: f32([0, 3]), y: f32([3]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['views', { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) }, ({ x, y }) => x.add(y), 'x + y'],
    ['halves', { x: f16([5]), y: f16([3, 1]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['integers and a float', { x: i32([5]), y: f32([5]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['bytes wrap', { x: u8([3], [250, 255, 1]), y: u8([3], [10, 255, 1]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['bool and number', { x: bool([5]) }, ({ x }) => x.add(2), 'x + 2'],
  ]),
  ...op('div', [
    ['same shape', { x: f32([2, 3]), y: f32([2, 3], positive) }, ({ x, y }) => x.div(y), 'x / y', { grad: 'twice' }],
  ]),
];
