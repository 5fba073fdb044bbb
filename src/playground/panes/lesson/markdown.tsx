/**
 * @file A lesson's Markdown as elements. It is drawn from tokens, so no text can bring elements of its own; what has no
 * row here is shown as it was written.
 */
import type { Token, Tokens } from 'marked';
import type { ComponentChildren, JSX } from 'preact';

type Draw = (token: Tokens.Generic) => JSX.Element;

const inside = (token: Tokens.Generic): ComponentChildren =>
  token.tokens ? <Markdown of={token.tokens} /> : String(token['text'] ?? '');

const drawings: Readonly<Record<string, Draw>> = {
  paragraph: (token) => <p>{inside(token)}</p>,
  text: (token) => <>{inside(token)}</>,
  strong: (token) => <strong>{inside(token)}</strong>,
  em: (token) => <em>{inside(token)}</em>,
  codespan: (token) => <code>{String(token['text'])}</code>,
  code: (token) => <pre tabIndex={0}>{String(token['text'])}</pre>,
  space: () => <></>,
  link: (token) =>
    String(token['href']).startsWith('https://') ? (
      <a href={String(token['href'])} target="_blank" rel="noreferrer">
        {inside(token)}
      </a>
    ) : (
      <>{inside(token)}</>
    ),
  list: (token) => {
    const items = (token as Tokens.List).items.map((item, i) => (
      <li key={i}>
        <Markdown of={item.tokens} />
      </li>
    ));
    return token['ordered'] === true ? <ol>{items}</ol> : <ul>{items}</ul>;
  },
  table: (token) => {
    const { header, rows } = token as Tokens.Table;
    return (
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {header.map(({ tokens }, i) => (
                <th key={i} scope="col">
                  <Markdown of={tokens} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {row.map(({ tokens }, j) => (
                  <td key={j}>
                    <Markdown of={tokens} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  },
};

/** What a lesson's text may be made of. */
export const drawn: readonly string[] = Object.keys(drawings);

export function Markdown({ of }: { of: readonly Token[] }) {
  return (
    <>
      {of.map((token, i) => {
        const draw = Object.hasOwn(drawings, token.type) ? drawings[token.type] : undefined;
        return draw ? draw({ ...token, key: i } as Tokens.Generic) : token.raw;
      })}
    </>
  );
}
