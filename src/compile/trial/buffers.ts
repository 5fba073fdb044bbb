/**
 * @file The buffers of a kernel that is tried by itself: what its text says that they hold, and numbers to fill them
 * with.
 */
import type { DType } from '../../base/dtype.ts';
import { encode } from '../../base/dtype.ts';
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { link } from '../../gpu/linker.ts';
import { randomNumbers } from '../../dnn/tuner/verify.ts';

/** A buffer that a kernel binds. */
export interface BoundBuffer {
  readonly slot: Slot;
  /** As the text calls it. */
  readonly name: string;
  readonly dtype: 'float32' | 'float16' | 'int32';
  /** Invocations meet in it: what one finds there depends on who came first. */
  readonly isAtomic: boolean;
  readonly isWritten: boolean;
}

const declaration =
  /@group\((\d+)\)\s*@binding\((\d+)\)\s*var<\s*storage\s*(?:,\s*\w+\s*)?>\s*(\w+)\s*:\s*(?:array<)?([^;]+?)>?\s*;/g;

/** The storage buffers of a launch, each slot once. */
export function boundBuffers(launch: Launch): BoundBuffer[] {
  const { code } = link(launch.kernel);
  const declared = new Map(
    Array.from(code.matchAll(declaration), ([, group, binding, name, type]) => [`${group} ${binding}`, { name, type }]),
  );
  const buffers = new Map<Slot, BoundBuffer>();
  for (const [group, bindings] of [launch.bindings, launch.epilogue ?? []].entries()) {
    bindings.forEach((binding, i) => {
      if ('params' in binding) return;
      const { name = `slot ${binding.slot}`, type = 'u32' } = declared.get(`${group} ${i}`) ?? {};
      const scalar = scalarOf(type, code);
      buffers.set(binding.slot, {
        slot: binding.slot,
        name,
        dtype: scalar === 'f32' ? 'float32' : scalar === 'f16' ? 'float16' : 'int32',
        isAtomic: type.includes('atomic'),
        isWritten: binding.access === 'write' || (buffers.get(binding.slot)?.isWritten ?? false),
      });
    });
  }
  return [...buffers.values()];
}

/** What an element is made of, behind aliases, vectors and atomics. */
function scalarOf(type: string, code: string): string {
  const inner = /^(?:vec[234]|atomic)<\s*(.+?)\s*>?$/.exec(type)?.[1] ?? type.replace(/^vec[234]([fhiu])$/, '$1');
  const short: Readonly<Record<string, string>> = { f: 'f32', h: 'f16', i: 'i32', u: 'u32' };
  const alias = new RegExp(`\\balias\\s+${inner.replace(/\W/g, '')}\\s*=\\s*([^;]+);`).exec(code)?.[1].trim();
  return alias === undefined || alias === inner ? (short[inner] ?? inner) : scalarOf(alias, code);
}

/** Elements of a buffer of so many bytes. */
export const elementsOf = ({ dtype }: Pick<BoundBuffer, 'dtype'>, bytes: number): number =>
  Math.floor(bytes / (dtype === 'float16' ? 2 : 4));

/**
 * What a buffer holds before a kernel runs: the same whenever it is asked for. Whole numbers stay small, since they may
 * be indices; what invocations meet in begins at zero.
 */
export function contentsOf(buffer: BoundBuffer, bytes: number): ArrayBufferView<ArrayBuffer> {
  const numbers = randomNumbers(elementsOf(buffer, bytes), 1 + buffer.slot);
  const { dtype, isAtomic } = buffer;
  const values = isAtomic ? numbers.fill(0) : dtype === 'int32' ? numbers.map((x) => Math.floor(2 * (x + 1))) : numbers;
  return encode(dtype satisfies DType, values) as ArrayBufferView<ArrayBuffer>;
}
