/**
 * @file torch.save and torch.load: safetensors files, which Python reads without running anything.
 *
 * A state_dict is a plain file with a tensor for each of its keys, as every other program writes it. What is nested,
 * such as a checkpoint of model, optimizer and epoch, keeps its tensors under dotted names, and its structure in the
 * header's metadata.
 */
import { fail, messageOf } from '../base/errors.ts';
import type { HostTensor } from '../base/safetensors.ts';
import { decodeSafetensors, encodeSafetensors } from '../base/safetensors.ts';
import { fromHost } from './creation.ts';
import { fn, p } from './signature.ts';
import { Tensor, readTensor } from './tensor.ts';

/**
 * What can be saved: tensors, numbers, text, booleans and null, in maps, arrays and plain objects; `save` refuses other
 * objects.
 */
export type Saveable = Tensor | number | string | boolean | null | undefined | object;

/** Where the structure stands in the file's metadata. */
const structureKey = 'wudnn.structure';

/** The structure as JSON: a tensor is its name, and everything else says what it is. */
type Structure =
  | { tensor: string }
  | { value: unknown }
  | { map: Record<string, Structure> }
  | { list: Structure[] }
  | { object: Record<string, Structure> };

/** The bytes of a safetensors file: `await writeFile('model.safetensors', await torch.save(model.stateDict()))`. */
export const save = fn('ours.save', [p.any('object')], async (object: Saveable): Promise<Uint8Array<ArrayBuffer>> => {
  const tensors = new Map<string, Tensor>();
  const structure = describe(object, '', tensors);
  const entries = await Promise.all(
    [...tensors].map(async ([name, t]): Promise<[string, HostTensor]> => [
      name,
      { shape: t.shape, dtype: t.dtype, data: await readTensor(t) },
    ]),
  );
  return encodeSafetensors(entries, isStateDict(object) ? {} : { [structureKey]: JSON.stringify(structure) });
});

/**
 * What `save` was given; the tensors of a file from elsewhere come as a map by name. They are on the cpu unless told
 * otherwise.
 */
const bytes = p.kind<Uint8Array>('bytes', 'a Uint8Array, as torch.save gives it', (v) => v instanceof Uint8Array);
/** Reads what `torch.save` made: a tensor, or tensors by name. */
export const load = fn(
  'torch.load',
  [
    bytes('f'),
    p.device('mapLocation', null),
    p.refused('pickleModule', null, 'files are safetensors, nothing is unpickled'),
    '*',
    p.ours(p.device('device', null)),
  ],
  (bytes, mapLocation, _pickleModule, device): any => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const made = new Map(
      [...tensors].map(([name, { data, shape, dtype }]) => [
        name,
        fromHost(data, shape, dtype, { device: device ?? mapLocation ?? undefined }),
      ]),
    );
    const structure = metadata[structureKey];
    if (structure === undefined) return made;
    try {
      return rebuild(JSON.parse(structure), made);
    } catch (cause) {
      throw new Error(`load: the structure in the file's metadata is damaged: ${messageOf(cause)}`, { cause });
    }
  },
);

const isStateDict = (object: Saveable): boolean =>
  object instanceof Map && [...object.values()].every((value) => value instanceof Tensor);

function describe(value: Saveable, path: string, tensors: Map<string, Tensor>): Structure {
  const below = (entries: Iterable<[string, Saveable]>): Record<string, Structure> =>
    Object.fromEntries(
      [...entries].map(([key, part]) => [key, describe(part, path ? `${path}.${key}` : key, tensors)]),
    );
  if (value instanceof Tensor) {
    const name = path || 'tensor';
    if (tensors.has(name)) fail(`save: two tensors would be named '${name}'; keys with dots must not spell each other`);
    tensors.set(name, value);
    return { tensor: name };
  }
  if (value instanceof Map) return { map: below(value) };
  if (Array.isArray(value)) return { list: Object.values(below(Object.entries(value))) };
  if (typeof value === 'object' && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype)
      fail(`save: ${path || 'the object'} is a ${value.constructor.name}; save its stateDict(), or plain data`);
    return { object: below(Object.entries(value)) };
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    fail(`save: ${path || 'the object'} is a ${typeof value}; save its stateDict(), or plain data`);
  return { value: typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value };
}

function rebuild(structure: Structure, tensors: ReadonlyMap<string, Tensor>): unknown {
  const below = (parts: Record<string, Structure>): [string, unknown][] =>
    Object.entries(parts).map(([key, part]) => [key, rebuild(part, tensors)]);
  if ('tensor' in structure)
    return tensors.get(structure.tensor) ?? fail(`load: the file lacks its tensor '${structure.tensor}'`);
  if ('map' in structure) return new Map(below(structure.map));
  if ('list' in structure) return structure.list.map((part) => rebuild(part, tensors));
  if ('object' in structure) return Object.fromEntries(below(structure.object));
  const { value } = structure;
  return typeof value === 'object' && value !== null ? Number((value as { number: string }).number) : value;
}
