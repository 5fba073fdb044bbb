/**
 * @file Keys of regions, found without being written down: a region like one of the last ones has the same key.
 *
 * A key has every node's operation, attributes and type, tens of kilobytes for a network, and to write and hash it took
 * longer than to compare the nodes with those of the last time.
 */
import { sameShape } from '../base/shape.ts';
import type { DType } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import type { CompileMode, Node } from '../graph/types.ts';
import type { Region } from './region.ts';
import { isGiven, scheduleKey } from './region.ts';

/** A node of a region as far as the key tells it; a leaf has no key. */
interface Entry {
  readonly key: string | undefined;
  readonly compiled: CompileMode;
  readonly requiresGrad: boolean;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A region that has been seen. */
export interface KnownRegion {
  /** Equal keys, equal schedules. */
  readonly key: string;
  /** The key of the schedule with prepared weights, and the numbers of those, as they were the last time. */
  prepared?: { readonly key: string; readonly numbers: readonly number[] };
}

interface RegionSnapshot extends KnownRegion {
  readonly settings: string;
  readonly entries: readonly Entry[];
  /** Of the inputs of all nodes in a row. */
  readonly inputs: Int32Array;
  readonly targets: readonly number[];
}

/** So many regions are compared with before a key is written; a training loop has two or three in turn. */
const regionsKept = 8;

export class RegionKeys {
  /** The last ones first. */
  private seen: RegionSnapshot[] = [];

  /** The region's key under these settings. */
  of(region: Region, targets: readonly Node[], settings: string): KnownRegion {
    const at = this.seen.findIndex((seen) => isLike(seen, region, targets, settings));
    const found = at === -1 ? undefined : this.seen[at];
    if (at === 0) return found!;
    const now = found ?? written(region, targets, settings);
    this.seen = [now, ...this.seen.filter((seen) => seen !== now)].slice(0, regionsKept);
    return now;
  }
}

function written(region: Region, targets: readonly Node[], settings: string): RegionSnapshot {
  const { numbers } = region;
  const nodes = [...numbers.keys()];
  return {
    key: `${settings}\n${scheduleKey(region, targets)}`,
    settings,
    entries: nodes.map((node) => ({
      key: isGiven(node) ? undefined : node.key,
      compiled: node.compiled,
      requiresGrad: node.requiresGrad,
      dtype: node.dtype,
      shape: node.shape,
    })),
    inputs: Int32Array.from(
      nodes.flatMap((node) => (isGiven(node) ? [] : node.inputs.map((input) => numbers.get(input)!))),
    ),
    targets: targets.map((target) => numbers.get(target)!),
  };
}

function isLike(seen: RegionSnapshot, { numbers }: Region, targets: readonly Node[], settings: string): boolean {
  const { entries, inputs } = seen;
  if (entries.length !== numbers.size || seen.targets.length !== targets.length || seen.settings !== settings)
    return false;
  let [at, input] = [0, 0];
  for (const node of numbers.keys()) {
    const entry = entries[at++];
    if (isGiven(node)) {
      if (entry.key !== undefined || entry.dtype !== node.dtype || !sameShape(entry.shape, node.shape)) return false;
      continue;
    }
    if (entry.key !== node.key || entry.compiled !== node.compiled) return false;
    if (node.compiled && entry.requiresGrad !== node.requiresGrad) return false;
    for (const of of node.inputs) if (inputs[input++] !== numbers.get(of)) return false;
  }
  return input === inputs.length && targets.every((target, i) => numbers.get(target) === seen.targets[i]);
}
