import { Text } from '@mantine/core';
import type { EventView } from '../../../../shared/api/schemas.ts';
import { actorWords } from '../words.ts';
import classes from './event-list.module.css';
import { TextLink } from './links.tsx';
import { When } from './when.tsx';

interface Props {
  events: readonly EventView[];
  /** Id of the subject whose page this is: it need not be named again. */
  about?: string;
}

/** What happened, newest first; names are looked up by the server when shown. */
export function EventList({ events, about }: Props) {
  return (
    <ol className={classes.events}>
      {events.map((event) => (
        <li key={event.id} className={classes.event}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {event.words}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            <When at={event.at} />
            {isByItself(event) ? null : ` · ${actorWords(event.actor)}`}
            {event.subject?.id === about ? null : <Subject subject={event.subject} />}
          </Text>
        </li>
      ))}
    </ol>
  );
}

/** What a device did to itself names it once. */
function isByItself({ actor, subject }: EventView): boolean {
  return subject?.kind === 'device' && actor === `device:${subject.name}`;
}

function Subject({ subject }: Pick<EventView, 'subject'>) {
  // A subject that is gone has no name of its own any more.
  if (!subject?.name || subject.name === subject.id) return null;
  const { kind, id, name } = subject;
  const link =
    kind === 'device' ? (
      <TextLink to="/devices/$id" params={{ id }} size="xs">
        {name}
      </TextLink>
    ) : kind === 'person' ? (
      <TextLink to="/people/$id" params={{ id }} size="xs">
        {name}
      </TextLink>
    ) : kind === 'profile' ? (
      <TextLink to="/profiles/$id" params={{ id }} size="xs">
        {name}
      </TextLink>
    ) : (
      name
    );
  return <> · {link}</>;
}
