import { useQuery } from '@tanstack/react-query';
import { helpdeskQueries } from '../helpdesk-queries.ts';
import { isLate } from '../ticket-words.ts';
import { count } from '../words.ts';
import classes from './navigation.module.css';

/** How many tickets have a broken promise: those that are late are due first. */
export function LateTickets() {
  const { data } = useQuery(helpdeskQueries.tickets({ limit: 200 }));
  const late = data?.items.filter(isLate).length ?? 0;
  return <Badge number={late} words={count(late, 'late ticket')} />;
}

/** How many approvals the reader may sign. */
export function WaitingApprovals() {
  const { data } = useQuery(helpdeskQueries.approvals({ state: 'open', limit: 50 }));
  const waiting = data?.items.filter(({ maySign }) => maySign).length ?? 0;
  return <Badge number={waiting} words={`${count(waiting, 'approval')} for you to sign`} />;
}

function Badge({ number, words }: { number: number; words: string }) {
  if (number === 0) return null;
  return (
    <span className={classes.badge} role="img" aria-label={words}>
      {number}
    </span>
  );
}
