import type { ComplianceMeasures } from '../../../../shared/api/schemas.ts';
import { hoursWords, percent } from '../words.ts';
import classes from './measures.module.css';

/** How well somebody stood over a span. A dash stands where there is nothing to measure. */
export function Measures({ measures }: { measures: ComplianceMeasures }) {
  const { timeInCompliance, meanHoursToFix, fixed, open } = measures;
  const figures = [
    ['of the judged time in compliance', timeInCompliance === null ? '–' : percent(timeInCompliance * 100)],
    ['on average to put a failure right', meanHoursToFix === null ? '–' : hoursWords(meanHoursToFix)],
    [fixed === 1 ? 'failure put right' : 'failures put right', fixed.toLocaleString('en')],
    [open === 1 ? 'failure still open' : 'failures still open', open.toLocaleString('en')],
  ] as const;
  return (
    <dl className={classes.measures}>
      {figures.map(([label, value]) => (
        <div key={label} className={classes.measure}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
