import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SessionView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { Rows } from '../../components/rows.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { securityQueries } from '../../security-queries.ts';

export function SessionsPanel() {
  const sessions = useQuery(securityQueries.sessions());
  const { data: session } = useQuery(queries.session());
  const end = useAct({
    act: (id: string) => call('endSession', { params: { id } }),
    done: 'The session has ended.',
    stale: ['security'],
  });
  const endOthers = useAct({
    act: () => call('endOtherSessions', {}),
    done: 'Your other sessions have ended.',
    stale: ['security'],
  });
  const hasOthers = (sessions.data?.items ?? []).some(({ isOwn }) => !isOwn);
  const error = end.error ?? endOthers.error;
  const methodWords = (method: string) =>
    session?.providers.find(({ id }) => id === method)?.name ?? (method === 'passkey' ? 'passkey' : 'password');
  return (
    <Panel
      title="Where you are signed in"
      note="End what you do not know, and change your password then."
      aside={
        hasOthers ? (
          <Button size="xs" variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            End all others
          </Button>
        ) : null
      }
    >
      {error ? <Problem error={error} /> : null}
      <Loaded query={sessions}>
        {({ items }) => (
          <Rows
            label="Sessions"
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Browser', main: true, cell: ({ browser }) => browser },
              { title: 'Address', cell: ({ address }) => address },
              { title: 'By', cell: ({ method }) => methodWords(method) },
              { title: 'Since', cell: ({ createdAt }) => <When at={createdAt} as="moment" /> },
              { title: 'Last seen', cell: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
              { title: 'Actions', align: 'right', cell: (row) => <EndButton row={row} onEnd={end.mutate} /> },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function EndButton({ row, onEnd }: { row: SessionView; onEnd: (id: string) => void }) {
  if (row.isOwn)
    return (
      <Text size="sm" c="dimmed">
        this one
      </Text>
    );
  return (
    <Button size="xs" variant="subtle" aria-label={`End the session of ${row.browser}`} onClick={() => onEnd(row.id)}>
      End
    </Button>
  );
}
