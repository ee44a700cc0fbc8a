import type { ObligationInput, ObligationPreview } from '../../shared/api/schemas.ts';
import type { ObligationRecord, ObligedPerson } from '../store/obligation-records.ts';
import { iso } from '../store/views/rows.ts';

/** Somebody who is asked, when it is due for them (epoch ms), and the devices they hold. */
export interface Asked {
  person: ObligedPerson;
  dueAt: number;
  devices: readonly string[];
}

interface Making {
  by: string;
  now: number;
  newId: () => string;
}

interface Plan {
  records: ObligationRecord[];
  people: ObligedPerson[];
  owing: number;
  withoutDevice: number;
}

const sampled = 20;

/** What would be made: one agreement for each person, one return for each device held. Nobody owes the same twice. Pure. */
export function planObligations(
  { kind, title }: Pick<ObligationInput, 'kind' | 'title'>,
  asked: readonly Asked[],
  open: readonly ObligationRecord[],
  { by, now, newId }: Making,
): Plan {
  const owed = new Set(open.map((one) => keyOf(one.personId, one.deviceId, kind === 'agreement' ? one.title : '')));
  const plan: Plan = { records: [], people: [], owing: 0, withoutDevice: 0 };
  for (const { person, dueAt, devices } of asked) {
    const things = kind === 'agreement' ? [null] : devices;
    const fresh = things.filter((id) => !owed.has(keyOf(person.id, id, kind === 'agreement' ? title : '')));
    if (things.length === 0) plan.withoutDevice += 1;
    else if (fresh.length === 0) plan.owing += 1;
    else plan.people.push(person);
    for (const deviceId of fresh)
      plan.records.push({ id: newId(), personId: person.id, kind, title, deviceId, from: now, dueAt, by });
  }
  return plan;
}

export function previewOf({ records, people, owing, withoutDevice }: Plan): ObligationPreview {
  const due = records.map(({ dueAt }) => dueAt).sort((a, b) => a - b);
  const [first, last] = [due[0], due.at(-1)];
  return {
    obligations: records.length,
    people: people.length,
    owing,
    withoutDevice,
    dueFrom: first === undefined ? null : iso(first),
    dueTo: last === undefined ? null : iso(last),
    sample: people.slice(0, sampled).map(({ name }) => name.slice(0, 400)),
  };
}

const keyOf = (person: string, device: string | null, title: string) => JSON.stringify([person, device, title]);
