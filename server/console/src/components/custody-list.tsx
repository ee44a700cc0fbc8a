import { Group, Text } from '@mantine/core';
import type { CustodyView } from '../../../../shared/api/schemas.ts';
import { custodyWords } from '../words.ts';
import classes from './event-list.module.css';
import { TextLink } from './links.tsx';
import { Tag } from './tag.tsx';
import { When } from './when.tsx';

/** Custody rows, newest first; `show` says which side the page is not about. */
export function CustodyList({ custody, show }: { custody: readonly CustodyView[]; show: 'device' | 'person' }) {
  if (custody.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {show === 'person' ? 'It has not been handed to anybody yet.' : 'Nothing has been handed over yet.'}
      </Text>
    );
  return (
    <ol className={classes.events}>
      {custody.map((row) => (
        <li key={row.id} className={classes.event}>
          <Group gap={8}>
            {show === 'person' ? (
              <TextLink to="/people/$id" params={{ id: row.person.id }} size="sm">
                {row.person.name}
              </TextLink>
            ) : (
              <TextLink to="/devices/$id" params={{ id: row.device.id }} size="sm">
                {row.device.name}
              </TextLink>
            )}
            <Tag tone={row.endedAt ? 'plain' : 'good'}>{row.endedAt ? 'Ended' : custodyWords[row.kind]}</Tag>
          </Group>
          <Text size="xs" c="dimmed" component="div">
            <When at={row.startsAt} as="date" /> – {row.endedAt ? <When at={row.endedAt} as="date" /> : 'now'}
            {row.endReason ? ` · ${row.endReason}` : ''}
          </Text>
        </li>
      ))}
    </ol>
  );
}
