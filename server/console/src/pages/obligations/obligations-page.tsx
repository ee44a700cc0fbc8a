import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSignature } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { obligationKinds } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ObligationTable } from '../../components/obligation-table.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { obligationWords } from '../../obligation-form.ts';
import { queries } from '../../queries.ts';
import type { ObligationsSearch } from '../../step-routes.tsx';
import { AskDialog } from './ask-dialog.tsx';
import { SignatureDialog } from './signature-dialog.tsx';

const route = getRouteApi('/shell/obligations');
const limit = 50;

export function ObligationsPage() {
  const { page = 1, cursor, state, kind, search } = route.useSearch();
  const navigate = route.useNavigate();
  const obligations = useQuery(queries.obligations({ limit, cursor, kind, search, state: state ?? 'open' }));
  const filter = (change: ObligationsSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  return (
    <Page
      title="Agreements and returns"
      lead="What people owe. Whoever has not done it when it is due does not comply, whatever their devices say."
      actions={<Actions />}
    >
      <Filters>
        <SearchField label="Search by person or title" value={search} onChange={(next) => filter({ search: next })} />
        <FilterSelect
          label="Kind"
          any="Any kind"
          value={kind}
          options={obligationKinds.map((value) => ({ value, label: obligationWords[value] }))}
          onChange={(next) => filter({ kind: next })}
        />
        <FilterSelect
          label="Which"
          any="Open"
          value={state}
          options={[
            { value: 'overdue', label: 'Overdue' },
            { value: 'ended', label: 'Past' },
          ]}
          onChange={(next) => filter({ state: next })}
        />
      </Filters>
      <Loaded query={obligations}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <ObligationTable obligations={found.items} withPerson />
            ) : (
              <Empty icon={IconSignature} title={emptyWords[state ?? 'open']}>
                Choose “Ask…” to have an agreement signed or devices brought back.
              </Empty>
            )}
            <Pager
              page={page}
              limit={limit}
              found={found}
              onGo={(to) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...to }) })}
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

const emptyWords = { open: 'Nobody owes anything', overdue: 'Nothing is overdue', ended: 'Nothing is past yet' };

function Actions() {
  const [asks, asking] = useDisclosure();
  const [imports, importing] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={importing.open}>
        Import who signed
      </Button>
      <Button onClick={asking.open}>Ask…</Button>
      <AskDialog opened={asks} onClose={asking.close} />
      <SignatureDialog opened={imports} onClose={importing.close} />
    </>
  );
}
