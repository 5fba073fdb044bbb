/**
 * @file nn.ParameterList, nn.ParameterDict: parameters in a row or by name. Each is a field, so paths are PyTorch's.
 */
import { fail } from '../../base/errors.ts';
import { isPlain, shown } from '../../base/options.ts';
import { p } from '../signature.ts';
import { checked } from '../signature/call.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor } from '../tensor.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

const parametersOf = (module: object): (readonly [string, Parameter])[] =>
  Object.entries(module).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);

/** As a parameter: a tensor becomes one. */
function learnt(what: string, value: unknown): Parameter {
  if (value instanceof Parameter) return value;
  return value instanceof Tensor
    ? new Parameter(value)
    : fail(`${what}: ${shown(value)} is not a tensor; give tensors or parameters`);
}

abstract class Row extends Module {
  constructor(values: Iterable<Tensor>) {
    super();
    for (const value of values) this.append(value);
  }

  /** How many parameters there are. */
  get length(): number {
    return parametersOf(this).length;
  }

  /** Adds a parameter behind the others; a tensor becomes one. */
  append(value: Tensor): this {
    return Object.assign(this, { [this.length]: learnt('ParameterList', value) });
  }

  /** The parameter at an index; negative ones count from the end. */
  at(index: number): Parameter {
    const [, parameter] =
      parametersOf(this).at(index) ??
      fail(`ParameterList: index ${index} is out of range; there are ${this.length} parameters`);
    return parameter;
  }

  [Symbol.iterator](): Iterator<Parameter> {
    const all = parametersOf(this).map(([, parameter]) => parameter);
    return all[Symbol.iterator]();
  }
}

const several = p.kind<Iterable<Tensor>>(
  'parameters',
  'them in an array',
  (v) => typeof v === 'object' && v !== null && Symbol.iterator in v && !(v instanceof Tensor),
);

/** Parameters in a list; tensors become parameters. */
export class ParameterList extends constructed(Row, 'nn.ParameterList', [several('values', null)], (values) => [
  values ?? [],
]) {}

abstract class Dictionary extends Module {
  constructor(parameters: Readonly<Record<string, Tensor>>) {
    super();
    for (const [name, parameter] of Object.entries(parameters)) this.set(name, parameter);
  }

  /** Adds a parameter under a name; a tensor becomes one. */
  set(name: string, value: Tensor): this {
    if (name in Module.prototype) fail(`ParameterDict: '${name}' is a member of every module; choose another name`);
    return Object.assign(this, { [name]: learnt('ParameterDict', value) });
  }

  /** The parameter of a name. */
  get(name: string): Parameter {
    const all = parametersOf(this);
    const [, parameter] =
      all.find(([key]) => key === name) ??
      fail(`ParameterDict: there is no parameter '${name}'; there are ${all.map(([key]) => key).join(', ')}`);
    return parameter;
  }

  [Symbol.iterator](): Iterator<readonly [string, Parameter]> {
    return parametersOf(this)[Symbol.iterator]();
  }
}

const byName = p.kind<Readonly<Record<string, Tensor>>>('an object', 'tensors by name', isPlain, { plain: true });

/** Parameters by name; tensors become parameters. */
export class ParameterDict extends constructed(
  Dictionary,
  'nn.ParameterDict',
  [byName('parameters', null)],
  (parameters) => [parameters ?? {}],
) {}

checked('nn.ParameterList', ParameterList, { append: [p.any('value')] });
checked('ours', ParameterList, { at: [p.int('idx')] }); // Python's brackets
checked('ours', ParameterDict, { set: [p.text('key'), p.any('value')] });
checked('ours', ParameterDict, { get: [p.text('key')] });
