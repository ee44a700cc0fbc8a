import { IconDeviceLaptopOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { TicketView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { KeysHelp } from '../../components/keys-help.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { sourceWords, ticketStatusWords } from '../../ticket-words.ts';
import { actorWords } from '../../words.ts';
import { Cockpit } from '../cockpit/cockpit.tsx';
import { cockpitKeys, useCockpit } from '../cockpit/use-cockpit.ts';
import { Conversation } from './conversation.tsx';
import { NameDevice } from './name-device.tsx';
import { RelatedTickets } from './related-tickets.tsx';
import { ResolveButton } from './resolve-button.tsx';
import { TicketFields } from './ticket-fields.tsx';
import classes from './ticket-page.module.css';
import { ticketKeys, useTicketDesk } from './use-ticket-desk.ts';

const route = getRouteApi('/shell/tickets/$id');
const parent = { to: '/tickets', label: 'Tickets' } as const;

/** One ticket with its device: whatever the common ticket needs, without leaving the page. */
export function TicketPage() {
  const { id } = route.useParams();
  const ticket = useQuery(helpdeskQueries.ticket(id));
  if (ticket.data) return <Desk key={id} ticket={ticket.data} />;
  return (
    <Page title="Ticket" parent={parent}>
      <Loaded query={ticket}>{(view) => <Desk key={id} ticket={view} />}</Loaded>
    </Page>
  );
}

function Desk({ ticket }: { ticket: TicketView }) {
  const navigate = useNavigate();
  const desk = useTicketDesk();
  const cockpit = useCockpit();
  const { label, tone } = ticketStatusWords[ticket.status];
  const toQueue = { key: 'u', words: 'Back to the queue', act: () => void navigate({ to: '/tickets' }) };
  const keys = [...ticketKeys(desk), ...(ticket.device ? cockpitKeys(cockpit) : []), toQueue];
  return (
    <Page
      title={`${ticket.number} ${ticket.subject}`}
      parent={parent}
      badge={<Tag tone={tone}>{label}</Tag>}
      lead={<Origin ticket={ticket} />}
      actions={
        <>
          <KeysHelp keys={keys} />
          <ResolveButton ticket={ticket} button={desk.resolve} />
        </>
      }
    >
      <div className={classes.desk}>
        <div className={classes.talk}>
          <TicketFields ticket={ticket} desk={desk} />
          <Conversation ticket={ticket} desk={desk} />
          <RelatedTickets ticket={ticket} />
        </div>
        <section className={classes.device} aria-label="Device cockpit">
          {ticket.device ? (
            <Cockpit key={ticket.device.id} ticket={ticket} deviceId={ticket.device.id} view={cockpit} />
          ) : (
            <Panel title="The device">
              <Empty icon={IconDeviceLaptopOff} title="No device is named">
                <NameDevice ticket={ticket} />
              </Empty>
            </Panel>
          )}
        </section>
      </div>
    </Page>
  );
}

function Origin({ ticket: { openedBy, source, openedAt, org } }: { ticket: TicketView }) {
  return (
    <>
      Opened by {actorWords(openedBy)}, {sourceWords[source]}, <When at={openedAt} />
      {org ? ` · ${org.name}` : ''}
    </>
  );
}
