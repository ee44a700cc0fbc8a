import { Card } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './rows.module.css';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** Heads the card on a phone. */
  main?: boolean;
  /** Has a row of the card to itself on a phone. */
  wide?: boolean;
  align?: 'right';
}

interface Props<T> {
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  columns: readonly Column<T>[];
}

/** A table on a wide screen; on a phone each row is a card that names its values. */
export function Rows<T>({ label, rows, keyOf, columns }: Props<T>) {
  return (
    <Card padding={0} className={classes.frame ?? ''}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, align }) => (
              <th key={title} scope="col" data-align={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <Cell key={column.title} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What stands in a table where there is nothing; a card leaves it out. */
const nothing = '–';

function Cell<T>({ column: { title, cell, main, wide, align }, row }: { column: Column<T>; row: T }) {
  const content = cell(row);
  return (
    <td
      data-label={title}
      data-main={main}
      data-wide={wide}
      data-align={align}
      data-nothing={content === nothing || undefined}
    >
      <div>{content}</div>
    </td>
  );
}
