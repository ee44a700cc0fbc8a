import { Button, Group, Select, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { CalendarView } from '../../../../../shared/api/schemas.ts';
import { freshCalendar } from '../../../../../shared/calendar/fresh.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { queries } from '../../queries.ts';
import { CalendarEditor } from './calendar-editor.tsx';
import { DeleteCalendarDialog } from './delete-calendar-dialog.tsx';

const route = getRouteApi('/shell/calendar');
const district = 'district';

export function CalendarPage() {
  const calendars = useQuery(queries.calendars());
  const { org = district } = route.useSearch();
  return (
    <Page
      title="Calendar"
      lead="School days and bell times. Schedules of the web filter follow it on every device, also without a network."
    >
      <Loaded query={calendars}>{({ items }) => <Chosen calendars={items} org={org} />}</Loaded>
    </Page>
  );
}

function Chosen({ calendars, org }: { calendars: readonly CalendarView[]; org: string }) {
  const own = calendars.find(({ orgId }) => (orgId ?? district) === org);
  const above = calendars.find(({ orgId }) => orgId === null);
  const navigate = route.useNavigate();
  const [deleting, dialog] = useDisclosure();
  const begin = above?.calendar ?? freshCalendar(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <Stack gap="md">
      <Group align="flex-end" gap="xs">
        <UnitSelect
          calendars={calendars}
          value={org}
          onChange={(next) => void navigate({ search: next === district ? {} : { org: next } })}
        />
        {own?.orgId ? (
          <Button variant="default" onClick={dialog.open}>
            Delete this calendar…
          </Button>
        ) : null}
      </Group>
      <CalendarEditor key={org} org={org} view={own} begin={begin} />
      {own?.orgId ? (
        <DeleteCalendarDialog
          opened={deleting}
          view={own}
          onClose={dialog.close}
          onDeleted={() => void navigate({ search: {} })}
        />
      ) : null}
    </Stack>
  );
}

interface UnitProps {
  calendars: readonly CalendarView[];
  value: string;
  onChange: (org: string) => void;
}

/** Units with a calendar of their own, and those that follow the one above. */
function UnitSelect({ calendars, value, onChange }: UnitProps) {
  const orgs = useQuery(queries.orgs());
  const withOwn = new Set(calendars.map(({ orgId }) => orgId));
  const units = (orgs.data?.items ?? []).filter(({ type }) => type !== 'district');
  const optionsOf = (own: boolean) =>
    units.filter(({ id }) => withOwn.has(id) === own).map(({ id, name }) => ({ value: id, label: name }));
  const named = calendars.filter(({ orgId }) => orgId !== null && !units.some(({ id }) => id === orgId));
  return (
    <Select
      label="Calendar of"
      w={{ base: '100%', xs: 380 }}
      searchable
      allowDeselect={false}
      value={value}
      data={[
        { group: 'Everybody', items: [{ value: district, label: 'The district' }] },
        {
          group: 'With a calendar of their own',
          items: [...optionsOf(true), ...named.map(({ orgId, orgName }) => ({ value: orgId ?? '', label: orgName }))],
        },
        { group: 'Follow the one above', items: optionsOf(false) },
      ].filter(({ items }) => items.length > 0)}
      onChange={(next) => next && onChange(next)}
      nothingFoundMessage="No unit of that name"
    />
  );
}
