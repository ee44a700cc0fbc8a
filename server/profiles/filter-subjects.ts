import type { Clock } from '../../shared/clock.ts';
import { mergeSettings } from '../../shared/policy/merge.ts';
import { resolveScope } from '../../shared/policy/resolve.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { type FilterSources, readFilterContexts } from './filter-context.ts';
import { webFilterSection } from './sections.ts';
import { type ManagedDevice, readDevices, readPerson, type SubjectStores } from './subjects.ts';

/** Whose policy a name is judged by, as it stands on the server now. */
export interface FilterSubject {
  /** `null`: the person holds no device; what one would get. */
  deviceId: string | null;
  person: { id: string; name: string } | null;
  /** Undefined: no web filter reaches them. */
  section: WebFilterSection | undefined;
}

export interface FilterSubjectParts extends FilterSources {
  stores: SubjectStores & FilterSources['stores'] & { profiles: ProfileStore };
  clock: Clock;
}

/** The web filter of a device or a person, worked out anew rather than read from what was signed. */
export class FilterSubjects {
  readonly #parts: FilterSubjectParts;

  constructor(parts: FilterSubjectParts) {
    this.#parts = parts;
  }

  /** Undefined for a device that is not in service. */
  async ofDevice(id: string): Promise<FilterSubject | undefined> {
    const [device] = await readDevices(this.#parts.stores, [id]);
    return device && { deviceId: id, ...(await this.#judged(device)) };
  }

  /** By the device the person has held longest; undefined when there is no such person. */
  async ofPerson(id: string): Promise<FilterSubject | undefined> {
    const { stores } = this.#parts;
    const held = (await stores.custody.openCustodyOfPeople([id])).get(id) ?? [];
    for (const { deviceId } of held) {
      const found = await this.ofDevice(deviceId);
      if (found) return found;
    }
    const imagined = await readPerson(stores, id);
    return imagined && { deviceId: null, ...(await this.#judged(imagined)) };
  }

  async #judged(device: ManagedDevice): Promise<Omit<FilterSubject, 'deviceId'>> {
    const { stores, clock } = this.#parts;
    const { reaching } = resolveScope({
      subject: device.subject,
      assignments: await stores.profiles.assignments(),
      lastKnown: (await stores.desired.ofDevice(device.id))?.scope ?? [],
    });
    const contextOf = await readFilterContexts(this.#parts, clock.now());
    const person = device.personId === null ? undefined : await stores.people.findPerson(device.personId);
    return {
      person: person ? { id: person.id, name: `${person.givenName} ${person.familyName}`.trim() } : null,
      section: webFilterSection(mergeSettings(reaching), contextOf(device)),
    };
  }
}
