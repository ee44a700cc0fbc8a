import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiTokenView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { useAct } from '../../components/use-act.ts';
import { interfaceQueries } from '../../interface-queries.ts';
import { ApiTokenTable } from './api-token-table.tsx';
import { CreateApiTokenDialog } from './create-api-token-dialog.tsx';

const route = getRouteApi('/shell/api-tokens');
const limit = 50;

export function ApiTokensPage() {
  const { page = 1, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const tokens = useQuery(interfaceQueries.apiTokens({ limit, cursor }));
  const [creating, dialog] = useDisclosure();
  const [revoking, setRevoking] = useState<ApiTokenView>();
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
      New API token
    </Button>
  );
  return (
    <Page
      title="API tokens"
      lead={
        <>
          What programs show instead of a password. Each may do only what it was made for. See{' '}
          <Anchor href="/docs" size="sm">
            the interface itself
          </Anchor>
          .
        </>
      }
      actions={create}
    >
      <Loaded query={tokens}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <ApiTokenTable tokens={found.items} onRevoke={setRevoking} />
            ) : (
              <Empty icon={IconRobot} title="No program has a token yet" action={create}>
                Make one for each program, so that one can be revoked without the others.
              </Empty>
            )}
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: to ?? {} })} />
          </Stack>
        )}
      </Loaded>
      <CreateApiTokenDialog opened={creating} onClose={dialog.close} />
      <RevokeDialog token={revoking} onClose={() => setRevoking(undefined)} />
    </Page>
  );
}

function RevokeDialog({ token, onClose }: { token: ApiTokenView | undefined; onClose: () => void }) {
  const revoke = useAct({
    act: (id: string) => call('revokeApiToken', { params: { id } }),
    done: 'The API token is revoked.',
    stale: ['api-tokens'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened={token !== undefined}
      onClose={onClose}
      title="Revoke this API token"
      action="Revoke it"
      dangerous
      onConfirm={() => token && revoke.mutate(token.id)}
      busy={revoke.isPending}
      error={revoke.error}
    >
      <Text size="sm">The program that uses “{token?.name}” is refused from now on. This cannot be undone.</Text>
    </ConfirmDialog>
  );
}
