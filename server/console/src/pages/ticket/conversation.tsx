import { Text } from '@mantine/core';
import { IconMail, IconMailOff, IconNote } from '@tabler/icons-react';
import type { TicketNote, TicketView } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import { When } from '../../components/when.tsx';
import { mailWords } from '../../ticket-words.ts';
import { actorWords } from '../../words.ts';
import { Composer } from './composer.tsx';
import classes from './conversation.module.css';
import type { TicketDesk } from './use-ticket-desk.ts';

/** What was told, what was said of it since, and what is being written. */
export function Conversation({ ticket, desk }: { ticket: TicketView; desk: TicketDesk }) {
  return (
    <Panel title="Conversation">
      <ol className={classes.notes} aria-label="Conversation">
        <li className={classes.note} data-told>
          <Text size="xs" c="dimmed" component="div">
            {actorWords(ticket.openedBy)} · <When at={ticket.openedAt} as="moment" />
          </Text>
          <p>{ticket.words.trim() === '' ? ticket.subject : ticket.words}</p>
        </li>
        {ticket.notes.map((note) => (
          <Note key={note.id} note={note} />
        ))}
      </ol>
      <Composer ticket={ticket} desk={desk} />
    </Panel>
  );
}

function Note({ note: { at, by, words, isToPerson, mail } }: { note: TicketNote }) {
  const failed = mail === 'failed';
  const Sign = isToPerson ? (failed ? IconMailOff : IconMail) : IconNote;
  return (
    <li className={classes.note} data-to-person={isToPerson || undefined}>
      <Text size="xs" c="dimmed" component="div">
        <Sign size={14} aria-hidden="true" className={classes.sign ?? ''} />
        {actorWords(by)} · <When at={at} as="moment" /> · {isToPerson ? 'to the person' : 'for staff'}
      </Text>
      <p>{words}</p>
      {mail === null ? null : (
        <Text size="xs" c={failed ? 'var(--verdict-noncompliant-text)' : 'dimmed'}>
          {mailWords[mail]}
        </Text>
      )}
    </li>
  );
}
