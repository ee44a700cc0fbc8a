import type { StatusCounts } from '../../../../shared/api/schemas.ts';
import { findingStatuses } from '../../../../shared/compliance/verdict.ts';
import { findingStatusWords } from '../words.ts';
import classes from './verdict-bar.module.css';

/** One bar, shared out by what a check found, with the same in words. */
export function StatusBar({ counts, height = 10 }: { counts: StatusCounts; height?: number }) {
  const words = findingStatuses
    .map((status) => `${counts[status]} ${findingStatusWords[status].toLowerCase()}`)
    .join(', ');
  return (
    <div className={classes.bar} style={{ height }} role="img" aria-label={words} title={words}>
      {findingStatuses.map((status) =>
        counts[status] > 0 ? (
          <div key={status} className={classes.part} data-state={status} style={{ flexGrow: counts[status] }} />
        ) : null,
      )}
    </div>
  );
}

export function StatusLegend() {
  return (
    <div className={classes.legend} aria-hidden="true">
      {findingStatuses.map((status) => (
        <span key={status}>
          <i className={classes.part} data-state={status} /> {findingStatusWords[status]}
        </span>
      ))}
    </div>
  );
}
