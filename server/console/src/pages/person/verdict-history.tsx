import { Text } from '@mantine/core';
import type { PersonDetail } from '../../../../../shared/api/schemas.ts';
import { Verdict } from '../../components/verdict.tsx';
import { useNow } from '../../components/when.tsx';
import { duration, stretch } from '../../time.ts';
import classes from './verdict-history.module.css';

function words(interval: PersonDetail['verdicts'][number], now: number): string {
  const from = Date.parse(interval.from);
  const to = interval.to === null ? undefined : Date.parse(interval.to);
  return `${stretch(from, to)} · ${duration((to ?? now) - from)}`;
}

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
            <Verdict state={interval.state} until={interval.until} />
            <Text size="xs" c="dimmed" component="span">
              {words(interval, now)}
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
