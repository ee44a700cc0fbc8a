import { useQuery } from '@tanstack/react-query';
import { queries } from '../queries.ts';
import { count } from '../words.ts';
import classes from './navigation.module.css';

/** How many unblock requests wait for an answer; kept up to date by the live connection. */
export function OpenRequests() {
  const { data } = useQuery(queries.requests({ state: 'open', limit: 1 }));
  if (!data || data.total === 0) return null;
  return (
    <span className={classes.badge} role="img" aria-label={count(data.total, 'open request')}>
      {data.total > 999 ? '999+' : data.total}
    </span>
  );
}
