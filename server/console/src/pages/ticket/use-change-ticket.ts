import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TicketChange, TicketView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { notifyDone, notifyFailed } from '../../components/notify.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';

type Change = Omit<TicketChange, 'version'>;

/** Changes a ticket as it was read; when somebody else changed it meanwhile, theirs is shown and nothing is overwritten. */
export function useChangeTicket({ id, version }: Pick<TicketView, 'id' | 'version'>, done: string) {
  const client = useQueryClient();
  const { queryKey } = helpdeskQueries.ticket(id);
  return useMutation({
    mutationFn: (change: Change) => call('changeTicket', { params: { id }, body: { version, ...change } }),
    onSuccess: async (ticket) => {
      notifyDone(done);
      client.setQueryData(queryKey, ticket);
      await client.invalidateQueries({ queryKey: ['tickets'] });
    },
    onError: (error) => {
      notifyFailed(error);
      void client.invalidateQueries({ queryKey });
    },
  });
}
