import type { Clock } from '../../shared/clock.ts';
import { unknownDevice } from '../../shared/policy/subject.ts';
import type { NameTestParts, TestSubject } from '../filter/name-tests.ts';
import type { PersonRecord } from '../store/people.ts';
import { type FilterSources, readFilterContexts } from './filter-context.ts';
import { type PolicySources, readPolicy } from './policy.ts';
import { resolverOf } from './resolving.ts';
import { webFilterSection } from './sections.ts';
import { attributesOf, type ManagedDevice, readDevices, type SubjectStores } from './subjects.ts';

export interface TestSubjectParts extends FilterSources {
  stores: SubjectStores & FilterSources['stores'] & PolicySources['stores'];
  clock: Clock;
}

/** Whose policy a name is tested by: a device, or a person, also one who holds no device. */
export function testSubjects(parts: TestSubjectParts): NameTestParts['subjects'] {
  const { stores, clock } = parts;
  return {
    async ofDevice(id) {
      const [device] = await readDevices(stores, clock.now(), [id]);
      return device && (await subjectOf(parts, device));
    },
    async ofPerson(id) {
      const person = await stores.people.findPerson(id);
      if (!person) return undefined;
      const held = (await stores.custody.openCustodyOfPeople([id])).get(id) ?? [];
      const first = held.map(({ deviceId }) => deviceId).slice(0, 1);
      const [device] = await readDevices(stores, clock.now(), first);
      return await subjectOf(parts, device ?? (await withoutDevice(parts, person)));
    },
  };
}

async function subjectOf(parts: TestSubjectParts, device: ManagedDevice): Promise<TestSubject> {
  const { stores, clock } = parts;
  const contextOf = await readFilterContexts(parts, clock.now());
  const policy = await readPolicy(parts, clock.now());
  const lastKnown = (await stores.desired.ofDevice(device.id))?.scope ?? [];
  const merged = resolverOf(policy)(device, lastKnown).merged;
  const person = device.personId === null ? undefined : await stores.people.findPerson(device.personId);
  return {
    deviceId: device.id || null,
    person: person ? { id: person.id, name: `${person.givenName} ${person.familyName}` } : null,
    section: webFilterSection(merged, contextOf(device)),
  };
}

/** What the person would be given with a first device, which has no tags yet. */
async function withoutDevice({ stores, clock }: TestSubjectParts, { id }: PersonRecord): Promise<ManagedDevice> {
  const scope = (await stores.people.scopes([id], clock.now())).get(id);
  return { id: '', name: '', personId: id, subject: { ...unknownDevice, custodian: attributesOf(id, scope) } };
}
