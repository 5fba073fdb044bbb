/**
 * @file A compilation as text.
 */
import { formatShape } from '../base/shape.ts';
import { counted, formatBytes } from '../base/format.ts';
import type { Compilation, CompiledOperation, KernelRecord, MemoryRecord, PassRecord } from '../compile/compilation.ts';
import { comparePaired, isFaster, isSlower } from '../dnn/tuner/paired.ts';
import { formatTable } from './table.ts';

export function compilationText({ passes, kernels, unfused, memory }: Compilation, wgsl: boolean): string {
  const parts = [
    formatTable(
      ['after the pass', 'nodes', 'kernels', 'read', 'written', 'operations'],
      passes.map((pass) => [
        pass.name,
        String(pass.nodes),
        String(pass.kernels),
        formatBytes(pass.bytesRead),
        formatBytes(pass.bytesWritten),
        pass.flops.toLocaleString('en'),
      ]),
    ),
    savedText(passes),
    formatTable(
      ['kernel', 'computes', 'lines', 'buffers', 'bytes', 'operations'],
      kernels.map((kernel) => [
        kernel.name + (kernel.once ? ' (weights, once)' : ''),
        kernel.operations.map(({ name }) => name).join('+'),
        linesText(kernel.operations),
        String(kernel.buffers),
        formatBytes(kernel.bytesRead + kernel.bytesWritten),
        kernel.flops.toLocaleString('en'),
      ]),
    ),
    unfused.length === 0
      ? 'Everything is fused.\n'
      : formatTable(
          ['not fused', 'into', 'because'],
          unfused.map(({ producer, consumer, reason }) => [operationText(producer), operationText(consumer), reason]),
        ),
    memoryText(memory),
  ];
  const generated = kernels.filter((kernel) => kernel.generated !== undefined);
  return [...parts, ...(wgsl ? generated.map(wgslText) : [])].join('\n');
}

/** A gain or loss of less is none. */
const noGain = 0.05;

/** How many times as long it takes without, by the rounds that ran both. */
export function gainText({ withMs, withoutMs }: Record<'withMs' | 'withoutMs', readonly number[]>): string {
  const compared = comparePaired(withoutMs, withMs)!;
  const times = (slower: number): string => (1 + slower).toFixed(2);
  const [low, high] = compared.interval;
  const told = `${times(compared.slower)}× (${times(low)} to ${times(high)})`;
  if (isSlower(compared)) return told;
  if (isFaster(compared)) return `a loss: ${told}`;
  return `${low > -noGain && high < noGain ? 'none here' : 'not decided'} (${times(low)} to ${times(high)})`;
}

/** What all passes save of what eager code would do. */
function savedText(passes: readonly PassRecord[]): string {
  const [first, last] = [passes[0], passes.at(-1)!];
  const bytes = ({ bytesRead, bytesWritten }: PassRecord): number => bytesRead + bytesWritten;
  return `${counted(first.kernels, 'kernel')} with one for each operation, ${last.kernels} here; ${formatBytes(bytes(first) - bytes(last))} of ${formatBytes(bytes(first))} need not be moved.\n`;
}

/** What intermediates take, and what of them is computed again where that was too much. */
function memoryText({ intermediates, shared, results, thrift }: MemoryRecord): string {
  const taken = `Intermediates of ${formatBytes(intermediates)} share ${formatBytes(shared)}; results take ${formatBytes(results)}.\n`;
  if (!thrift) return taken;
  const { room, before, again } = thrift;
  const table = formatTable(
    ['computed again', 'times', 'operations'],
    again.map(({ operation, times, flops }) => [operationText(operation), String(times), flops.toLocaleString('en')]),
  );
  return `${taken}They would share ${formatBytes(before)}, and the memory limit left ${formatBytes(room)}.\n\n${table}`;
}

const operationText = (operation: CompiledOperation): string => {
  const lines = linesText([operation]);
  return `${operation.name} ${formatShape(operation.shape)}${lines === '' ? '' : `, line ${lines}`}`;
};

function linesText(operations: readonly CompiledOperation[]): string {
  const lines = [...new Set(operations.flatMap((operation) => operation.lines))].sort((a, b) => a - b);
  return lines.join(', ');
}

const wgslText = ({ name, operations, generated }: KernelRecord): string => {
  const lines = operations.map((operation) => `// ${operationText(operation)}\n`);
  return `// ${name}\n${lines.join('')}${generated!.trim()}\n`;
};
