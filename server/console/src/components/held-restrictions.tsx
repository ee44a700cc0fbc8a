import { useQuery } from '@tanstack/react-query';
import { queries } from '../queries.ts';
import { count } from '../words.ts';
import classes from './navigation.module.css';

/** How many devices wait to be restricted until somebody looked; kept up to date by the live connection. */
export function HeldRestrictions() {
  const { data } = useQuery(queries.restrictionHold());
  if (!data?.held || data.waiting === 0) return null;
  return (
    <span className={classes.badge} role="img" aria-label={`${count(data.waiting, 'restriction')} held back`}>
      {data.waiting > 999 ? '999+' : data.waiting}
    </span>
  );
}
