import type { ReactNode } from 'react';
import classes from './filters.module.css';

/** The search field and filters of a list, in one row or, on a phone, two columns. */
export function Filters({ children }: { children: ReactNode }) {
  return <search className={classes.filters}>{children}</search>;
}
