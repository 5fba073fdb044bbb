/**
 * @file A ring around the pointer, so that a room sees where it is.
 */
import { useEffect, useRef } from 'preact/hooks';

export function PointerRing() {
  const ring = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ended = new AbortController();
    const listening = { capture: true, passive: true, signal: ended.signal };
    const show = ({ clientX, clientY, pointerType, buttons }: PointerEvent): void => {
      const { style, dataset } = ring.current!;
      style.translate = `${clientX}px ${clientY}px`;
      // A finger needs none.
      style.visibility = pointerType === 'touch' ? 'hidden' : 'visible';
      dataset['pressed'] = String(buttons !== 0);
    };
    for (const name of ['pointermove', 'pointerdown', 'pointerup'] as const) addEventListener(name, show, listening);
    document.documentElement.addEventListener(
      'pointerleave',
      () => (ring.current!.style.visibility = 'hidden'),
      listening,
    );
    return () => ended.abort();
  }, []);
  return <div ref={ring} class="pointer-ring" aria-hidden="true" />;
}
