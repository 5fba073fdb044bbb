/**
 * @file WGSL that can be edited: a plain text area over the same text in colours, with errors underlined at their
 * place.
 */
import type { CompilationMessage } from '../../../base/compilation-message.ts';
import { tokenLines } from './wgsl.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly messages: readonly CompilationMessage[];
  readonly onText: (text: string) => void;
}

export function CodeArea({ label, text, messages, onText }: Props) {
  return (
    <div class="wgsl editable">
      <div class="over">
        <pre aria-hidden="true">
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
        {messages.map(({ type, line, column, length, message }) => (
          <span
            key={`${line}:${column} ${message}`}
            class="squiggle"
            data-type={type}
            style={{
              insetBlockStart: `calc(${line} * var(--row))`,
              insetInlineStart: `${Math.max(0, column - 1)}ch`,
              inlineSize: `${Math.max(1, length)}ch`,
            }}
          />
        ))}
        <textarea
          aria-label={label}
          aria-invalid={messages.some(({ type }) => type === 'error')}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          value={text}
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
      </div>
    </div>
  );
}
