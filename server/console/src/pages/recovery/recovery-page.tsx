import { Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';
import { EscrowPanel } from './escrow-panel.tsx';
import { OpenRecoveryRequests, RecoveryHistory } from './request-table.tsx';

const route = getRouteApi('/shell/recovery');
const limit = 50;

export function RecoveryPage() {
  const waiting = useQuery(queries.recoveryRequests({ limit: 200, state: 'waiting' }));
  const approved = useQuery(queries.recoveryRequests({ limit: 200, state: 'approved' }));
  const escrow = useQuery(queries.escrow());
  return (
    <Page
      title="Recovery"
      lead="Keys that open an encrypted disk when nothing else does. One person asks, another approves with the passphrase, and the first sees the key once."
    >
      <Stack gap="md">
        <Panel title="Open requests" note="Each ends by itself after an hour.">
          <Loaded query={waiting}>
            {(found) => {
              const open = [...found.items, ...(approved.data?.items ?? [])];
              return open.length > 0 ? (
                <OpenRecoveryRequests requests={open} />
              ) : (
                <Empty icon={IconKey} title="Nobody asks for a key">
                  To ask for one, open the page of the device and choose “Ask for it…”.
                </Empty>
              );
            }}
          </Loaded>
        </Panel>
        <Loaded query={escrow}>{(found) => <EscrowPanel escrow={found} />}</Loaded>
        <History />
      </Stack>
    </Page>
  );
}

function History() {
  const { page = 1, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const history = useQuery(queries.recoveryRequests({ limit, cursor }));
  return (
    <Panel title="History" note="Every request there ever was.">
      <Loaded query={history}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <RecoveryHistory requests={found.items} />
            ) : (
              <Text size="sm" c="dimmed">
                Nobody has asked yet.
              </Text>
            )}
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: to ?? {} })} />
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}
