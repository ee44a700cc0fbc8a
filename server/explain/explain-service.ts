import type { ExplainedSource, ExplainedValue, Explanation } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Assignment } from '../../shared/policy/assignment.ts';
import { rankWords, whyBeaten } from '../../shared/policy/explain.ts';
import { type ExplainedSetting, settingSchemas } from '../../shared/policy/merge.ts';
import { district } from '../../shared/policy/nearness.ts';
import { type SelectorNames, selectorWords, unknownWords } from '../../shared/policy/words.ts';
import { capOf, presetCap } from '../filter/state-preset.ts';
import { readFilterSettings } from '../profiles/filter-context.ts';
import { readNames } from '../profiles/names.ts';
import { type Policy, readPolicy } from '../profiles/policy.ts';
import { type Resolved, resolverOf } from '../profiles/resolving.ts';
import { type ManagedDevice, readDevices } from '../profiles/subjects.ts';
import type { Explanations } from '../services.ts';
import type { RevisionRecord } from '../store/profiles.ts';
import type { Stores } from '../store/stores.ts';
import { askedSetting } from './asked-setting.ts';
import { limitedValues } from './limited-values.ts';
import { rolloutWords } from './on-its-way.ts';
import { setSince } from './since.ts';

export interface ExplainParts {
  stores: Stores;
  /** Names and addresses of this server. */
  hosts: readonly string[];
  clock: Clock;
}

/** What explaining one device takes, read once for all devices of a request. */
interface Reading {
  policy: Policy;
  names: SelectorNames;
  revisionsOf: (profileId: string) => Promise<readonly RevisionRecord[]>;
}

type IsAsked = ReturnType<typeof askedSetting>;

/** Where each effective setting of a device comes from: resolved anew, as it was when its state was last worked out. */
export class ExplainService implements Explanations {
  readonly #parts: ExplainParts;

  constructor(parts: ExplainParts) {
    this.#parts = parts;
  }

  async ofDevice(id: string, setting: string | undefined): Promise<Explanation> {
    const isAsked = askedSetting(setting);
    const { stores, clock } = this.#parts;
    const [device] = await readDevices(stores, clock.now(), [id]);
    if (!device) throw new CodedError('not-found', 'There is no such device, or it is not in service.');
    return await this.#explain(device, isAsked, await this.#read());
  }

  async ofPerson(id: string, setting: string | undefined): Promise<Explanation[]> {
    const isAsked = askedSetting(setting);
    const { stores, clock } = this.#parts;
    if (!(await stores.people.findPerson(id))) throw new CodedError('not-found', 'There is no such person.');
    const held = (await stores.custody.openCustodyOfPeople([id])).get(id) ?? [];
    const devices = await readDevices(
      stores,
      clock.now(),
      held.map(({ deviceId }) => deviceId),
    );
    const reading = await this.#read();
    const explained: Explanation[] = [];
    for (const device of devices) explained.push(await this.#explain(device, isAsked, reading));
    return explained;
  }

  async #read(): Promise<Reading> {
    const { stores, hosts, clock } = this.#parts;
    const policy = await readPolicy({ stores, hosts }, clock.now());
    const names = await readNames(stores.profiles, policy.selectors());
    const known = new Map<string, Promise<readonly RevisionRecord[]>>();
    const revisionsOf = (profileId: string) => {
      const revisions = known.get(profileId) ?? stores.profiles.revisions(profileId);
      known.set(profileId, revisions);
      return revisions;
    };
    return { policy, names, revisionsOf };
  }

  async #explain(device: ManagedDevice, isAsked: IsAsked, reading: Reading): Promise<Explanation> {
    const { stores } = this.#parts;
    const last = await stores.desired.ofDevice(device.id);
    const resolved = resolverOf(reading.policy)(device, last?.scope ?? []);
    const person = device.personId === null ? undefined : await stores.people.findPerson(device.personId);
    const values: ExplainedValue[] = [];
    for (const explained of resolved.merged.explanation) {
      if (!isAsked(explained.capability, explained.setting)) continue;
      const since = last?.sectionSince[explained.capability];
      const heldSince = since === undefined ? null : instant(since);
      values.push({ ...(await explainedValue(explained, resolved, reading)), heldSince });
    }
    return {
      ...{ deviceId: device.id, deviceName: device.name, personId: device.personId },
      person: person ? `${person.givenName} ${person.familyName}`.trim() : null,
      settings: await this.#limited(values, resolved, device, isAsked),
      unknown: resolved.unknown.map((answer) => unknownWords(answer, reading.names).slice(0, 600)),
      rollouts: await rolloutWords(device, resolved, reading.policy, stores),
    };
  }

  async #limited(
    values: readonly ExplainedValue[],
    { merged }: Resolved,
    { subject }: ManagedDevice,
    isAsked: IsAsked,
  ): Promise<ExplainedValue[]> {
    const { settings } = await readFilterSettings(this.#parts.stores.documents);
    const cap = capOf(presetCap(settings, this.#parts.clock.now()), subject.custodian?.role);
    if (!cap || !merged.settings.webFilter) return [...values];
    return limitedValues(values, merged.settings.webFilter, cap, isAsked);
  }
}

async function explainedValue(
  explained: ExplainedSetting,
  { near }: Resolved,
  { names, revisionsOf }: Reading,
): Promise<Omit<ExplainedValue, 'heldSince'>> {
  const { capability, setting, value, from, beaten } = explained;
  const schema = settingSchemas(capability)[setting];
  const sourceOf = async (assignment: Assignment): Promise<ExplainedSource> => {
    const since = setSince(await revisionsOf(assignment.profileId), assignment.revision, explained);
    const { profile, profileId, revision, to, priority, restriction } = assignment;
    return {
      ...{ profile, profileId, revision, priority },
      to: restriction ? 'this device, until it is put right' : selectorWords(to, names).slice(0, 600),
      rank: rankWords(assignment, near.get(assignment) ?? district),
      by: since?.by ?? 'unknown',
      since: instant(since?.publishedAt ?? 0),
    };
  };
  const [first] = from;
  const lost: ExplainedValue['beaten'] = [];
  for (const { assignment, value: wanted } of beaten) {
    const why = first ? whyBeaten(explained, { assignment: first, value }, { assignment, value: wanted }, near) : '';
    lost.push({ ...(await sourceOf(assignment)), value: wanted, why: why.slice(0, 400) });
  }
  return {
    ...{ capability, setting, value },
    title: schema?.title ?? setting,
    merge: schema?.['x-merge'] ?? '',
    from: await Promise.all(from.map(sourceOf)),
    beaten: lost,
  };
}

const instant = (ms: number) => new Date(ms).toISOString();
