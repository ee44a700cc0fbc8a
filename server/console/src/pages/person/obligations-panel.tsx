import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TextLink } from '../../components/links.tsx';
import { ObligationTable } from '../../components/obligation-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';

/** What this person owes besides their devices; what is over stays in sight. */
export function ObligationsPanel({ id }: { id: string }) {
  const open = useQuery(queries.obligations({ person: id, state: 'open', limit: 20 }));
  const ended = useQuery(queries.obligations({ person: id, state: 'ended', limit: 10 }));
  const all = [...(open.data?.items ?? []), ...(ended.data?.items ?? [])];
  return (
    <Panel title="Agreements and returns" note="An open one past its day counts against this person.">
      {all.length > 0 ? (
        <ObligationTable obligations={all} withPerson={false} />
      ) : (
        <Text size="sm" c="dimmed">
          Nothing was asked of this person. Ask on the page{' '}
          <TextLink to="/obligations">Agreements and returns</TextLink>.
        </Text>
      )}
    </Panel>
  );
}
