import type { VerdictCounts } from '../../../../shared/api/schemas.ts';
import { verdictStates } from '../../../../shared/compliance/verdict.ts';
import { verdictWords } from '../words.ts';
import classes from './verdict-bar.module.css';

export const totalOf = (counts: VerdictCounts) => verdictStates.reduce((sum, state) => sum + counts[state], 0);

/** One bar, shared out by verdict; what it shows is also said in words for people who do not see it. */
export function VerdictBar({ counts, height = 12 }: { counts: VerdictCounts; height?: number }) {
  const total = totalOf(counts);
  const words = verdictStates.map((state) => `${counts[state]} ${verdictWords[state].label.toLowerCase()}`).join(', ');
  return (
    <div className={classes.bar} style={{ height }} role="img" aria-label={words} title={words}>
      {verdictStates.map((state) =>
        counts[state] > 0 ? (
          <div key={state} className={classes.part} data-state={state} style={{ flexGrow: counts[state] / total }} />
        ) : null,
      )}
    </div>
  );
}

export function VerdictLegend() {
  return (
    <div className={classes.legend} aria-hidden="true">
      {verdictStates.map((state) => (
        <span key={state}>
          <i className={classes.part} data-state={state} /> {verdictWords[state].label}
        </span>
      ))}
    </div>
  );
}
