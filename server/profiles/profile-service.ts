import type {
  Landing,
  Preview,
  ProfileContent,
  ProfileDetail,
  ProfileSummary,
  SectionView,
  SettingView,
} from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import type { SelectorNames } from '../../shared/policy/words.ts';
import type { Bus } from '../bus.ts';
import type { Author, Changes, ProposedItem } from '../policy-service-types.ts';
import type { Actor, EventLog, Profiles } from '../services.ts';
import type { ChangeStore } from '../store/changes.ts';
import type { LandingStore } from '../store/landings.ts';
import type { ListStore } from '../store/lists.ts';
import type { PostureStore } from '../store/posture.ts';
import type { ProfileRecord } from '../store/profiles.ts';
import type { RolloutStore } from '../store/rollouts.ts';
import type { ChangePreviews } from './change-previews.ts';
import { readLanding, readSections, readSettings } from './device-views.ts';
import { readNames } from './names.ts';
import type { PolicySources } from './policy.ts';
import { rolloutsOf } from './rollouts-of.ts';
import type { SubjectStores } from './subjects.ts';
import { contentOf, detailOf, summaryOf } from './summaries.ts';
import { problemsOf } from './validate.ts';

export interface ProfileParts {
  stores: SubjectStores &
    PolicySources['stores'] & {
      lists: ListStore;
      landings: LandingStore;
      posture: PostureStore;
      changes: ChangeStore;
      rollouts: Pick<RolloutStore, 'live'>;
    };
  previews: Pick<ChangePreviews, 'of'>;
  changes: Pick<Changes, 'publishAtOnce'>;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  isConnected: (deviceId: string) => boolean;
  /** Names and addresses of this server. */
  hosts: readonly string[];
  /** Resolves when every published change is in what devices should hold. */
  settled: () => Promise<void>;
}

/** Drafts, previews and revisions of profiles. */
export class ProfileService implements Profiles {
  readonly #parts: ProfileParts;

  constructor(parts: ProfileParts) {
    this.#parts = parts;
  }

