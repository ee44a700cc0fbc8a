import { useQuery } from '@tanstack/react-query';
import { reviewQueries } from '../review-queries.ts';
import { count } from '../words.ts';
import classes from './navigation.module.css';
import { useWaitingChanges } from './use-waiting-changes.ts';

/** How many changes wait for the reader's approval. */
export function WaitingChanges() {
  const waiting = useWaitingChanges().length;
  return <Badge number={waiting} words={`${count(waiting, 'change')} for you to approve`} />;
}

/** How many rollouts are halted, each until somebody decides. */
export function HaltedRollouts() {
  const { data } = useQuery(reviewQueries.rollouts({ live: true, limit: 50 }));
  const halted = data?.items.filter(({ state }) => state === 'halted').length ?? 0;
  return <Badge number={halted} words={count(halted, 'halted rollout')} />;
}

function Badge({ number, words }: { number: number; words: string }) {
  if (number === 0) return null;
  return (
    <span className={classes.badge} role="img" aria-label={words}>
      {number}
    </span>
  );
}
