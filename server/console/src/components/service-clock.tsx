import { Text, Tooltip } from '@mantine/core';
import type { ServiceClock as Clock, TicketSummary } from '../../../../shared/api/schemas.ts';
import { clockWords, isOver, nextClock } from '../ticket-words.ts';
import { absoluteTime } from '../time.ts';
import { Tag } from './tag.tsx';

/** One promise in words, with its instant on hover. */
export function ServiceClock({ clock }: { clock: Clock }) {
  const { words, tone } = clockWords(clock);
  const at = clock.metAt ?? clock.dueAt;
  const tag = (
    <Tag tone={tone} keepsLine>
      {words}
    </Tag>
  );
  if (at === null) return tag;
  const label = `${clock.metAt === null ? 'Due' : 'Done'} ${absoluteTime(Date.parse(at))}; counted in school hours`;
  return (
    <Tooltip label={label} multiline maw={280}>
      <span>{tag}</span>
    </Tooltip>
  );
}

/** The promise that matters now, in a list. */
export function NextClock({ ticket }: { ticket: TicketSummary }) {
  if (isOver(ticket)) return <ServiceClock clock={ticket.resolution} />;
  const { of, clock } = nextClock(ticket);
  return (
    <div>
      <ServiceClock clock={clock} />
      {clock.state === 'none' ? null : (
        <Text size="xs" c="dimmed">
          {of}
        </Text>
      )}
    </div>
  );
}
