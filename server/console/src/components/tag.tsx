import type { ReactNode } from 'react';
import classes from './tag.module.css';

type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'grace' | 'waived' | 'outline';

interface Props {
  tone?: Tone;
  children: ReactNode;
  icon?: ReactNode;
  /** For words that are known to be short. */
  keepsLine?: boolean;
}

/** A small label. */
export function Tag({ tone = 'plain', children, icon, keepsLine }: Props) {
  return (
    <span className={classes.tag} data-tone={tone} data-keeps-line={keepsLine}>
      {icon}
      {children}
    </span>
  );
}

/** Marks a device that the server made up for a trial, wherever it appears. */
export function SimulatedTag() {
  return <Tag tone="outline">Simulated</Tag>;
}
