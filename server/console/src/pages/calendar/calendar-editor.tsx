import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendarQuestion, IconFileImport } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { CalendarView } from '../../../../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../../../../shared/calendar/calendar.ts';
import { ApiError, call } from '../../api.ts';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { queries } from '../../queries.ts';
import { absoluteTime } from '../../time.ts';
import { BellsEditor } from './bells-editor.tsx';
import { type CalendarPlace, type PlacedProblem, placed, problemsOf } from './calendar-form.ts';
import { ExceptionsEditor } from './exceptions-editor.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { RangesEditor } from './ranges-editor.tsx';
import { WeekEditor } from './week-editor.tsx';
import { YearView } from './year-view.tsx';

interface Props {
  /** The unit's id, or `district`. */
  org: string;
  /** Undefined: the unit has none of its own yet. */
  view: CalendarView | undefined;
  /** What a new calendar begins with. */
  begin: SchoolCalendar;
}

/** A whole calendar; nothing reaches devices until it is saved. */
export function CalendarEditor({ org, view, begin }: Props) {
  const client = useQueryClient();
  const edited = useEdited(view?.calendar ?? begin, view?.updatedAt ?? 'new');
  const calendar = edited.value;
  const save = useAct({
    act: () => call('saveCalendar', { params: { org }, body: { calendar } }),
    done: 'The calendar is saved. Devices follow it from now on.',
    stale: [],
    onDone: (saved) => {
      edited.take(saved.calendar, saved.updatedAt);
      void client.invalidateQueries({ queryKey: queries.calendars().queryKey });
    },
  });
  const [importing, imports] = useDisclosure();
  const here = problemsOf(calendar);
  const problems = here.length > 0 ? here : refusedBy(save.error);
  const at = (place: CalendarPlace) => problems.filter((problem) => problem.place === place);
  const bellNames = calendar.bells.map(({ name }) => name);
  return (
    <Stack gap="md">
      <Today view={view} org={org} />
      <Group>
        <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={imports.open}>
          Import…
        </Button>
      </Group>
      {importing ? (
        <ImportDialog
          org={org}
          calendar={calendar}
          dirty={edited.dirty}
          onTake={(taken) => {
            edited.set(taken);
            imports.close();
          }}
          onClose={imports.close}
        />
      ) : null}
      <YearView calendar={calendar} />
      <WeekEditor calendar={calendar} problemsAt={at} onChange={edited.set} />
      <BellsEditor calendar={calendar} problems={at('bells')} onChange={edited.set} />
      <Stack gap="md">
        <RangesEditor
          title="Terms"
          one="term"
          note="School is in these days. None: the whole year."
          ranges={calendar.terms}
          problems={at('terms')}
          onChange={(terms) => edited.set({ terms })}
        />
        <RangesEditor
          title="Holidays"
          one="holiday"
          note="No school, both days included."
          ranges={calendar.holidays}
          problems={at('holidays')}
          onChange={(holidays) => edited.set({ holidays })}
        />
        <ExceptionsEditor
          days={calendar.exceptions}
          bellNames={bellNames}
          problems={at('exceptions')}
          onChange={(exceptions) => edited.set({ exceptions })}
        />
        <RangesEditor
          title="Freezes"
          one="freeze"
          note="Exam days: nothing should change, and stricter schedules may hold."
          ranges={calendar.freezes}
          problems={at('freezes')}
          onChange={(freezes) => edited.set({ freezes })}
        />
      </Stack>
      <SaveBar
        edited={edited}
        fresh={view === undefined}
        problems={here.map(({ words }) => words)}
        saved={view ? 'As saved' : 'Not saved yet'}
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate()}
      />
    </Stack>
  );
}

const refusedBy = (error: Error | null): PlacedProblem[] =>
  error instanceof ApiError && error.code === 'bad-calendar' ? placed(error.details) : [];

function Today({ view, org }: { view: CalendarView | undefined; org: string }) {
  if (view)
    return (
      <Text role="status" title={absoluteTime(Date.parse(view.updatedAt))}>
        <b>Today:</b> {view.today}
      </Text>
    );
  return (
    <Alert
      variant="default"
      icon={<IconCalendarQuestion color="var(--verdict-silent)" />}
      title={org === 'district' ? 'There is no calendar yet' : 'This unit follows the calendar above it'}
    >
      <Text size="sm">
        {org === 'district'
          ? 'Until one is saved, schedules that go by school hours cannot be used.'
          : 'What you see is that calendar. Change and save it to give this unit one of its own.'}
      </Text>
    </Alert>
  );
}
