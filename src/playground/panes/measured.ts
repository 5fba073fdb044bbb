/**
 * @file Pictures that are as wide as their pane, drawn in units that grow with the page's type.
 */
import type { ReadonlySignal } from '@preact/signals';
import { useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { typeScale } from '../lecture.ts';

/** The width of an element in a picture's units; 0 before it is known. */
export function useMeasured(frame: RefObject<Element | null>): ReadonlySignal<number> {
  const pixels = useSignal(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => (pixels.value = entry.contentRect.width));
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, []);
  return useComputed(() => pixels.value / typeScale.value);
}

/** The size of an svg that is so large in its own units. */
export const sized = (width: number, height: number) => ({
  width: width * typeScale.value,
  height: height * typeScale.value,
  viewBox: `0 0 ${width} ${height}`,
});

/** Where a pointer is within an element, in a picture's units. */
export function placeWithin(element: Element, { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>) {
  const { left, top } = element.getBoundingClientRect();
  return { x: (clientX - left) / typeScale.value, y: (clientY - top) / typeScale.value };
}
