import { Group } from '@mantine/core';
import type { TicketView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { ticketStatusWords } from '../../ticket-words.ts';

/** Other open tickets of the same device or person. */
export function RelatedTickets({ ticket: { related } }: { ticket: TicketView }) {
  if (related.length === 0) return null;
  return (
    <Panel title="Related tickets" note="Of the same device or person.">
      {related.map(({ id, number, subject, status }) => (
        <Group key={id} gap={8}>
          <TextLink to="/tickets/$id" params={{ id }} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {number} {subject}
          </TextLink>
          <Tag tone={ticketStatusWords[status].tone}>{ticketStatusWords[status].label}</Tag>
        </Group>
      ))}
    </Panel>
  );
}
