import Type from 'typebox';
import { SchoolCalendar, Window } from '../calendar/calendar.ts';
import { AddressRange, CampusNetwork } from '../filter/place.ts';
import { choice, EpochMs, Sha256, strictObject, text } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';

/** A host name, or `*.` and a host name, or `=` and a host name for that name alone (without names below it). */
export const DomainPattern = Type.String({
  minLength: 1,
  maxLength: 254,
  pattern: '^(\\*\\.|=)?[^\\s/:?#@"\'\\\\<>*=]+\\.?$',
});

/** The id of a category of names, for example `gambling`. */
export const CategoryId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });

/** Where names that are not blocked are asked: `system` is what the device used before the agent came. */
export const Upstream = Type.Union([
  strictObject({ kind: Type.Literal('system') }),
  strictObject({ kind: Type.Literal('plain'), servers: Type.Array(text(100), { minItems: 1, maxItems: 4 }) }),
  strictObject({
    kind: Type.Literal('dot'),
    servers: Type.Array(text(100), { minItems: 1, maxItems: 4 }),
    serverName: text(253),
  }),
  strictObject({
    kind: Type.Literal('doh'),
    url: Type.String({ maxLength: 500, pattern: '^https://' }),
    addresses: Type.Array(text(45), { minItems: 1, maxItems: 4 }),
  }),
]);
export type Upstream = Type.Static<typeof Upstream>;

/** Categories and domains that are blocked, or opened, at certain times and places. */
export const FilterSchedule = strictObject({
  title: text(100, { minLength: 1 }),
  /** `allow` lifts blocked categories while it holds; of two schedules that hold at once, `block` wins. */
  action: choice(['block', 'allow']),
  categories: Type.Array(CategoryId, { maxItems: 50 }),
  domains: Type.Array(DomainPattern, { maxItems: 200 }),
  when: Window,
  /** Where the place is not known, `block` holds and `allow` does not. */
  place: choice(['anywhere', 'on-campus', 'off-campus']),
});
export type FilterSchedule = Type.Static<typeof FilterSchedule>;

/** Names below a domain are asked at servers of their own, for example those of the school's own network. */
export const SplitDomain = strictObject({
  domain: Type.String({ minLength: 1, maxLength: 253, pattern: '^[^\\s/:?#@"\'\\\\<>*=]+$' }),
  servers: Type.Array(text(100), { minItems: 1, maxItems: 4 }),
});
export type SplitDomain = Type.Static<typeof SplitDomain>;

/** How much is kept of what was asked, most first; of several wishes the least wins. */
export const recordingLevels = ['full', 'blocked', 'counts', 'none'] as const;
export type RecordingLevel = (typeof recordingLevels)[number];
const recordingLabels = ['Every name', 'Blocked names', 'Numbers by category', 'Nothing'];

/** What is recorded where nothing is set. */
export const recordingDefaults = {
  recording: 'blocked',
  recordingAfterHours: 'blocked',
  recordingOffCampus: 'none',
} as const;

