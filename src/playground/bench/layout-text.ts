/**
 * @file A layout as text, for links and for what is kept: `'r(42c(64editor,36console.output),58race*.comparison)'`.
 * `r` is a row, `c` a column, a number the percent of a part, `*` the pane in front where that is not the first.
 */
import type { Words } from '../../base/words.ts';
import { fail } from '../../base/errors.ts';
import { say } from '../language.ts';
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
  if (text.length > most.letters)
    fail(
      say({
        en: `panes: the text has ${text.length} letters, ${most.letters} at most are read`,
        zh: `面板：文本有 ${text.length} 个字母，最多读取 ${most.letters} 个`,
      }),
    );
  const reader = new Reader(text);
  const layout = reader.layout(0);
  reader.end();
  const slots = slotsIn(layout);
  const twice = slots.find((slot, i) => slots.indexOf(slot) !== i);
  if (twice) fail(say({ en: `panes: '${twice}' stands twice`, zh: `面板：“${twice}”出现了两次` }));
  if (!slots.includes('editor')) fail(say({ en: "panes: 'editor' is missing", zh: '面板：缺少“editor”' }));
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
    if (depth >= most.depth)
      fail(
        say({
          en: `panes: more than ${most.depth} splits in one another`,
          zh: `面板：相互嵌套的分割超过 ${most.depth} 层`,
        }),
      );
    this.expect('(');
    const parts: Layout[] = [];
    const shares: number[] = [];
    do {
      if (parts.length === most.parts)
        fail(
          say({
            en: `panes: more than ${most.parts} parts in one split`,
            zh: `面板：一个分割中的部分超过 ${most.parts} 个`,
          }),
        );
      shares.push(Number(this.take(/100|[1-9]\d?/y) ?? this.broken({ en: 'a percentage', zh: '百分比' })));
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
    if (slots.includes('editor') && slots.length > 1)
      fail(say({ en: "panes: 'editor' shares its place with others", zh: '面板：“editor”不能与其他面板同处一处' }));
    return { slots, shown: shown ?? slots[0] };
  }

  private slot(): Slot {
    const name = this.take(/[a-z]{1,20}/y) ?? this.broken({ en: 'the name of a pane', zh: '面板名称' });
    return name === 'editor' || isPane(name)
      ? name
      : fail(say({ en: `panes: there is no pane '${name}'`, zh: `面板：没有面板“${name}”` }));
  }

  end(): void {
    if (this.at < this.text.length) this.broken({ en: 'the end', zh: '结尾' });
  }

  private expect(letter: string): void {
    if (this.text[this.at] !== letter) this.broken({ en: `'${letter}'`, zh: `“${letter}”` });
    this.at++;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private broken(wanted: Words): never {
    const found = this.text.slice(this.at, this.at + 20);
    return fail(
      say({
        en: `panes: '${found}' at letter ${this.at + 1} is not ${wanted.en}`,
        zh: `面板：第 ${this.at + 1} 个字母处的“${found}”不是${wanted.zh}`,
      }),
    );
  }
}
