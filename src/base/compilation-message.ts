/**
 * @file What a shader compiler says of a text.
 */

export interface CompilationMessage {
  readonly type: 'error' | 'warning' | 'info';
  readonly message: string;
  /** From 1; both are 0 where it has no place. */
  readonly line: number;
  readonly column: number;
  /** Of the text that it is about, in UTF-16 units. */
  readonly length: number;
}
