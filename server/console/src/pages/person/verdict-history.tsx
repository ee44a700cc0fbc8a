import { Text } from '@mantine/core';
import type { PersonDetail } from '../../../../../shared/api/schemas.ts';
import { Verdict } from '../../components/verdict.tsx';
import { useNow, When } from '../../components/when.tsx';
import { duration } from '../../time.ts';
import classes from './verdict-history.module.css';

/** The intervals of a person's verdict, newest first, on a line. */
export function VerdictHistory({ intervals }: { intervals: PersonDetail['verdicts'] }) {
  const now = useNow();
  const sorted = intervals.toSorted((a, b) => Date.parse(b.from) - Date.parse(a.from));
  if (sorted.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No verdict has been reached yet.
      </Text>
    );
  return (
    <ol className={classes.line}>
      {sorted.map((interval) => (
        <li key={interval.from} className={classes.interval} data-state={interval.state}>
          <div className={classes.head}>
            <Verdict state={interval.state} />
            <Text size="xs" c="dimmed" component="span">
              <When at={interval.from} as="date" /> {interval.to ? '–' : 'until now'}{' '}
              {interval.to ? <When at={interval.to} as="date" /> : null} ·{' '}
              {duration((interval.to ? Date.parse(interval.to) : now) - Date.parse(interval.from))}
            </Text>
          </div>
          {interval.reasons.map((reason) => (
            <Text key={reason} size="sm" mt={2}>
              {reason}
            </Text>
          ))}
        </li>
      ))}
    </ol>
  );
}
