import type { ReactNode } from 'react';
import classes from './tag.module.css';

type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'grace' | 'waived' | 'outline';

/** A small label. */
export function Tag({ tone = 'plain', children, icon }: { tone?: Tone; children: ReactNode; icon?: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}

/** Marks a device that the server made up for a trial, wherever it appears. */
export function SimulatedTag() {
  return <Tag tone="outline">Simulated</Tag>;
}