/** The web filter: a resolver on the device that every name passes through. */
export const WebFilterSettings = strictObject({
  lockedCategories: Type.Optional(
    Type.Array(CategoryId, {
      maxItems: 50,
      ...setting({
        title: 'Locked minimum',
        description: 'Always blocked: no schedule, allowed domain, override or teacher lifts these.',
        'x-merge': 'union',
        'x-group': 'Blocked',
        'x-source': 'categories',
      }),
    }),
  ),
  blockedCategories: Type.Optional(
    Type.Array(CategoryId, {
      maxItems: 100,
      ...setting({
        title: 'Blocked categories',
        description: 'Blocked on and off campus, unless an allowed domain, a schedule or an override opens a name.',
        'x-merge': 'union',
        'x-group': 'Blocked',
        'x-source': 'categories',
      }),
    }),
  ),
  blockedDomains: Type.Optional(
    Type.Array(DomainPattern, {
      maxItems: 5000,
      ...setting({
        title: 'Blocked domains',
        description:
          'A domain with everything below it; write =name for that name alone, *.name for only what is below.',
        'x-merge': 'union',
        'x-group': 'Blocked',
        'x-example': 'example.com',
      }),
    }),
  ),
  allowedDomains: Type.Optional(
    Type.Array(DomainPattern, {
      maxItems: 5000,
      ...setting({
        title: 'Allowed domains',
        description: 'Never blocked, although a category or a wider blocked domain holds them.',
        'x-merge': 'union',
        'x-group': 'Allowed',
        'x-example': 'school.example.org',
      }),
    }),
  ),
  schedules: Type.Optional(
    Type.Array(FilterSchedule, {
      maxItems: 50,
      ...setting({
        title: 'Schedules',
        description: 'Categories and domains blocked or opened by bell times, school days and place.',
        'x-merge': 'union',
        'x-group': 'Times and places',
      }),
    }),
  ),
  safeSearch: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Safe search',
        description: 'Google, Bing, DuckDuckGo, Brave, Ecosia, Pixabay and Yandex answer with their filtered service.',
        'x-merge': 'strictest',
        'x-group': 'Search',
      }),
    ),
  ),
  youtube: Type.Optional(
    choice(
      ['off', 'moderate', 'strict'],
      setting({
        title: 'YouTube restriction',
        description: 'Sends YouTube to its restricted addresses.',
        'x-merge': 'strictest',
        'x-group': 'Search',
        'x-labels': ['No restriction', 'Moderate', 'Strict'],
      }),
    ),
  ),
  blockAnswer: Type.Optional(
    choice(
      ['address', 'page', 'nxdomain', 'refused'],
      setting({
        title: 'Answer for blocked names',
        description:
          'What a program gets: the address 0.0.0.0, the device’s own page that explains and takes requests, "no such name", or "refused". All say why (EDE 15).',
        'x-merge': 'replace',
        'x-group': 'Answers',
        'x-labels': ['Address 0.0.0.0', 'Block page', 'No such name', 'Refused'],
      }),
    ),
  ),
  upstream: Type.Optional(
    Type.Unsafe<Upstream>({
      ...Upstream,
      ...setting({
        title: 'Resolver behind the filter',
        description: 'Where names that are not blocked are asked.',
        'x-merge': 'replace',
        'x-group': 'Answers',
      }),
    }),
  ),
  splitDomains: Type.Optional(
    Type.Array(SplitDomain, {
      maxItems: 100,
      ...setting({
        title: 'Domains with their own resolvers',
        description:
          'Names below these domains are asked at the given servers, for example those of the school’s network.',
        'x-merge': 'union',
        'x-group': 'Answers',
      }),
    }),
  ),
  failMode: Type.Optional(
    choice(
      ['pass', 'block'],
      setting({
        title: 'When the filter has no lists',
        description: 'What happens while a device has no usable policy, for example after its disk was damaged.',
        'x-merge': 'strictest',
        'x-group': 'Holding',
        'x-labels': ['Names pass', 'Only the essentials pass'],
      }),
    ),
  ),
  holdDns: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Keep other resolvers out',
        description:
          'The firewall of the device drops DNS to anybody but the filter (ports 53 and 853, and known resolvers over HTTPS).',
        'x-merge': 'strictest',
        'x-group': 'Holding',
      }),
    ),
  ),
  resolverAddresses: Type.Optional(
    Type.Array(AddressRange, {
      maxItems: 2000,
      ...setting({
        title: 'More resolvers over HTTPS',
        description: 'Addresses dropped on port 443, beside the well-known ones, while other resolvers are kept out.',
        'x-merge': 'union',
        'x-group': 'Holding',
        'x-example': '203.0.113.7',
      }),
    }),
  ),
  recording: Type.Optional(
    choice(
      recordingLevels,
      setting({
        title: 'Recorded in school hours',
        description: 'What is kept of the names a device asks for, on campus in school hours. Unset: blocked names.',
        'x-merge': 'strictest',
        'x-group': 'Records',
        'x-labels': recordingLabels,
      }),
    ),
  ),
  recordingAfterHours: Type.Optional(
    choice(
      recordingLevels,
      setting({
        title: 'Recorded on campus after hours',
        description: 'The same, on campus outside school hours. Unset: blocked names.',
        'x-merge': 'strictest',
        'x-group': 'Records',
        'x-labels': recordingLabels,
      }),
    ),
  ),
  recordingOffCampus: Type.Optional(
    choice(
      recordingLevels,
      setting({
        title: 'Recorded off campus',
        description: 'The same, anywhere else or where the place is not known. Unset: nothing.',
        'x-merge': 'strictest',
        'x-group': 'Records',
        'x-labels': recordingLabels,
      }),
    ),
  ),
});
export type WebFilterSettings = Type.Static<typeof WebFilterSettings>;

