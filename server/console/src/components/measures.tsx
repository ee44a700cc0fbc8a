import type { ComplianceMeasures } from '../../../../shared/api/schemas.ts';
import { percent } from '../words.ts';
import classes from './measures.module.css';

/** How well somebody stood over a span. A dash stands where there is nothing to measure. */
export function Measures({ measures }: { measures: ComplianceMeasures }) {
  const { timeInCompliance, meanHoursToFix, fixed, open } = measures;
  const figures = [
    ['of the judged time in compliance', timeInCompliance === null ? '–' : percent(timeInCompliance * 100)],
    ['on average to put a failure right', meanHoursToFix === null ? '–' : fixWords(meanHoursToFix)],
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

/** `40 minutes`, `5 hours`, `2.2 days`. */
export function fixWords(hours: number): string {
  const [value, unit] =
    hours < 1
      ? [Math.max(1, Math.round(hours * 60)), 'minute']
      : hours < 48
        ? [Math.round(hours), 'hour']
        : [days(hours), 'day'];
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

const days = (hours: number) => (hours < 240 ? Math.round(hours / 2.4) / 10 : Math.round(hours / 24));
