/**
 * @file A Python of this machine by its path, or by its name on PATH.
 */
import { examineLocal } from '../../doctor/local.ts';
import { localTransport } from '../../local.ts';
import type { AddressKind } from './kind.ts';

const pythonOf = (address: string): string => address.slice('python:'.length);

export const localPython: AddressKind = {
  protocols: ['python:'],
  form: 'python:/path/of/python',
  about: 'a Python on this machine',
  transport: ({ address }) => localTransport(pythonOf(address)),
  examine: ({ address }, onStage) => examineLocal(pythonOf(address), onStage),
};
