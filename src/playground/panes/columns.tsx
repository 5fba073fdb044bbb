/**
 * @file The head of a table.
 */

import type { ComponentChildren } from 'preact';
import { Explained } from '../glossary/explained.tsx';
import type { Term } from '../glossary/glossary.ts';

/** A column's name; numbers stand to the right, and a term explains itself. */
type Column = string | { readonly number: string; readonly term?: Term | undefined };

export function Columns({ of }: { of: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {of.map((column) =>
          typeof column === 'string' ? (
            <th key={column} scope="col">
              {column}
            </th>
          ) : (
            <th key={column.number} scope="col" class="number">
              {named(column)}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

const named = ({ number: name, term }: Exclude<Column, string>): ComponentChildren =>
  term ? <Explained term={term}>{name}</Explained> : name;
