import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StaffAccount } from '../../../../../shared/api/schemas.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { staffQueries } from '../../staff-queries.ts';
import { useMay } from '../../use-may.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { ActDialog, PasswordDialog, RolesDialog } from './staff-dialogs.tsx';
import { type Asked, StaffTable } from './staff-table.tsx';

export function StaffPage() {
  const staff = useQuery(staffQueries.staff());
  const may = useMay();
  const [inviting, dialog] = useDisclosure();
  const [asked, setAsked] = useState<{ account: StaffAccount; what: Asked }>();
  const isManager = may('saveStaffGrants');
  const close = () => setAsked(undefined);
  return (
    <Page
      title="Staff and roles"
      lead="Who may sign in, what they may do, and where. A role for a school reaches that school and what lies below it."
      actions={
        isManager ? (
          <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
            Add somebody
          </Button>
        ) : null
      }
    >
      <Loaded query={staff}>
        {({ items }) => (
          <StaffTable accounts={items} onAsk={isManager ? (account, what) => setAsked({ account, what }) : undefined} />
        )}
      </Loaded>
      <InviteDialog opened={inviting} onClose={dialog.close} />
      {asked ? <AskedDialog {...asked} onClose={close} /> : null}
    </Page>
  );
}

function AskedDialog({ account, what, onClose }: { account: StaffAccount; what: Asked; onClose: () => void }) {
  if (what === 'roles') return <RolesDialog account={account} onClose={onClose} />;
  if (what === 'password') return <PasswordDialog account={account} onClose={onClose} />;
  return <ActDialog account={account} act={what} onClose={onClose} />;
}
