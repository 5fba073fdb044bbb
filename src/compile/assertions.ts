/**
 * @file Assertions on the device: what its kernels find wrong, told as an error to whoever reads a result that depends
 * on it.
 *
 * A kernel leaves a ticket in a buffer of the device (`shaders/lib/assert.wgsl`), which is read along with results. All
 * that was computed between two such looks shares one outcome, so a program that never awaits costs no memory.
 */
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import { isFloat } from '../base/dtype.ts';
import { AssertionError, assertionMessage } from '../graph/assertion.ts';
import type { Node, TensorType, Value } from '../graph/types.ts';
import { placeAt, placeOf } from './doubts.ts';
import type { Work } from './run-buffers.ts';
import type { Region } from './region.ts';

/** Of a launch of a schedule. */
export interface LaunchAssertion {
  /** The error's, in which what the kernel found is to be filled in. */
  readonly message: string;
  /** The node's number in the region. */
  readonly node: number;
  /** What the kernel looks at, element by element. */
  readonly type: TensorType;
}

/** A launch's assertion in one run. */
interface Ticket extends Pick<LaunchAssertion, 'message' | 'type'> {
  readonly number: number;
  readonly place?: Error;
}

/** What became of the assertions in one span of time; later spans have greater numbers. */
interface Outcome {
  readonly span: number;
  state: 'open' | 'fine' | AssertionError;
}

/** How many tickets remember their line. */
const ticketsKept = 4096;
const firstTicket = 0xffffffff;
const bufferBytes = 16;

const outcomeOf = (value: Value | undefined): Outcome | undefined => value?.outcome as Outcome | undefined;

export const isWrong = ({ value }: Node): boolean => outcomeOf(value)?.state instanceof AssertionError;

/** Throws where a value is wrong. */
export function checkValue({ value }: Node): void {
  const state = outcomeOf(value)?.state;
  if (state instanceof AssertionError) throw state;
}

export class Assertions {
  private device: Device | undefined;
  private buffer: DeviceBuffer | undefined;
  private nextTicket = firstTicket;
  private tickets: Ticket[] = [];
  /** The one of now, and before it those that are being looked at. */
  private open: Outcome[] = [{ span: 0, state: 'open' }];

  /**
   * Words of the device: the ticket of the run's first assertion, the first that failed, and the number that it failed
   * of, and its position.
   */
  bufferOn(device: Device): DeviceBuffer {
    if (this.device === device && this.buffer) return this.buffer;
    this.device = device;
    this.buffer = device.pool.allocate(bufferBytes, 'assertions');
    device.clear(this.buffer);
    return this.buffer;
  }

  /** To be called before a schedule is submitted. */
  begin(device: Device, { compiled, region }: Work): void {
    const { assertions } = compiled.schedule;
    if (assertions.length === 0) return;
    device.upload(this.bufferOn(device), Uint32Array.of(this.nextTicket));
    const nodes = [...region.numbers.keys()];
    for (const { message, node, type } of assertions)
      this.tickets.push({ number: this.nextTicket--, message, type, place: placeOf(nodes[node]) });
    if (this.tickets.length > 2 * ticketsKept) this.tickets.splice(0, this.tickets.length - ticketsKept);
  }

  /** Notes on which assertions the values of targets depend that have just been computed. */
  note(region: Region, targets: readonly Node[], assertions: readonly LaunchAssertion[]): void {
    const outcomes = new Map<Node, Outcome>();
    for (const leaf of region.leaves) {
      const outcome = outcomeOf(leaf.value);
      if (outcome && outcome.state !== 'fine') outcomes.set(leaf, outcome);
    }
    if (outcomes.size === 0 && assertions.length === 0) return;
    const asserting = new Set(assertions.map(({ node }) => node));
    for (const node of region.order) {
      const own = asserting.has(region.numbers.get(node)!) ? this.open.at(-1) : undefined;
      const outcome = node.inputs.map((input) => outcomes.get(input)).reduce(worse, own);
      if (outcome) outcomes.set(node, outcome);
    }
    for (const target of targets) target.value!.outcome = outcomes.get(target);
  }

  /**
   * What to read along with the nodes' values, and what to tell of it; `undefined` where they depend on nothing that is
   * open.
   */
  look(
    nodes: readonly Node[],
  ): { buffer: DeviceBuffer; bytes: number; tell: (words: ArrayBuffer) => void } | undefined {
    if (!this.buffer || !nodes.some(({ value }) => outcomeOf(value)?.state === 'open')) return undefined;
    const covered = [...this.open];
    const { nextTicket } = this;
    this.open.push({ span: covered.at(-1)!.span + 1, state: 'open' });
    return {
      buffer: this.buffer,
      bytes: bufferBytes,
      tell: (words) => {
        if (new Uint32Array(words)[1] !== 0) {
          if (covered.some(({ state }) => state === 'open')) this.fail(words);
          return;
        }
        for (const outcome of covered) if (outcome.state === 'open') outcome.state = 'fine';
        this.open = this.open.filter(({ state }) => state === 'open');
        this.tickets = this.tickets.filter(({ number }) => number <= nextTicket);
      },
    };
  }

  /** As between two programs: what nobody has looked at stays unknown. */
  forget(): void {
    this.settle(new AssertionError('this was computed by a program that has ended; compute it again'));
    if (this.buffer) this.device!.pool.release(this.buffer);
    this.buffer = undefined;
  }

  private fail(words: ArrayBuffer): void {
    const [, failed, , at] = new Uint32Array(words);
    const ticket = this.tickets.find(({ number }) => number === failed);
    const error = new AssertionError(
      ticket
        ? assertionMessage(ticket.message, numberIn(words, ticket.type), at, ticket.type.shape)
        : 'a result is wrong, of an operation too long ago to tell which; await results on the way',
    );
    this.settle(placeAt(error, ticket?.place));
    this.device!.clear(this.buffer!);
  }

  /** Everything that is open fails, as only the first ticket that failed is known. */
  private settle(error: AssertionError): void {
    const span = this.open.at(-1)!.span + 1;
    for (const outcome of this.open) outcome.state = error;
    this.open = [{ span, state: 'open' }];
    this.tickets = [];
  }
}

const numberIn = (words: ArrayBuffer, { dtype }: TensorType): number =>
  (isFloat(dtype) ? new Float32Array(words) : new Int32Array(words))[2];

/** A failed one, else the later: where an earlier one fails, all do that are open then. */
function worse(a: Outcome | undefined, b: Outcome | undefined): Outcome | undefined {
  if (!a || !b) return a ?? b;
  if (a.state instanceof AssertionError) return a;
  return b.state instanceof AssertionError || b.span > a.span ? b : a;
}
