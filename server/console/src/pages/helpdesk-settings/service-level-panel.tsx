import { Text } from '@mantine/core';
import { type HelpdeskSettings, type TicketPriority, ticketPriorities } from '../../../../../shared/api/schemas.ts';
import { NumberField } from '../../components/number-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { fromHours, toHours } from '../../helpdesk-form.ts';
import { priorityWords } from '../../ticket-words.ts';

type ServiceLevel = HelpdeskSettings['serviceLevel'];

interface Props {
  serviceLevel: ServiceLevel;
  onChange: (serviceLevel: ServiceLevel) => void;
}

const promises = [
  { part: 'firstReplyMinutes', title: 'First reply within' },
  { part: 'resolutionMinutes', title: 'Solution within' },
] as const;

/** What is promised by priority, most urgent first. */
export function ServiceLevelPanel({ serviceLevel, onChange }: Props) {
  const columns: readonly Column<TicketPriority>[] = [
    { title: 'Priority', main: true, cell: (priority) => <b>{priorityWords[priority].label}</b> },
    ...promises.map(
      ({ part, title }): Column<TicketPriority> => ({
        title,
        cell: (priority) => (
          <NumberField
            aria-label={`${priorityWords[priority].label}: ${title.toLowerCase()}`}
            suffix=" h"
            decimalScale={2}
            maw={150}
            value={toHours(serviceLevel[priority][part])}
            onChange={(hours) =>
              onChange({ ...serviceLevel, [priority]: { ...serviceLevel[priority], [part]: fromHours(hours) } })
            }
          />
        ),
      }),
    ),
  ];
  return (
    <Panel
      title="Service levels"
      note="Counted in the school hours of the calendar; an empty field promises nothing. The clock to a solution stands while a ticket waits."
    >
      <Rows
        label="Service levels"
        rows={[...ticketPriorities].reverse()}
        keyOf={(priority) => priority}
        columns={columns}
      />
      <Text size="xs" c="dimmed">
        A change counts for tickets that are opened or whose priority changes from now on.
      </Text>
    </Panel>
  );
}
