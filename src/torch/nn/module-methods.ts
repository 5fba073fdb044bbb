/**
 * @file What the methods of nn.Module take.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import type { DeviceType } from '../device.ts';
import { Device } from '../device.ts';
import type { Params } from '../signature.ts';
import { p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

/** Parameters and buffers by their keys. */
export type StateDict = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

const [walked, recurse, removeDuplicate] = [
  p.text('prefix', ''),
  p.flag('recurse', true),
  p.flag('removeDuplicate', true),
];
const state = p.kind<StateDict>(
  'a state, which has tensors by name',
  'what stateDict() gave, or torch.load(…)',
  (v) =>
    (v instanceof Map ? [...v.values()] : typeof v === 'object' && v !== null ? Object.values(v) : [undefined]).every(
      (t) => t instanceof Tensor,
    ),
  { plain: true },
);
const target = p.kind<Device | DeviceType | DType | Tensor>(
  'a device, a dtype or a tensor',
  "such as 'webgpu' or 'float16'",
  (v) =>
    v instanceof Tensor ||
    v instanceof Device ||
    (typeof v === 'string' && (v in dtypes || v === 'cpu' || v === 'webgpu')),
  {
    explain: (what, v) =>
      typeof v === 'string'
        ? `${what}: '${v}' is not a dtype (${Object.keys(dtypes).join(', ')}) or a device (webgpu, cpu)`
        : undefined,
  },
);
const hooked = [
  p.callback('hook'),
  '*',
  p.refused('prepend', false, 'hooks run in the order in which they are registered'),
  p.refused('withKwargs', false, 'all inputs come in the array'),
] as const;

export const moduleMethods: Readonly<Record<string, Params>> = {
  registerForwardPreHook: hooked,
  registerForwardHook: [...hooked, p.refused('alwaysCall', false, 'catch the error where the model is called')],
  registerBuffer: [p.text('name'), p.nullable(p.tensor('tensor')), p.flag('persistent', true)],
  namedChildren: [],
  children: [],
  namedModules: [p.refused('memo', null, 'it is for PyTorch itself'), walked, removeDuplicate],
  modules: [],
  namedParameters: [walked, recurse, removeDuplicate],
  parameters: [recurse],
  namedBuffers: [walked, recurse, removeDuplicate],
  buffers: [recurse],
  stateDict: [
    '*',
    p.refused('destination', null, 'the state is a new Map'),
    walked,
    p.refused('keepVars', false, "the tensors are the module's own"),
  ],
  loadStateDict: [
    state('stateDict'),
    p.flag('strict', true),
    p.refused('assign', false, "values are copied into the module's tensors"),
  ],
  to: [
    target('device', null),
    p.dtype('dtype', null),
    p.flag('nonBlocking', false),
    '*',
    p.refused('memoryFormat', null, 'there is one layout'),
  ],
  requiresGrad_: [p.flag('requiresGrad', true)],
  train: [p.flag('mode', true)],
  eval: [],
  apply: [p.callback('fn')],
  zeroGrad: [p.flag('setToNone', true)],
};
