import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconQrcode } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TokenView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { queries } from '../../queries.ts';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { RevokeTokenDialog } from './revoke-token-dialog.tsx';
import { TokenTable } from './token-table.tsx';

export function EnrolmentPage() {
  const tokens = useQuery(queries.tokens());
  const [creating, dialog] = useDisclosure();
  const [revoked, setRevoked] = useState<TokenView>();
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
      New token
    </Button>
  );
  return (
    <Page
      title="Enrolment"
      lead="A token lets devices join. It carries the server's address and its fingerprint, so a device cannot be led astray."
      actions={create}
    >
      <Loaded query={tokens}>
        {({ items }) =>
          items.length > 0 ? (
            <TokenTable tokens={items} onRevoke={setRevoked} />
          ) : (
            <Empty icon={IconQrcode} title="No tokens yet" action={create}>
              Make one, then type the command it gives you on the device.
            </Empty>
          )
        }
      </Loaded>
      <Text size="sm" c="dimmed">
        Devices that wait for approval are on the{' '}
        <TextLink to="/devices" search={{ status: 'held' }}>
          Devices page
        </TextLink>
        .
      </Text>
      <CreateTokenDialog opened={creating} onClose={dialog.close} />
      <RevokeTokenDialog token={revoked} onClose={() => setRevoked(undefined)} />
    </Page>
  );
}
