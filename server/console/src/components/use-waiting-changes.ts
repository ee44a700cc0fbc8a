import { useQueries } from '@tanstack/react-query';
import { reviewQueries } from '../review-queries.ts';

/** More than these nobody reviews in one go. */
const most = 200;

/** Changes that the reader may approve, whether they wait for a hand or for an hour. */
export function useWaitingChanges() {
  const [open, scheduled] = useQueries({
    queries: [
      reviewQueries.changes({ state: 'open', limit: most }),
      reviewQueries.changes({ state: 'scheduled', limit: most }),
    ],
  });
  return [open, scheduled].flatMap(({ data }) => data?.items ?? []).filter(({ mayApprove }) => mayApprove);
}
