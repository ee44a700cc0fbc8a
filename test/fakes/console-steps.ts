import type { ObligationView, RestrictionHold, RestrictionView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, people } from './console-district.ts';

const day = 86_400_000;
const named = (index: number) => ({
  id: people[index]?.id ?? `p${index}`,
  name: people[index]?.name ?? `Person ${index}`,
});

const restriction = (id: string, given: Partial<RestrictionView>): RestrictionView => ({
  id,
  device: { id: 'dev3', name: 'lap-1003' },
  person: named(3),
  profile: { id: 'prof2', name: 'School sites only' },
  reason: 'Disk encryption: off; Firewall: off',
  from: ago(2 * day),
  endedAt: null,
  endReason: null,
  ...given,
});

const obligation = (id: string, index: number, given: Partial<ObligationView>): ObligationView => ({
  id,
  kind: 'agreement',
  title: 'Device agreement 2026/27',
  person: named(index),
  device: null,
  from: ago(20 * day),
  dueAt: ago(-5 * day),
  by: 'staff:Ada Byrne',
  overdue: false,
  endedAt: null,
  outcome: null,
  endedBy: null,
  ...given,
});

type StepRoutes =
  | 'listRestrictions'
  | 'readRestrictionHold'
  | 'decideRestrictionHold'
  | 'listObligations'
  | 'previewObligations'
  | 'createObligations'
  | 'meetObligation'
  | 'cancelObligation'
  | 'importSignatures';

/** Restrictions and obligations of the console's stand-in; what is decided is read again. */
export function stepAnswers(): Pick<Answers, StepRoutes> {
  const restrictions = [
    restriction('r1', {}),
    restriction('r2', { device: { id: 'dev4', name: 'lap-1004' }, person: named(4), from: ago(day / 3) }),
    restriction('r3', { endedAt: ago(day), endReason: 'put right', from: ago(6 * day) }),
  ];
  const sample = [{ device: { id: 'dev5', name: 'lap-1005' }, reason: 'Firewall: off' }];
  const reason =
    '214 devices would be restricted within an hour, more than 30. Look at the policy, then confirm or mend it.';
  let hold: RestrictionHold = {
    held: { since: ago(day / 24), by: 'server', reason },
    ...{ waiting: 214, sample, open: 2, brake: 30 },
  };
  const obligations = [
    obligation('o1', 1, { dueAt: ago(3 * day), overdue: true }),
    obligation('o2', 2, {}),
    obligation('o3', 3, {
      kind: 'device-return',
      title: 'Bring back the device',
      device: { id: 'dev3', name: 'lap-1003' },
      by: 'server',
    }),
    obligation('o4', 4, { endedAt: ago(day), outcome: 'met', endedBy: 'staff:Ada Byrne' }),
    obligation('o5', 5, { endedAt: ago(2 * day), outcome: 'cancelled', endedBy: 'staff:Ada Byrne' }),
  ];
  const preview = {
    ...{ obligations: 34, people: 34, owing: 3, withoutDevice: 0 },
    ...{ dueFrom: ago(-9 * day), dueTo: ago(-9 * day), sample: people.slice(0, 20).map(({ name }) => name) },
  };
  const end = (id: string, outcome: 'met' | 'cancelled') => {
    const found = obligations.find((one) => one.id === id);
    if (!found) throw new CodedError('not-found');
    return Object.assign(found, { outcome, overdue: false, endedAt: ago(0), endedBy: 'staff:Ada Byrne' });
  };
  return {
    listRestrictions: ({ query: { open, device, person } }) => {
      const items = restrictions
        .filter(({ endedAt }) => open === undefined || open === (endedAt === null))
        .filter(
          (one) =>
            (device === undefined || one.device.id === device) && (person === undefined || one.person?.id === person),
        );
      return { items, total: items.length, nextCursor: null };
    },
    readRestrictionHold: () => hold,
    decideRestrictionHold: ({ body }) => {
      const held = { since: ago(0), by: 'staff:Ada Byrne', reason: body.reason };
      hold = body.action === 'hold' ? { ...hold, held } : { ...hold, held: null, waiting: 0, sample: [] };
      return hold;
    },
    listObligations: ({ query: { state, kind, person } }) => {
      const items = obligations
        .filter(({ endedAt }) => state === undefined || (state === 'ended') === (endedAt !== null))
        .filter((one) => state !== 'overdue' || one.overdue)
        .filter(
          (one) => (kind === undefined || one.kind === kind) && (person === undefined || one.person.id === person),
        );
      return { items, total: items.length, nextCursor: null };
    },
    previewObligations: () => preview,
    createObligations: ({ body }) => {
      obligations.unshift(
        obligation(`o${obligations.length + 1}`, 6, { kind: body.kind, title: body.title, from: ago(0) }),
      );
      return preview;
    },
    meetObligation: ({ params }) => end(params.id, 'met'),
    cancelObligation: ({ params }) => end(params.id, 'cancelled'),
    importSignatures: ({ query: { mode = 'strict', dryRun = false } }) => ({
      ...{ applied: !dryRun, dryRun, mode, met: 31, already: 2, left: 6 },
      problems: [
        {
          severity: 'warning',
          file: 'signatures.csv',
          row: 7,
          column: 'username',
          words: '“kim.x” is nobody in the roster.',
        },
      ],
    }),
  };
}
