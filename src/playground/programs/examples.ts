/**
 * @file The examples: the files of `examples/`, in the order of their numbers. The first line is a comment with the
 * title.
 */

export interface Example {
  /** The file's name without number and ending, `'simple-cnn'`. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const files = import.meta.glob<string>('../examples/*.ts', { query: '?raw', import: 'default', eager: true });

export const examples: readonly Example[] = Object.entries(files)
  .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  .map(([path, text]) => ({
    id: path.replace(/^.*\/\d+-|\.ts$/g, ''),
    title: text.split('\n', 1)[0].replace(/^\/\/\s*/, ''),
    text,
  }));
