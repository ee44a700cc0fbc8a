import { Tooltip } from '@mantine/core';
import { useLiveStatus } from '../live-context.ts';
import classes from './connection-sign.module.css';

/** Says only when the live connection is broken: the page may then be behind. */
export function ConnectionSign() {
  const broken = useLiveStatus() === 'reconnecting';
  return (
    <div role="status" className={classes.place}>
      {broken ? (
        <Tooltip label="Live updates are interrupted. What you see may be some moments old." multiline maw={260}>
          <span className={classes.sign}>
            <span className={classes.dot} /> Reconnecting…
          </span>
        </Tooltip>
      ) : null}
    </div>
  );
}
