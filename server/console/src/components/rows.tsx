import { Card } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './rows.module.css';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** Heads the card on a phone. */
  main?: boolean;
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
              {columns.map(({ title, cell, main, align }) => (
                <td key={title} data-label={title} data-main={main} data-align={align}>
                  <div>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
