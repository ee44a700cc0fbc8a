import { SimpleGrid, Stack } from '@mantine/core';
import { IconChalkboardTeacher } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { ClassView, OverrideInput } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Filters } from '../../components/filters.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { OrgSelect } from '../../components/org-select.tsx';
import { OverrideDialog } from '../../components/override-dialog.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { ClassesSearch } from '../../filter-routes.tsx';
import { queries } from '../../queries.ts';
import { ClassCard } from './class-card.tsx';

const route = getRouteApi('/shell/classes');
const limit = 24;

interface Chosen {
  group: ClassView;
  kind: OverrideInput['kind'];
}

export function ClassesPage() {
  const { page = 1, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const classes = useQuery(queries.classes({ ...filters, limit }));
  const [chosen, setChosen] = useState<Chosen>();
  const filter = (change: ClassesSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  return (
    <Page
      title="Classes"
      lead="Open or close sites for one class until the lesson ends. Every student of the class is reached, wherever they sit."
    >
      <Filters>
        <SearchField
          label="Search by class or teacher"
          value={filters.search}
          onChange={(search) => filter({ search })}
        />
        <OrgSelect value={filters.org} onChange={(org) => filter({ org })} />
      </Filters>
      <Loaded query={classes}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
                {found.items.map((group) => (
                  <ClassCard key={group.id} group={group} onChoose={(kind) => setChosen({ group, kind })} />
                ))}
              </SimpleGrid>
            ) : (
              <NoClass narrowed={filters.search !== undefined || filters.org !== undefined} />
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
      {chosen ? (
        <OverrideDialog
          opened
          target={{ kind: 'class', id: chosen.group.id }}
          name={chosen.group.title}
          kind={chosen.kind}
          lessonEnds={chosen.group.periodEnds}
          onClose={() => setChosen(undefined)}
        />
      ) : null}
    </Page>
  );
}

function NoClass({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <Empty
      icon={IconChalkboardTeacher}
      title="No class matches"
      action={
        <ButtonLink to="/classes" search={{}} variant="default">
          Clear the filters
        </ButtonLink>
      }
    >
      Search for part of the title or of the teacher’s name.
    </Empty>
  ) : (
    <Empty
      icon={IconChalkboardTeacher}
      title="No classes yet"
      action={<ButtonLink to="/import">Import a roster</ButtonLink>}
    >
      Classes come with the roster from OneRoster.
    </Empty>
  );
}
