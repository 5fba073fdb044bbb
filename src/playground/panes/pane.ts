/**
 * @file What a pane of the bench is. A further pane is a file that exports a component named `Pane`, and one row of the
 * table in `index.ts`.
 */
import type { FunctionComponent } from 'preact';
import type { Words } from '../../base/words.ts';

/**
 * Where a pane stands unless the visitor moves it: beside the editor, below it; or before it in a column of its own,
 * once it is opened.
 */
export type Home = 'beside' | 'below' | 'before';

export interface PaneModule {
  readonly Pane: FunctionComponent;
}

export interface Pane {
  /** What its tab says. */
  readonly title: Words;
  /** What it answers, in a sentence. */
  readonly about: Words;
  readonly home: Home;
  /** It stands in no bench until it is opened. */
  readonly closed?: true;
  /** It shows the inside of a run; while it is in front, runs are made with instruments. */
  readonly instrument?: boolean;
  /** Its component is loaded when it is first shown. */
  readonly load: () => Promise<PaneModule>;
}
