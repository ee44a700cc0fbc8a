import { Stack } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { commandStates } from '../../../../../shared/api/schemas.ts';
import { commandStateWords } from '../../command-words.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { CommandTable } from './command-table.tsx';

const route = getRouteApi('/shell/commands');
const limit = 50;
const states = commandStates.map((value) => ({ value, label: commandStateWords[value].label }));

export function CommandsPage() {
  const { page = 1, cursor, state } = route.useSearch();
  const navigate = route.useNavigate();
  const commands = useQuery(helpdeskQueries.commands({ limit, cursor, state }));
  return (
    <Page
      title="Commands"
      lead="What devices were told to do: signed, expiring, and with what each of them answered."
      actions={
        <FilterSelect
          label="State"
          any="All commands"
          value={state}
          options={states}
          onChange={(next) => void navigate({ search: { state: next }, replace: true })}
        />
      }
    >
      <Loaded query={commands}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <CommandTable commands={found.items} />
            ) : (
              <Empty
                icon={IconBolt}
                title={state === undefined ? 'No device has been told to do anything yet' : 'No command is among these'}
                action={
                  <ButtonLink to="/devices" variant="default">
                    Choose devices
                  </ButtonLink>
                }
              >
                Open a ticket and choose “Actions”, or choose devices in their list.
              </Empty>
            )}
            <Pager {...{ page, limit, found }} onGo={(to) => void navigate({ search: { state, ...to } })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
