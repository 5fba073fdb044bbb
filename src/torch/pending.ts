/**
 * @file What in-place operations leave to be computed, and values that they have overtaken.
 *
 * A recorded value is a value: what the program can still read keeps what it needs. Results are computed with the
 * update that would overwrite what they were recorded from (handles.ts); the values before stay for the rest, as long
 * as there is room for them.
 */
import { engine } from '../compile/engine.ts';
import { collectGarbage } from '../compile/garbage.ts';
import { deviceBytes } from '../compile/lower/move.ts';
import { obstacle } from '../graph/capture.ts';
import { lastNodeId } from '../graph/record.ts';
import { recordingWith } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import { handles } from './handles.ts';
import type { Memory } from './memory.ts';
import type { Tensor } from './tensor.ts';

/** What is to be computed: the updates, and what is lost unless it is computed with them. */
export interface Pending {
  readonly updates: readonly Node[];
  readonly results: readonly Node[];
}

/**
 * So many optimizer steps, and so many nodes, are recorded before what is pending is computed without waiting for an
 * await.
 */
const mostSteps = 16;
const mostNodes = 32_768;

/**
 * Tensors, and memories of several, whose new value is recorded but not computed; it is computed with the next value
 * that anybody asks for.
 */
class PendingUpdates {
  private readonly changed = new Set<Tensor | Memory>();
  /** Steps, and the last node, when something was taken last. */
  private steps = 0;
  private taken = 0;

  get isEmpty(): boolean {
    return this.changed.size === 0;
  }

  add(changed: Tensor | Memory): void {
    this.changed.add(changed);
  }

  /** Notes a step, and has what is pending computed where the program goes on and on without an await. */
  step(): void {
    if (++this.steps > mostSteps || lastNodeId() - this.taken > mostNodes) this.computeAtOnce();
  }

  /** The same for whatever else is recorded. What goes wrong is told to whoever reads a result. */
  limit(): void {
    if (lastNodeId() - this.taken <= mostNodes) return;
    try {
      this.computeAtOnce();
    } catch {
      this.taken = lastNodeId();
    }
  }

  /** The switches of the code that is being recorded are not for what computing it records. */
  private computeAtOnce(): void {
    obstacle('is so long that a part of it is computed before the rest is recorded');
    const { updates, results } = this.take(true);
    recordingWith({ gradMode: false, scope: undefined, call: undefined, compiled: false }, () =>
      engine.computeAtOnce(updates, results),
    );
    retired.trimAtOnce();
  }

  /**
   * The nodes to compute; afterwards none is pending. Without updates there are results only in the middle of a turn.
   */
  take(midTurn = false): Pending {
    this.steps = 0;
    this.taken = lastNodeId();
    if (this.changed.size === 0 && !midTurn) return { updates: [], results: [] };
    const updates = Array.from(this.changed, (c) => c.node).filter((n) => !n.value);
    this.changed.clear();
    return { updates, results: handles.take(midTurn) };
  }

  /** Forgets them, as between two programs. */
  clear(): void {
    this.steps = 0;
    this.changed.clear();
    handles.clear();
  }
}

export const pendingUpdates = new PendingUpdates();

/**
 * Of values that no tensor shows any more, and that the program may still need for others, so many bytes and so many
 * buffers are kept.
 */
const keptBytes = 64 * 2 ** 20;
const keptCount = 4096;

const overtaken =
  'what this result was recorded from has been overwritten by later in-place updates; read the result (await t.data()) or copy it (t.clone()) before them';

/**
 * Values that updates have overtaken. They are freed, unless the program has results that are not computed and need
 * them.
 */
class RetiredValues {
  private fresh: Node[] = [];
  /** What is needed, the oldest first. */
  private kept: { readonly node: WeakRef<Node>; readonly bytes: number }[] = [];
  private bytes = 0;

  add(node: Node): void {
    if (node.value) this.fresh.push(node);
  }

  /** Frees what can be freed, once what is recorded so far is computed; to be called where no update is pending. */
  async trim(): Promise<void> {
    const { fresh } = this;
    if (fresh.length === 0) return;
    this.fresh = [];
    await engine.work(async () => {
      const needed = handles.neededAmong(new Set(fresh));
      for (const node of fresh) if (!needed.has(node)) engine.drop(node, overtaken);
      for (const node of needed) this.keep(node);
      const oldest = this.takeOldest();
      if (oldest.size === 0) return;
      if (handles.dependentsOf(oldest).length > 0) await collectGarbage();
      await engine.compute(handles.dependentsOf(oldest)).catch(() => {}); // whoever reads one is told
      for (const node of oldest) engine.drop(node, overtaken);
    });
  }

  /**
   * The same for a program that does not await. What needs an old value for which there is no room says so when it is
   * read.
   */
  trimAtOnce(): void {
    const needed = handles.neededAmong(new Set(this.fresh));
    const open = this.fresh.filter((node) => engine.isUnderWay(node));
    for (const node of this.fresh) {
      if (needed.has(node)) this.keep(node);
      else if (!engine.isUnderWay(node)) engine.drop(node, overtaken);
    }
    for (const node of this.takeOldest()) engine.drop(node, overtaken);
    this.fresh = open;
  }

  /** The same at the end of this turn, where nothing else brings it about. */
  trimSoon(): void {
    if (pendingUpdates.isEmpty) void this.trim().catch(() => {});
  }

  private keep(node: Node): void {
    const bytes = deviceBytes(node);
    this.kept.push({ node: new WeakRef(node), bytes });
    this.bytes += bytes;
  }

  /** What there is no room for any more. */
  private takeOldest(): Set<Node> {
    const oldest = new Set<Node>();
    const isFull = (): boolean => this.bytes > keptBytes || this.kept.length > keptCount;
    if (!isFull()) return oldest;
    this.kept = this.kept.filter(({ node, bytes }) => {
      const isThere = node.deref()?.value !== undefined;
      if (!isThere) this.bytes -= bytes;
      return isThere;
    });
    while (isFull()) {
      const { node, bytes } = this.kept.shift()!;
      this.bytes -= bytes;
      oldest.add(node.deref()!);
    }
    return oldest;
  }
}

export const retired = new RetiredValues();