  async list(): Promise<ProfileSummary[]> {
    const { profiles, desired } = this.#parts.stores;
    const records = await profiles.list();
    const names = await this.#names(records.flatMap((record) => record.published?.assignments ?? []));
    const scopes = await desired.scopeCounts();
    const rollouts = await rolloutsOf(this.#parts.stores.rollouts);
    return records.map((record) => summaryOf(record, names, scopes, rollouts.get(record.id)));
  }

  async create(name: string, description: string, actor: Actor): Promise<ProfileDetail> {
    const { stores, clock, random, bus } = this.#parts;
    const shown = name.trim();
    if (shown === '') throw new CodedError('bad-profile', 'A profile needs a name.');
    const id = random.uuid();
    await stores.profiles.insert({ id, name: shown, description, createdAt: clock.now() });
    await this.#tell('profile-created', id, `The profile “${shown}” was made.`, actor);
    bus.publish('draft-changed', { profileId: id });
    return await this.read(id);
  }

  async read(id: string): Promise<ProfileDetail> {
    const { profiles, desired } = this.#parts.stores;
    const record = await this.#find(id);
    const names = await this.#names(record.published?.assignments ?? []);
    const revisions = await profiles.revisions(id);
    const fates = await this.#parts.stores.changes.fates('profile', id);
    const rollout = (await rolloutsOf(this.#parts.stores.rollouts)).get(id);
    return detailOf(record, { revisions, fates, rollout }, names, await desired.scopeCounts());
  }

  async saveDraft(id: string, content: ProfileContent, version: number, actor: Actor): Promise<ProfileDetail> {
    const { stores } = this.#parts;
    const record = await this.#find(id);
    await this.#demandSound(content);
    await stores.profiles.saveDraft(id, content, version);
    await this.#tell('profile-draft-saved', id, `The draft of “${record.name}” was saved.`, actor);
    this.#parts.bus.publish('draft-changed', { profileId: id });
    return await this.read(id);
  }

  /** Throwing away a draft that is not there changes nothing. */
  async discardDraft(id: string, actor: Actor): Promise<ProfileDetail> {
    const record = await this.#find(id);
    if (record.draft !== null) {
      await this.#parts.stores.profiles.saveDraft(id, null, record.version);
      await this.#tell('profile-draft-discarded', id, `The draft of “${record.name}” was thrown away.`, actor);
      this.#parts.bus.publish('draft-changed', { profileId: id });
    }
    return await this.read(id);
  }

  async preview(id: string, content: ProfileContent): Promise<Preview> {
    const { preview } = await this.#parts.previews.of([{ kind: 'profile', id, content }]);
    const { devices, people, sample, unknown, problems } = preview;
    const shown = sample.map(({ deviceId, deviceName, person, changes }) => ({
      deviceId,
      deviceName,
      person,
      changes,
    }));
    return { devices, people, sample: shown, unknown, problems };
  }

  /** The quick door for a small change: what needs more is made a change that waits (`Changes.publishAtOnce`). */
  async publish(id: string, version: number, note: string, by: Author): Promise<ProfileDetail> {
    await this.#publish(await this.#find(id), { kind: 'profile', id, version }, note, by);
    return await this.read(id);
  }

  /** Not before the revision is what devices should hold: they would be judged by the one before. */
  async landing(id: string): Promise<Landing> {
    await this.#parts.settled();
    return await readLanding(await this.#find(id), this.#parts.stores, this.#parts.isConnected);
  }

  /** A draft somebody is working on in the console stays, though it must be loaded again to be saved. */
  async applyDocument(
    document: { name: string; description: string; content: ProfileContent },
    by: Author,
  ): Promise<'created' | 'updated' | 'unchanged'> {
    const { profiles } = this.#parts.stores;
    const { description, content } = document;
    const existing = await profiles.findByName(document.name.trim());
    if (existing && existing.description === description && isPublished(existing, content)) return 'unchanged';
    await this.#demandSound(content);
    const id = existing?.id ?? (await this.create(document.name, description, by.actor)).profile.id;
    if (existing && existing.description !== description) {
      await profiles.setDescription(id, description, existing.version);
      await this.#tell('profile-described', id, `The description of “${existing.name}” was changed.`, by.actor);
    }
    const record = await this.#find(id);
    const item = { kind: 'profile' as const, id, version: record.version, content };
    if (!isPublished(record, content)) await this.#publish(record, item, `Applied by ${by.actor}`, by);
    return existing ? 'updated' : 'created';
  }

  async settingsOfDevice(deviceId: string): Promise<SettingView[]> {
    return await readSettings(deviceId, this.#parts.stores, this.#parts.hosts, this.#parts.clock.now());
  }

  async sectionsOfDevice(deviceId: string): Promise<SectionView[]> {
    return await readSections(deviceId, this.#parts.stores);
  }

  async #publish({ name }: ProfileRecord, item: ProposedItem, note: string, by: Author): Promise<void> {
    await this.#parts.changes.publishAtOnce({ title: name, note, items: [item] }, by);
  }

  async #find(id: string): Promise<ProfileRecord> {
    const record = await this.#parts.stores.profiles.find(id);
    if (!record) throw new CodedError('not-found', 'There is no such profile.');
    return record;
  }

  async #demandSound(content: ProfileContent): Promise<void> {
    const problems = await problemsOf(content, this.#parts.stores);
    if (problems.length > 0) throw new CodedError('bad-profile', undefined, problems);
  }

  async #names(assignments: readonly { to: Selector }[]): Promise<SelectorNames> {
    return await readNames(
      this.#parts.stores.profiles,
      assignments.map(({ to }) => to),
    );
  }

  async #tell(code: string, id: string, words: string, actor: Actor): Promise<void> {
    await this.#parts.events.add({ actor, code, words, subject: { kind: 'profile', id } });
  }
}

function isPublished({ published }: ProfileRecord, content: ProfileContent): boolean {
  return published !== null && canonicalJson(contentOf(published)) === canonicalJson(contentOf(content));
}
