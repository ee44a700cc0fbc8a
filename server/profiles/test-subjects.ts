import type { Clock } from '../../shared/clock.ts';
import { resolveDesiredState } from '../../shared/policy/resolve.ts';
import { unknownDevice } from '../../shared/policy/subject.ts';
import type { NameTestParts, TestSubject } from '../filter/name-tests.ts';
import type { PersonRecord } from '../store/people.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { type FilterSources, readFilterContexts } from './filter-context.ts';
import { readRestrictions } from './restriction-of.ts';
import { webFilterSection } from './sections.ts';
import { type ManagedDevice, readDevices, type SubjectStores } from './subjects.ts';

export interface TestSubjectParts extends FilterSources {
  stores: SubjectStores & FilterSources['stores'] & { profiles: ProfileStore };
  clock: Clock;
}

/** Whose policy a name is tested by: a device, or a person, also one who holds no device. */
export function testSubjects(parts: TestSubjectParts): NameTestParts['subjects'] {
  const { stores } = parts;
  return {
    async ofDevice(id) {
      const [device] = await readDevices(stores, [id]);
      return device && (await subjectOf(parts, device));
    },
    async ofPerson(id) {
      const person = await stores.people.findPerson(id);
      if (!person) return undefined;
      const held = (await stores.custody.openCustodyOfPeople([id])).get(id) ?? [];
      const [device] = await readDevices(stores, held.map(({ deviceId }) => deviceId).slice(0, 1));
      return await subjectOf(parts, device ?? (await withoutDevice(stores, person)));
    },
  };
}

async function subjectOf(parts: TestSubjectParts, device: ManagedDevice): Promise<TestSubject> {
  const { stores, clock } = parts;
  const contextOf = await readFilterContexts(parts, clock.now());
  const assignments = await stores.profiles.assignments();
  const lastKnown = (await stores.desired.ofDevice(device.id))?.scope ?? [];
  const restriction = (await readRestrictions(parts))(device);
  const merged = resolveDesiredState({ subject: device.subject, assignments, lastKnown, restriction });
  const person = device.personId === null ? undefined : await stores.people.findPerson(device.personId);
  return {
    deviceId: device.id || null,
    person: person ? { id: person.id, name: `${person.givenName} ${person.familyName}` } : null,
    section: webFilterSection(merged, contextOf(device)),
  };
}

/** What the person would be given with a first device, which has no tags yet. */
async function withoutDevice(stores: TestSubjectParts['stores'], { id }: PersonRecord): Promise<ManagedDevice> {
  const custodian = (await stores.people.scopes([id])).get(id) ?? null;
  return { id: '', name: '', personId: id, subject: { ...unknownDevice, custodian } };
}
