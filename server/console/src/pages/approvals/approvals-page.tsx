import { SegmentedControl, Stack } from '@mantine/core';
import { IconWritingSign } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import type { ApprovalsSearch } from '../../helpdesk-routes.tsx';
import { ApprovalTable } from './approval-table.tsx';

const route = getRouteApi('/shell/approvals');
const limit = 50;

export function ApprovalsPage() {
  const { page = 1, cursor, state } = route.useSearch();
  const navigate = route.useNavigate();
  const approvals = useQuery(helpdeskQueries.approvals({ limit, cursor, state: state ?? 'open' }));
  return (
    <Page
      title="Approvals"
      lead="What two people sign with their passkeys. Devices check the signatures themselves: this server cannot do without them."
      actions={
        <SegmentedControl
          aria-label="Which approvals"
          value={state ?? 'open'}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'over', label: 'Over' },
            { value: 'all', label: 'All' },
          ]}
          onChange={(next) =>
            void navigate({
              search: next === 'open' ? {} : { state: next as ApprovalsSearch['state'] },
              replace: true,
            })
          }
        />
      }
    >
      <Loaded query={approvals}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <ApprovalTable approvals={found.items} />
            ) : (
              <Empty
                icon={IconWritingSign}
                title={state === undefined ? 'Nothing waits for a signature' : 'Nothing is among these'}
              >
                Locking, wiping and lost mode, publishing a script, reading a recovery key, commands to many devices and
                changes of the approvers come here.
              </Empty>
            )}
            <Pager {...{ page, limit, found }} onGo={(to) => void navigate({ search: { state, ...to } })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
