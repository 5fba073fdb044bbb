/**
 * @file What unfolds over the page from a small button, and folds when the visitor goes elsewhere or presses Escape.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly class: string;
  /** The look of the button. */
  readonly badge: string;
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Dropdown({ class: name, badge, title, children }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const element = details.current!;
    element.addEventListener('focusout', ({ relatedTarget }) => {
      if (!element.contains(relatedTarget as Node | null)) element.open = false;
    });
    element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && element.open) closeAround(element);
    });
  }, []);
  return (
    <details class={`dropdown ${name}`} ref={details}>
      <summary class={badge}>{title}</summary>
      {children}
    </details>
  );
}

/** Folds what holds an element, and gives the focus back to its button. */
export function closeAround(element: HTMLElement): void {
  const details = element.closest('details');
  if (!details) return;
  details.open = false;
  details.querySelector('summary')?.focus();
}
