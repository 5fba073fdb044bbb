/**
 * @file A layout as text, for links and for what is kept: `'r(42c(64editor,36console.output),58race*.comparison)'`.
 * `r` is a row, `c` a column, a number the percent of a part, `*` the pane in front where that is not the first.
 */
import { fail } from '../../base/errors.ts';
import { isPane, paneIds } from '../panes/index.ts';
import type { Layout, Slot } from './layout.ts';
import { isSplit, join, slotsIn } from './layout.ts';

/** A stranger may have written the text; no layout of these panes needs more. */
const most = { letters: 40 * (paneIds.length + 1), depth: paneIds.length + 1, parts: paneIds.length + 1 };

export function writeLayout(layout: Layout): string {
  if (isSplit(layout)) {
    const parts = layout.parts.map((part, i) => `${Math.max(1, Math.round(layout.shares[i]))}${writeLayout(part)}`);
    return `${layout.direction === 'row' ? 'r' : 'c'}(${parts.join(',')})`;
  }
  return layout.slots.map((slot, i) => (slot === layout.shown && i > 0 ? `${slot}*` : slot)).join('.');
}

/** Throws with the reason where the text is not of a layout that the bench can have. */
export function readLayout(text: string): Layout {
  if (text.length > most.letters) fail(`panes: the text has ${text.length} letters, ${most.letters} at most are read`);
  const reader = new Reader(text);
  const layout = reader.layout(0);
  reader.end();
  const slots = slotsIn(layout);
  const twice = slots.find((slot, i) => slots.indexOf(slot) !== i);
  if (twice) fail(`panes: '${twice}' stands twice`);
  if (!slots.includes('editor')) fail("panes: 'editor' is missing");
  return layout;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  layout(depth: number): Layout {
    const kind = this.take(/[rc](?=\()/y);
    if (kind === undefined) return this.group();
    if (depth >= most.depth) fail(`panes: more than ${most.depth} splits in one another`);
    this.expect('(');
    const parts: Layout[] = [];
    const shares: number[] = [];
    do {
      if (parts.length === most.parts) fail(`panes: more than ${most.parts} parts in one split`);
      shares.push(Number(this.take(/100|[1-9]\d?/y) ?? this.broken('a percentage')));
      parts.push(this.layout(depth + 1));
    } while (this.take(/,/y));
    this.expect(')');
    return join(kind === 'r' ? 'row' : 'column', parts, shares);
  }

  private group(): Layout {
    const slots: Slot[] = [];
    let shown: Slot | undefined;
    do {
      const slot = this.slot();
      slots.push(slot);
      if (this.take(/\*/y)) shown = slot;
    } while (this.take(/\./y));
    if (slots.includes('editor') && slots.length > 1) fail("panes: 'editor' shares its place with others");
    return { slots, shown: shown ?? slots[0] };
  }

  private slot(): Slot {
    const name = this.take(/[a-z]{1,20}/y) ?? this.broken('the name of a pane');
    return name === 'editor' || isPane(name) ? name : fail(`panes: there is no pane '${name}'`);
  }

  end(): void {
    if (this.at < this.text.length) this.broken('the end');
  }

  private expect(letter: string): void {
    if (this.text[this.at] !== letter) this.broken(`'${letter}'`);
    this.at++;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private broken(wanted: string): never {
    return fail(`panes: '${this.text.slice(this.at, this.at + 20)}' at letter ${this.at + 1} is not ${wanted}`);
  }
}
