/**
 * @file Why something was not fused. A rule that cannot fuse returns its reason, a sentence for people, so what they
 * read is what decided.
 */
import type { Node } from '../graph/types.ts';

/** What a rule makes of a node: what stands for it now, or why it stays. */
export type Verdict = { readonly by: Node; readonly took: readonly Node[] } | { readonly refusal: string };

/** Reasons by reader, and by what it reads. */
export type Refusals = ReadonlyMap<Node, ReadonlyMap<Node, string>>;

export const refuse = (refusal: string): { readonly refusal: string } => ({ refusal });

/** Collects reasons. */
export class RefusalList {
  readonly all = new Map<Node, Map<Node, string>>();

  note(reader: Node, read: Node, reason: string): void {
    const known = this.all.get(reader);
    if (known) known.set(read, reason);
    else this.all.set(reader, new Map([[read, reason]]));
  }
}
