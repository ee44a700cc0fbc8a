import { percent } from '../words.ts';
import classes from './meter.module.css';

interface Props {
  label: string;
  /** 0 to 100 */
  value: number;
  /** From here on the bar warns. */
  warnFrom?: number;
  badFrom?: number;
  detail?: string;
}

/** A share as a bar with its number. */
export function Meter({ label, value, warnFrom = 101, badFrom = 101, detail }: Props) {
  const tone = value >= badFrom ? 'bad' : value >= warnFrom ? 'warn' : 'plain';
  return (
    <div className={classes.meter}>
      <div className={classes.words}>
        <span>{label}</span>
        <span className="numeric">
          {detail ? <span className={classes.detail}>{detail} · </span> : null}
          {percent(value)}
        </span>
      </div>
      <div className={classes.track} aria-hidden="true">
        <div className={classes.bar} data-tone={tone} style={{ width: `${Math.min(100, value)}%` }} />
      </div>
    </div>
  );
}