/** A compiled category the agent fetches by hash: see `shared/filter/compiled.ts`. */
export const ListReference = strictObject({
  category: CategoryId,
  title: text(100),
  hash: Sha256,
  bytes: Type.Integer({ minimum: 0, maximum: 134_217_728 }),
  names: Type.Integer({ minimum: 0, maximum: 16_000_000 }),
  /** A name of the category that the agent asks for to prove that blocking works. */
  canary: Type.Optional(text(253)),
  /** Names the district takes out of this list, each with everything below it. */
  exceptions: Type.Optional(Type.Array(text(253), { maxItems: 500 })),
});
export type ListReference = Type.Static<typeof ListReference>;

/**
 * Something opened or closed for a time by a member of staff. `allow` opens its domains and categories (`everything`: all
 * but the locked minimum), `block` closes them, `only` closes everything else. None lifts the locked minimum or a
 * blocked domain.
 */
export const Override = strictObject({
  id: text(64, { minLength: 1 }),
  kind: choice(['allow', 'block', 'only']),
  domains: Type.Array(DomainPattern, { maxItems: 200 }),
  categories: Type.Array(CategoryId, { maxItems: 50 }),
  everything: Type.Optional(Type.Boolean()),
  from: EpochMs,
  until: EpochMs,
  /** Why, and who, as the person reads it on the device. */
  reason: text(300),
  by: text(200),
});
export type Override = Type.Static<typeof Override>;

/** Which assignment gave the entries of a list setting: runs in the order of the merged list. */
export const Origins = Type.Record(
  Type.String({ pattern: '^[a-z][A-Za-z]{0,39}$' }),
  Type.Array(strictObject({ profile: text(120), count: Type.Integer({ minimum: 1 }) }), { maxItems: 200 }),
  { maxProperties: 20, additionalProperties: false },
);
export type Origins = Type.Static<typeof Origins>;

/** What became of a request made on this device's block page, as the person reads it there. */
export const RequestOutcome = strictObject({
  /** As the device gave it with the request. */
  id: text(64, { minLength: 1 }),
  name: text(253),
  state: choice(['granted', 'refused', 'expired']),
  reason: text(500),
  /** When it was decided. */
  at: EpochMs,
});
export type RequestOutcome = Type.Static<typeof RequestOutcome>;

/**
 * What the agent receives: the settings with the categories resolved to artefacts, what the district decided for
 * everybody (calendar, campus, essentials), what staff opened or closed for this person, and who to ask for help.
 */
export const WebFilterSection = strictObject({
  settings: WebFilterSettings,
  lists: Type.Array(ListReference, { maxItems: 100 }),
  contact: text(200),
  district: Type.Optional(text(255)),
  calendar: Type.Optional(SchoolCalendar),
  campus: Type.Optional(Type.Array(CampusNetwork, { maxItems: 100 })),
  overrides: Type.Optional(Type.Array(Override, { maxItems: 100 })),
  /** Names that always resolve and that no list may block: this district's own and the sign-in pages. */
  essentials: Type.Optional(Type.Array(DomainPattern, { maxItems: 300 })),
  /** Requests of this device that were decided in the last week, newest first. */
  outcomes: Type.Optional(Type.Array(RequestOutcome, { maxItems: 20 })),
  origins: Type.Optional(Origins),
  /** What the district promises the person: how long records are kept, and within how many hours a request is decided. */
  promises: Type.Optional(
    strictObject({
      namesKeptDays: Type.Integer({ minimum: 1, maximum: 366 }),
      countsKeptDays: Type.Integer({ minimum: 1, maximum: 366 * 3 }),
      requestHours: Type.Integer({ minimum: 1, maximum: 24 * 14 }),
    }),
  ),
});
export type WebFilterSection = Type.Static<typeof WebFilterSection>;

export const webFilter: CapabilityDefinition<typeof WebFilterSettings> = {
  name: 'webFilter',
  title: 'Web filter',
  summary: 'A resolver on the device that blocks categories and domains and forces safe search, everywhere',
  settings: WebFilterSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'enforce' },
  limits: {
    linux:
      'Keeping other resolvers out needs nftables. Programs of root are held only where the agent runs as a systemd service.',
    win32:
      'Tested from recorded output; not run on a real machine. Programs of the SYSTEM account are not held, and rules of a domain’s own name resolution policy go before ours.',
    darwin:
      'Tested from recorded output; not run on a real machine. Programs of root are not held, and a VPN may bring its own resolver, which is reported.',
  },
};
