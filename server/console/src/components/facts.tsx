import type { ReactNode } from 'react';
import classes from './facts.module.css';

export type Fact = readonly [label: string, value: ReactNode];

/** Names and values; a value of undefined is said to be not reported. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={classes.row}>
          <dt>{label}</dt>
          <dd>{value ?? <NotReported />}</dd>
        </div>
      ))}
    </dl>
  );
}

export function NotReported() {
  return <span className={classes.missing}>not reported</span>;
}
