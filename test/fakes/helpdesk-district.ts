import { Bus } from '../../server/bus.ts';
import { AutomaticTickets } from '../../server/helpdesk/automatic.ts';
import { DeviceTickets } from '../../server/helpdesk/device-tickets.ts';
import { HelpRequests } from '../../server/helpdesk/help-requests.ts';
import { IntakeService } from '../../server/helpdesk/intake.ts';
import { MailService } from '../../server/helpdesk/mail.ts';
import type { MailOutcome, Message } from '../../server/helpdesk/mail-transport.ts';
import { DistrictHelpdeskSettings, type MailAccount } from '../../server/helpdesk/settings.ts';
import { TicketClocks } from '../../server/helpdesk/ticket-clocks.ts';
import { TicketDesk } from '../../server/helpdesk/ticket-desk.ts';
import { TicketService } from '../../server/helpdesk/ticket-service.ts';
import { createMetrics } from '../../server/metrics.ts';
import type { NewEvent } from '../../server/services.ts';
import { openStore } from '../../server/store/open.ts';
import { storesOn } from '../../server/store/stores.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { freshCalendar } from '../../shared/calendar/fresh.ts';
import { FakeClock, SeededRandom } from './clock.ts';
import { reportedBy } from './reported.ts';
import { addDevice, addPerson } from './rows.ts';

export type HelpdeskDistrict = Awaited<ReturnType<typeof openHelpdesk>>;

/** School from 08:00 to 15:00 on weekdays, in UTC. */
export const schoolWeek: SchoolCalendar = freshCalendar('UTC');

/** Sealed texts that can be told from open ones. */
export const fakeSealer = {
  seal: (text: string, about: string) => `sealed:${about}:${Buffer.from(text).toString('base64')}`,
  open: (sealed: string, about: string) => {
    const prefix = `sealed:${about}:`;
    if (!sealed.startsWith(prefix)) throw new Error('not sealed for this');
    return Buffer.from(sealed.slice(prefix.length), 'base64').toString();
  },
};

/**
 * A district with two schools, whose helpdesk works on a store of its own: Ada (Maple) holds `a`, Bob (Maple) `b`, Cy
 * (Cedar) `c`. `kim` and `lee` are staff. The clock stands on Monday 2026-10-05 at 09:00 UTC.
 */
export async function openHelpdesk() {
  const clock = new FakeClock(Date.UTC(2026, 9, 5, 9));
  const db = await openStore(':memory:');
  const stores = storesOn(db);
  const errors: unknown[] = [];
  const said: NewEvent[] = [];
  const onError = (error: unknown) => errors.push(error);
  const events = {
    add: async (event: NewEvent) => {
      said.push(event);
    },
  };
  const bus = new Bus(onError);
  const random = new SeededRandom(7);
  const metrics = createMetrics();
  const parts = { events, bus, clock, random, metrics, onError };
  const settings = new DistrictHelpdeskSettings({ documents: stores.documents, sealer: fakeSealer, ...parts });
  const desk = new TicketDesk({ stores, settings, district: 'Maple County', ...parts });
  const sent: { message: Message; account: MailAccount }[] = [];
  const mailServer: { outcome: MailOutcome } = { outcome: { kind: 'sent' } };
  const send = async (message: Message, account: MailAccount) => {
    if (mailServer.outcome.kind === 'sent') sent.push({ message, account });
    return mailServer.outcome;
  };
  const mail = new MailService({ store: stores.mailOutbox, settings, send, district: 'Maple County', ...parts });
  const helpRequests = new HelpRequests({ stores, desk, ...parts });
  const connected = new Set<string>();
  const isConnected = (id: string) => connected.has(id);
  const anotherAutomatic = () => new AutomaticTickets({ stores, settings, desk, isConnected, ...parts });
  const automatic = anotherAutomatic();
  const clocks = new TicketClocks({ stores, desk, ...parts });
  await seed(db);
  await stores.calendars.save(null, schoolWeek, clock.now());
  const sequences = new Map<string, number>();
  return {
    ...{
      stores,
      db,
      clock,
      bus,
      events,
      random,
      metrics,
      errors,
      said,
      settings,
      desk,
      sent,
      mailServer,
      mail,
      helpRequests,
      clocks,
      parts,
      automatic,
      anotherAutomatic,
      connected,
    },
    tickets: new TicketService(desk),
    intake: new IntakeService({ desk, senders: stores.ticketSenders }),
    ticketsAt: (at: number) =>
      new TicketService(
        new TicketDesk({ stores, settings, district: 'Maple County', ...parts, clock: { now: () => at } }),
      ),
    deviceTickets: new DeviceTickets({ stores, clock }),
    /** Saves the settings with a change. */
    configure: async (
      change: (was: Awaited<ReturnType<typeof settings.read>>) => Awaited<ReturnType<typeof settings.read>>,
    ) => await settings.save(change(await settings.read()), 'staff:Kim'),
    /** A batch of reports of one device, as the gateway commits it. */
    report: async (deviceId: string, records: Parameters<typeof stores.reports.commit>[0][number]['records']) => {
      const sequence = (sequences.get(deviceId) ?? 0) + 1;
      sequences.set(deviceId, sequence);
      await stores.reports.commit([{ deviceId, epoch: 'e', sequence, records }], clock.now());
      bus.publish(
        'reported',
        reportedBy(
          deviceId,
          records.map(({ kind }) => kind),
        ),
      );
      await turn();
    },
    codes: () => said.map(({ code }) => code),
    close: async () => {
      await automatic.stop();
      await mail.stop();
      await clocks.stop();
      await helpRequests.stop();
      await stores.close();
    },
  };
}

/** Listeners of the bus begin in the next turn. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function seed(db: Awaited<ReturnType<typeof openStore>>): Promise<void> {
  const unit = { identifier: null, active: 1 };
  await db
    .insertInto('org')
    .values([
      { id: 'district', sourced_id: 'D', name: 'Maple County', type: 'district', parent_id: null, ...unit },
      { id: 'maple', sourced_id: 'M', name: 'Maple', type: 'school', parent_id: 'district', ...unit },
      { id: 'cedar', sourced_id: 'C', name: 'Cedar', type: 'school', parent_id: 'district', ...unit },
    ])
    .execute();
  for (const [id, org] of [
    ['ada', 'maple'],
    ['bob', 'maple'],
    ['cy', 'cedar'],
  ] as const) {
    await addPerson(db, id, { org_id: org, given_name: id, family_name: 'Test', email: `${id}@maple.example` });
    const device = id.slice(0, 1);
    await addDevice(db, device, { serial: `SER-${device}`, enrolled_at: 0 });
    await db
      .insertInto('custody')
      .values({
        ...{ id: `custody-${id}`, device_id: device, person_id: id, kind: 'primary', starts_at: 0 },
        ...{ ended_at: null, end_reason: null, by_actor: 'staff:Kim' },
      })
      .execute();
  }
  for (const name of ['Kim', 'Lee']) {
    const id = name.toLowerCase();
    const account = { id, name, email: `${id}@maple.example`, password_hash: 'x', created_at: 0, disabled_at: null };
    await db.insertInto('staff').values(account).execute();
    await db
      .insertInto('staff_grant')
      .values({ staff_id: id, role: 'helpdesk', org_id: '', granted_at: 0, by_actor: 'server' })
      .execute();
  }
}
