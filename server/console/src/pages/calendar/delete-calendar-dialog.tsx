import { Text } from '@mantine/core';
import type { CalendarView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAct } from '../../components/use-act.ts';

interface Props {
  view: CalendarView;
  opened: boolean;
  onClose: () => void;
  onDeleted: () => void;
}

export function DeleteCalendarDialog({ view, opened, onClose, onDeleted }: Props) {
  const remove = useAct({
    act: () => call('deleteCalendar', { params: { org: view.orgId ?? 'district' } }),
    done: `${view.orgName} follows the calendar above it from now on.`,
    stale: ['calendars'],
    onDone: () => {
      onClose();
      onDeleted();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete the calendar of ${view.orgName}`}
      action="Delete the calendar"
      dangerous
      onConfirm={() => remove.mutate()}
      busy={remove.isPending}
      error={remove.error}
    >
      <Text size="sm">
        The calendar above it holds there from then on: the one of the unit it belongs to, or the district’s.
      </Text>
    </ConfirmDialog>
  );
}
