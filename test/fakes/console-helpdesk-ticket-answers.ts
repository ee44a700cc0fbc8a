import type { ticketRoutes } from '../../shared/api/routes/tickets.ts';
import type { HelpdeskSettings, TicketNote, TicketSummary, TicketView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, devices, people } from './console-district.ts';
import { helpdeskSettings, technicians, ticketViews } from './console-helpdesk-tickets.ts';
import { pageOf } from './console-pages.ts';

const me = technicians[0] ?? { id: 'staff1', name: 'Ada Byrne' };
const unsolved: readonly string[] = ['new', 'open', 'waiting'];

/** Tickets that are written, answered and solved, as the server would have them. */
export function ticketAnswers(): Pick<Answers, keyof typeof ticketRoutes> {
  const views = new Map(ticketViews().map((view) => [view.id, view]));
  let settings: HelpdeskSettings = helpdeskSettings;
  const found = (id: string): TicketView => {
    const view = views.get(id);
    if (!view) throw new CodedError('not-found');
    return view;
  };
  const keep = (view: TicketView): TicketView => {
    const changed = { ...view, version: view.version + 1, changedAt: ago(0) };
    views.set(view.id, changed);
    return changed;
  };
  return {
    listTickets: ({ query }) => pageOf([...views.values()].filter(asks(query)).map(summaryOf), query),
    createTicket: ({ body }) => {
      const device = devices.find(({ id }) => id === body.deviceId);
      const person = people.find(({ id }) => id === body.personId);
      const first = found('t1213');
      const made: TicketView = {
        ...first,
        ...{ id: 't1300', number: 1300, version: 1, subject: body.subject, words: body.words ?? '' },
        ...{ category: body.category, priority: body.priority ?? 'normal', status: 'new', source: 'console' },
        device: device ? { id: device.id, name: device.name } : null,
        person: person ? { id: person.id, name: person.name } : null,
        ...{ assignee: null, notes: [], related: [], openedAt: ago(0), changedAt: ago(0) },
      };
      views.set(made.id, made);
      return made;
    },
    readTicket: ({ params }) => found(params.id),
    changeTicket: ({ params, body }) => {
      const view = found(params.id);
      const { version, assigneeId, deviceId: _, personId: __, ...change } = body;
      if (version !== view.version) throw new CodedError('conflict');
      const assignee = technicians.find(({ id }) => id === assigneeId) ?? null;
      return keep({ ...view, ...change, ...(assigneeId === undefined ? {} : { assignee }) });
    },
    noteTicket: ({ params, body }) => {
      const view = found(params.id);
      const note: TicketNote = {
        ...{ id: 100 + view.notes.length, at: ago(0), by: me.name, words: body.words, isToPerson: body.isToPerson },
        mail: body.isToPerson && view.email ? 'queued' : null,
      };
      const resolves = view.fixes.find(({ id }) => id === body.fixId)?.resolves ?? false;
      return keep({ ...view, notes: [...view.notes, note], ...(resolves ? { status: 'resolved' as const } : {}) });
    },
    listTechnicians: () => ({ items: technicians }),
    intakeTicket: () => ({ id: 't1213', number: 1213, isNew: false }),
    readHelpdeskSettings: () => settings,
    saveHelpdeskSettings: ({ body }) => {
      if (body.version !== settings.version) throw new CodedError('conflict');
      const { password, ...mail } = body.mail ?? {};
      const hasPassword = password !== undefined || settings.mail?.hasPassword === true;
      settings = {
        ...body,
        version: body.version + 1,
        mail: body.mail ? { ...body.mail, ...mail, hasPassword } : null,
      };
      if (settings.mail) delete settings.mail.password;
      return settings;
    },
    testHelpdeskMail: () => ({ done: true }),
  };
}

type Query = Parameters<Answers['listTickets']>[0]['query'];

function asks({ status = 'unsolved', category, priority, assignee, device, person, search = '' }: Query) {
  return (view: TicketView): boolean =>
    (status === 'all' || (status === 'unsolved' ? unsolved.includes(view.status) : view.status === status)) &&
    (category ?? view.category) === view.category &&
    (priority ?? view.priority) === view.priority &&
    isOf(view, assignee) &&
    (device === undefined || view.device?.id === device) &&
    (person === undefined || view.person?.id === person) &&
    `${view.number} ${view.subject} ${view.person?.name}`.toLowerCase().includes(search.toLowerCase());
}

function isOf({ assignee }: TicketView, asked: string | undefined): boolean {
  if (asked === undefined) return true;
  return asked === 'nobody' ? assignee === null : assignee?.id === (asked === 'me' ? me.id : asked);
}

function summaryOf(view: TicketView): TicketSummary {
  const { version, words, openedBy, email, custody, notes, fixes, related, ...summary } = view;
  return summary;
}
