import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

export const ticketCategories = [
  'slow',
  'will-not-start',
  'screen',
  'keyboard',
  'battery',
  'network',
  'web-filter',
  'sign-in',
  'software',
  'printing',
  'lost-or-stolen',
  'damage',
  'security',
  'other',
] as const;
export type TicketCategory = (typeof ticketCategories)[number];

export const ticketPriorities = ['low', 'normal', 'high', 'urgent'] as const;
export type TicketPriority = (typeof ticketPriorities)[number];

/** `waiting`: for the person who asked, or for parts; the clock to a solution stands meanwhile. */
export const ticketStatuses = ['new', 'open', 'waiting', 'resolved', 'closed'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

/** How it came in. `automatic`: by what a device reports, or by its silence. */
export const ticketSources = ['console', 'device', 'email', 'api', 'automatic'] as const;

/** One promise of the service level, counted in school hours. */
export const ServiceClock = strictObject({
  /** `none`: nothing was promised, or the calendar does not tell. */
  state: choice(['none', 'running', 'paused', 'met', 'late', 'met-late']),
  dueAt: Nullable(Instant),
  metAt: Nullable(Instant),
  /** School minutes left; negative: over. Null when it is met, or nothing was promised. */
  minutesLeft: Nullable(Type.Integer()),
});
export type ServiceClock = Type.Static<typeof ServiceClock>;

const Named = strictObject({ id: Id, name: text(400) });

export const TicketSummary = strictObject({
  id: Id,
  /** For people: counts from 1. */
  number: Type.Integer({ minimum: 1 }),
  subject: text(200),
  category: choice(ticketCategories),
  priority: choice(ticketPriorities),
  status: choice(ticketStatuses),
  source: choice(ticketSources),
  device: Nullable(Named),
  /** Whom it is for. */
  person: Nullable(Named),
  org: Nullable(Named),
  /** Member of staff who works on it. */
  assignee: Nullable(Named),
  openedAt: Instant,
  changedAt: Instant,
  firstReply: ServiceClock,
  resolution: ServiceClock,
});
export type TicketSummary = Type.Static<typeof TicketSummary>;

export const TicketNote = strictObject({
  id: Type.Integer(),
  at: Instant,
  by: text(300),
  words: text(4000),
  /** True: it went to the person by e-mail and stands on their device's page; otherwise staff alone see it. */
  isToPerson: Type.Boolean(),
  /** Of the e-mail, where one was sent: `queued`, `sent`, `failed`; null: none. */
  mail: Nullable(choice(['queued', 'sent', 'failed'])),
});
export type TicketNote = Type.Static<typeof TicketNote>;

/** A set of words for what comes again and again. */
export const CannedFix = strictObject({
  id: Id,
  title: text(200, { minLength: 1 }),
  categories: Type.Array(choice(ticketCategories), { maxItems: ticketCategories.length }),
  /** What is sent to the person. */
  words: text(4000, { minLength: 1 }),
  resolves: Type.Boolean(),
});
export type CannedFix = Type.Static<typeof CannedFix>;

export const TicketView = strictObject({
  ...TicketSummary.properties,
  version: Type.Integer({ minimum: 1 }),
  /** As it was told when it was opened. */
  words: text(4000),
  openedBy: text(300),
  /** Where status goes; null: nowhere. */
  email: Nullable(text(255)),
  /** Who holds the device now. */
  custody: Nullable(strictObject({ person: Named, kind: choice(['primary', 'loan']), since: Instant })),
  notes: Type.Array(TicketNote),
  fixes: Type.Array(CannedFix),
  /** Other open tickets of the same device or person. */
  related: Type.Array(
    strictObject({ id: Id, number: Type.Integer(), subject: text(200), status: choice(ticketStatuses) }),
  ),
});
export type TicketView = Type.Static<typeof TicketView>;

export const TicketInput = strictObject({
  subject: text(200, { minLength: 3 }),
  words: Type.Optional(text(4000)),
  category: choice(ticketCategories),
  priority: Type.Optional(choice(ticketPriorities)),
  deviceId: Type.Optional(Id),
  personId: Type.Optional(Id),
});
export type TicketInput = Type.Static<typeof TicketInput>;

/** What is absent stays. `version`: of the ticket as it was read. */
export const TicketChange = strictObject({
  version: Type.Integer({ minimum: 1 }),
  subject: Type.Optional(text(200, { minLength: 3 })),
  category: Type.Optional(choice(ticketCategories)),
  priority: Type.Optional(choice(ticketPriorities)),
  status: Type.Optional(choice(ticketStatuses)),
  assigneeId: Type.Optional(Nullable(Id)),
  deviceId: Type.Optional(Nullable(Id)),
  personId: Type.Optional(Nullable(Id)),
});
export type TicketChange = Type.Static<typeof TicketChange>;

/** Promised per priority, in school minutes; null: nothing is promised. */
const Promised = strictObject({
  firstReplyMinutes: Nullable(Type.Integer({ minimum: 1, maximum: 60_000 })),
  resolutionMinutes: Nullable(Type.Integer({ minimum: 1, maximum: 600_000 })),
});

export const HelpdeskSettings = strictObject({
  version: Type.Integer({ minimum: 0 }),
  serviceLevel: strictObject({ low: Promised, normal: Promised, high: Promised, urgent: Promised }),
  /** Tickets that are opened by themselves. */
  automatic: strictObject({
    /** School days without a check-in; null: never. */
    silentDays: Nullable(Type.Integer({ minimum: 1, maximum: 200 })),
    failingDisk: Type.Boolean(),
    tamper: Type.Boolean(),
  }),
  /** Status by e-mail; null: none is sent. */
  mail: Nullable(
    strictObject({
      host: text(253, { minLength: 1 }),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
      security: choice(['tls', 'starttls', 'none']),
      user: Nullable(text(200)),
      /** Written, never answered: absent keeps the one there is. */
      password: Type.Optional(text(500)),
      hasPassword: Type.Optional(Type.Boolean()),
      from: text(255, { minLength: 3 }),
    }),
  ),
  fixes: Type.Array(CannedFix, { maxItems: 200 }),
});
export type HelpdeskSettings = Type.Static<typeof HelpdeskSettings>;
