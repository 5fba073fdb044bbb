/**
 * @file The code of a kernel as the driver got it, folded by the files that it was linked from.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { counted, formatBytes } from '../../../base/format.ts';
import { kernelKey } from '../../counterparts.ts';
import type { Inspected } from '../../inspection.ts';
import type { KernelRow } from '../../kernel-figures.ts';
import type { SourcePart } from './source-parts.ts';
import { partsOf } from './source-parts.ts';
import { askForText, linkedText } from './text.ts';
import { tokenLines } from './wgsl.ts';

export function Source({ run, row: { record, places, key } }: { run: Inspected; row: KernelRow }) {
  const [place] = places;
  useEffect(() => void askForText(run, place), [run, kernelKey(place)]);
  const text = linkedText(run, place);
  return (
    <section class="source" aria-label={`Code of ${record.name}`}>
      <h3>{record.name}</h3>
      <p class="hint">
        {counted(record.buffers, 'storage buffer')}, reads {formatBytes(record.bytesRead)}, writes{' '}
        {formatBytes(record.bytesWritten)}
      </p>
      {!text && <p class="empty">Linking…</p>}
      {text && 'error' in text && (
        <p class="notice" role="alert">
          The engine no longer has this kernel ({text.error}). Press Run to see its code.
        </p>
      )}
      {text && 'code' in text && partsOf(text, record).map((part) => <Part key={`${key} ${part.file}`} part={part} />)}
    </section>
  );
}

/** Its lines are coloured when it is opened first. */
function Part({ part: { file, text, lines, isOwn } }: { part: SourcePart }) {
  const isOpen = useSignal(isOwn);
  return (
    <details open={isOwn} onToggle={({ currentTarget }) => (isOpen.value ||= currentTarget.open)}>
      <summary>
        <code>{file}</code> <small>{counted(lines, 'line')}</small>
      </summary>
      {isOpen.value && (
        <pre class="wgsl" tabIndex={0} aria-label={file}>
          {tokenLines(text).map((line, i) => (
            <span key={i} class="row">
              {line.map(({ kind, text: letters }, n) =>
                kind === 'plain' ? (
                  letters
                ) : (
                  <span key={n} class={kind}>
                    {letters}
                  </span>
                ),
              )}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </details>
  );
}
