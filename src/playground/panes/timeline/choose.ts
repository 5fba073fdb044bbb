/**
 * @file From a bar to the page's selection, and back.
 */
import type { Highlight } from '../../counterparts.ts';
import { kernelKey, layerPath } from '../../counterparts.ts';
import { isRemoteLit } from '../../remote-traces.ts';
import { select } from '../../selection.ts';
import type { Item, Timeline } from './rows.ts';

/** Selects it; what the engine was busy with is none of the things that can be selected. */
export function choose({ kind, name, events, remote }: Item): void {
  if (remote?.kernel.layer !== undefined) select('layer', remote.kernel.layer);
  else if (kind === 'module') select('layer', layerPath(name));
  else if ((kind === 'kernel' || kind === 'operation') && events[0]?.device === 'webgpu')
    select('kernel', events[0].name);
}

/** The bars that the selection lights. */
export function litItems({ rows }: Timeline, lit: Highlight): ReadonlySet<Item> {
  if (lit.kernels.size === 0 && lit.layers.size === 0) return new Set();
  const isLit = ({ kind, name, events, remote }: Item): boolean => {
    if (remote) return isRemoteLit(remote.kernel, lit);
    if (kind === 'module') return lit.layers.has(layerPath(name));
    return (
      (kind === 'kernel' || kind === 'operation') &&
      events.some(({ kernel }) => kernel !== undefined && lit.kernels.has(kernelKey(kernel)))
    );
  };
  return new Set(rows.flatMap(({ items }) => items.filter(isLit)));
}
