import { Button, Stack, Text } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Leaver } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { auditQueries } from '../../audit-queries.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { Rows } from '../../components/rows.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';

/** People who have left, and of whom something is still kept. */
export function Leavers() {
  const [search, setSearch] = useState<string>();
  const [erasing, setErasing] = useState<Leaver>();
  const found = useQuery(auditQueries.leavers({ limit: 50, ...(search && { search }) }));
  return (
    <Panel
      title="People who have left"
      note="What is kept of somebody who left the roster can be removed for good: an owner does so, after proving who they are."
    >
      <SearchField label="Search by name, user name or roster id" value={search} onChange={setSearch} />
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconUserOff} title="Nobody">
              {search ? 'Nobody who has left is called that.' : 'Everybody who is known is in the roster.'}
            </Empty>
          ) : (
            <Rows
              label="People who have left"
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Name', main: true, cell: ({ name }) => name },
                { title: 'User name', cell: ({ username }) => username },
                { title: 'Left', cell: ({ leftAt }) => <When at={leftAt} /> },
                {
                  title: 'Erase',
                  align: 'right',
                  cell: (leaver) => (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Erase ${leaver.name}`}
                      onClick={() => setErasing(leaver)}
                    >
                      Erase…
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {erasing ? <EraseDialog leaver={erasing} onClose={() => setErasing(undefined)} /> : null}
    </Panel>
  );
}

function EraseDialog({ leaver: { id, name, username }, onClose }: { leaver: Leaver; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const erase = useAct({
    act: () => call('erasePerson', { params: { id }, body: { reason, username } }),
    done: ({ events }) => `Erased, with the names in ${events.toLocaleString('en')} rows of the audit.`,
    stale: ['audit', 'events', 'people'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Erase ${name}`}
      action="Erase for good"
      dangerous
      typed={username}
      unfinished={reason.trim().length < 10}
      onConfirm={() => erase.mutate(undefined)}
      busy={erase.isPending}
      error={erase.error}
    >
      <Stack gap="sm">
        <Text size="sm">
          Records, tickets, verdicts and waivers go, and the audit forgets the name. Devices keep when they were held,
          by nobody. This cannot be undone.
        </Text>
        <ReasonField
          description="The audit keeps it. Do not name the person."
          value={reason}
          minLength={10}
          onChange={setReason}
        />
      </Stack>
    </ConfirmDialog>
  );
}
