import { Button } from '@mantine/core';
import { IconCheck, IconRotate } from '@tabler/icons-react';
import type { RefObject } from 'react';
import type { TicketView } from '../../../../../shared/api/schemas.ts';
import { isOver } from '../../ticket-words.ts';
import { useChangeTicket } from './use-change-ticket.ts';

interface Props {
  ticket: TicketView;
  button: RefObject<HTMLButtonElement | null>;
}

/** Resolves the ticket, or opens it again. */
export function ResolveButton({ ticket, button }: Props) {
  const over = isOver(ticket);
  const change = useChangeTicket(ticket, over ? 'The ticket is open again.' : 'The ticket is resolved.');
  return (
    <Button
      ref={button}
      variant={over ? 'default' : 'filled'}
      leftSection={over ? <IconRotate size={16} /> : <IconCheck size={16} />}
      loading={change.isPending}
      onClick={() => change.mutate({ status: over ? 'open' : 'resolved' })}
    >
      {over ? 'Open again' : 'Resolve'}
    </Button>
  );
}
