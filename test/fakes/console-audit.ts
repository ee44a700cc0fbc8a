import type { auditRoutes } from '../../shared/api/routes/audit.ts';
import type { AuditDetail, AuditRow, AuditSettings, Leaver, SignedHead } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, devices, people } from './console-district.ts';
import { pageOf } from './console-pages.ts';

const minute = 60_000;
const day = 86_400_000;
const hash = (letter: string) => letter.repeat(43);
const nobody = { role: null, address: null, reason: null, ticketId: null, approver: null };

const row = (id: number, given: Partial<AuditRow>): AuditRow => ({
  ...{ id, at: ago((50 - id) * 37 * minute), actor: 'staff:Ada Byrne', code: 'record-read', ...nobody },
  ...{ role: 'helpdesk', address: '10.20.4.17', words: 'Looked at the page of a person.', subject: null },
  ...{ isRead: false, isErased: false, changed: 0, ...given },
});

const person = people[0] ?? { id: 'p0', name: 'Somebody' };
const device = devices[0] ?? { id: 'dev0', name: 'LT-0001' };
const aboutPerson = { kind: 'person' as const, id: person.id, name: person.name };
const aboutDevice = { kind: 'device' as const, id: device.id, name: device.name };

const rows: AuditRow[] = [
  row(48, { isRead: true, subject: aboutPerson, reason: 'Her mother called: the laptop is slow', ticketId: 't1' }),
  row(47, {
    ...{ code: 'filter-settings-saved', role: 'owner', changed: 3, approver: 'Ruth Ferreira' },
    words: 'The filter settings were saved: campus networks, days that names are kept.',
  }),
  row(46, { code: 'device-tagged', words: 'The tags are now cart-3, spare.', subject: aboutDevice, changed: 1 }),
  row(45, {
    ...{ isRead: true, actor: 'staff:Ruth Ferreira', role: 'principal' },
    words: 'Looked at a list of people (search “Osei”).',
  }),
  row(44, {
    ...{ actor: `device:${device.name}`, code: 'drift-corrected', subject: aboutDevice, role: null, address: null },
    words: 'The screen lock was put right: it was off.',
  }),
  row(43, {
    ...{ actor: 'token:Student information system', role: null, code: 'compliance-exported', isRead: true },
    words: 'The compliance of 512 people as of 2026-11-20T08:00:00.000Z was exported as CSV.',
  }),
  row(42, { ...nobody, code: 'custody-opened', actor: '', words: '', isErased: true }),
  row(41, {
    ...{ actor: 'server', code: 'audit-erased', role: null, address: null },
    words: 'The names in 12 rows of the audit from before 2023-11-20 were erased because their time was over.',
  }),
];

const head = (id: number, at: string): SignedHead => ({
  ...{ format: 1, district: 'd'.repeat(64), id, at, hash: hash('h'), key: 'a1b2c3d4'.repeat(4) },
  signature: `${'s'.repeat(86)}==`,
});

const found = <T>(item: T | undefined): T => {
  if (item === undefined) throw new CodedError('not-found');
  return item;
};

const detail = (shown: AuditRow): AuditDetail => ({
  ...shown,
  actorId: shown.isErased ? null : 'staff1',
  session: shown.isErased ? null : '6f0e2c51',
  changes:
    shown.changed === 0
      ? []
      : [
          { path: 'namesKeptDays', before: '30', after: '14' },
          { path: 'campus', before: '10.20.0.0/16', after: '10.20.0.0/16, 10.21.0.0/16' },
          { path: 'presetException.until', before: null, after: '2026-12-01T00:00:00.000Z' },
        ].slice(0, shown.changed),
  digest: hash('d'),
  previousHash: hash('p'),
  hash: hash('h'),
  isSealed: true,
  erasedBy: shown.isErased ? 41 : null,
});

/** The audit of the console's stand-in: a few rows of each kind. */
export function auditAnswers(): Pick<Answers, keyof typeof auditRoutes> {
  let settings: AuditSettings = { keptDays: 1095, exportFilesPerDay: 20, exportRowsPerDay: 100_000 };
  let version = 1;
  let leavers: Leaver[] = [
    { id: 'left1', name: 'Noah Lindqvist', username: 'nlindqvist', sourcedId: 's-77', leftAt: ago(200 * day) },
    { id: 'left2', name: 'Amara Okafor', username: 'aokafor', sourcedId: 's-104', leftAt: ago(160 * day) },
  ];
  return {
    listAudit: ({ query }) =>
      pageOf(
        rows.filter(
          (one) =>
            (!query.actor || one.actor === query.actor) &&
            (!query.code || one.code === query.code) &&
            (!query.person || one.subject?.id === query.person) &&
            (query.reads === undefined || one.isRead === (query.reads === 'only')),
        ),
        query,
      ),
    listAuditFilters: () => ({
      actors: [...new Set(rows.map(({ actor }) => actor))].filter((actor) => actor !== ''),
      codes: [...new Set(rows.map(({ code }) => code))].sort(),
    }),
    readAuditEvent: ({ params }) => detail(found(rows.find(({ id }) => id === Number(params.id)))),
    readAuditHead: () => ({
      head: head(48, ago(0)),
      publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
      daily: [head(40, ago(day)), head(30, ago(2 * day))],
    }),
    verifyAudit: () => ({
      ...{ isWhole: true, rows: 48, erasedRows: 12, heads: 31, milliseconds: 4, problems: [], moreProblems: 0 },
      head: head(48, ago(0)),
    }),
    exportAudit: () => ({
      name: 'audit.csv',
      type: 'text/csv; charset=utf-8',
      bytes: new TextEncoder().encode('Number'),
    }),
    readAuditSettings: () => ({ settings, version }),
    saveAuditSettings: ({ body }) => {
      settings = body.settings;
      version += 1;
      return { settings, version };
    },
    listLooks: ({ params, query }) =>
      pageOf(
        rows
          .filter(({ isRead, subject }) => isRead && subject?.id === params.id)
          .map(({ id, at, actor, role, words, reason, ticketId, isErased }) => ({
            ...{ id, at, actor, role, words, reason, ticketId, isErased },
          })),
        query,
      ),
    listLeavers: ({ query }) =>
      pageOf(
        leavers.filter(({ name }) => !query.search || name.toLowerCase().includes(query.search.toLowerCase())),
        query,
      ),
    erasePerson: ({ params }) => {
      leavers = leavers.filter(({ id }) => id !== params.id);
      return { events: 12, records: [{ what: 'verdicts', rows: 4 }] };
    },
  };
}
