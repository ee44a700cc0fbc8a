import type { GroupDetail, GroupSummary, ReachCount, RowProblem } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type GroupContent, mostListed } from '../../shared/policy/group.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { type SelectorNames, selectorWords } from '../../shared/policy/words.ts';
import type { Bus } from '../bus.ts';
import { readPublishing } from '../changes/publishing-settings.ts';
import { readCompliancePolicy } from '../compliance/policy.ts';
import type { Groups } from '../policy-service-types.ts';
import { readNames } from '../profiles/names.ts';
import type { Actor, EventLog } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { GroupRecord, GroupStore } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { groupsWithDrafts, problemsOfGroup } from './group-problems.ts';
import { usesOf } from './group-use.ts';
import { readListFile } from './list-file.ts';
import { readMembers } from './list-members.ts';

export interface GroupParts {
  stores: { groups: GroupStore; profiles: ProfileStore; documents: DocumentStore };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  /** How many each of these reaches now, by what is published; in their order. */
  count: (contents: readonly GroupContent[]) => Promise<ReachCount[]>;
}

/** Longer ones would make every answer about a list heavy. */
const revisionsShown = 10;
const nobody: ReachCount = { devices: 0, people: 0, unknown: 0 };

/**
 * Saved groups and their drafts. What is published is for a change to decide. A group keeps its name, for selectors refer
 * to it by that.
 */
export class GroupService implements Groups {
  readonly #parts: GroupParts;

  constructor(parts: GroupParts) {
    this.#parts = parts;
  }

  async list(): Promise<GroupSummary[]> {
    return await this.#summaries(await this.#parts.stores.groups.list());
  }

  async read(id: string): Promise<GroupDetail> {
    const record = await this.#find(id);
    const [group] = await this.#summaries([record]);
    if (!group) throw new Error(`the group ${id} has no summary`);
    const revisions = (await this.#parts.stores.groups.revisions(id)).slice(0, revisionsShown);
    return {
      group,
      content: contentOf(record),
      version: record.version,
      revisions: revisions.map(({ publishedAt, ...rest }) => ({
        ...rest,
        publishedAt: new Date(publishedAt).toISOString(),
      })),
    };
  }

  /** Groups that are to be made with it may be named before they are there: nothing is published yet. */
  async create(
    wanted: { name: string; description: string; content: GroupContent },
    actor: Actor,
  ): Promise<GroupDetail> {
    const { stores, clock, random } = this.#parts;
    const name = wanted.name.trim();
    if (name === '') throw new CodedError('bad-group', 'A group needs a name.');
    await this.#demandSound(name, wanted.content, { mayLack: true });
    const id = random.uuid();
    const { description, content: draft } = wanted;
    await stores.groups.insert({ id, name, description, draft, createdAt: clock.now() });
    await this.#tell('group-created', id, `The group “${name}” was made.`, actor);
    return await this.read(id);
  }

  async saveDraft(id: string, content: GroupContent, version: number, actor: Actor): Promise<GroupDetail> {
    const { name } = await this.#find(id);
    await this.#demandSound(name, content);
    await this.#parts.stores.groups.saveDraft(id, content, version);
    await this.#tell('group-draft-saved', id, `The draft of the group “${name}” was saved.`, actor);
    return await this.read(id);
  }

  /** `conflict` for one that was never published: nothing would be left of it. */
  async discardDraft(id: string, actor: Actor): Promise<GroupDetail> {
    const { name, draft, published, version } = await this.#find(id);
    if (published === null)
      throw new CodedError('conflict', `“${name}” is nothing but a draft. Delete the group instead.`);
    if (draft !== null) {
      await this.#parts.stores.groups.saveDraft(id, null, version);
      await this.#tell('group-draft-discarded', id, `The draft of the group “${name}” was thrown away.`, actor);
    }
    return await this.read(id);
  }

  /** The draft is as it was when the file names nobody that can be kept, or cannot be read (`bad-file`). */
  async importList(
    id: string,
    bytes: Uint8Array,
    actor: Actor,
  ): Promise<{ group: GroupDetail; problems: RowProblem[] }> {
    const { stores } = this.#parts;
    const { version } = await this.#find(id);
    const { content, problems } = await readMembers(readListFile(bytes), (by, keys) =>
      stores.groups.members.find(by, keys),
    );
    const most = Math.max(content.people.length, content.devices.length);
    if (most > mostListed) {
      const words = `A list holds at most ${mostListed.toLocaleString('en')} people and as many devices. Split the file.`;
      throw new CodedError('bad-file', words);
    }
    const group = most === 0 ? await this.read(id) : await this.saveDraft(id, content, version, actor);
    return { group, problems };
  }

  /** `conflict` while anything published or drafted uses it. */
  async delete(id: string, actor: Actor): Promise<void> {
    const { name } = await this.#find(id);
    const [first, ...others] = (await this.#uses()).get(name) ?? [];
    if (first !== undefined) {
      const whom = others.length === 0 ? first : `${first} and ${others.length} more`;
      throw new CodedError('conflict', `“${name}” is used by ${whom}. Take it out there first.`);
    }
    await this.#parts.stores.groups.delete(id);
    await this.#tell('group-deleted', id, `The group “${name}” was deleted.`, actor);
  }

  async #summaries(records: readonly GroupRecord[]): Promise<GroupSummary[]> {
    const { stores, count } = this.#parts;
    const names = await readNames(
      stores.profiles,
      records.flatMap((record) => rulesOf(contentOf(record))),
    );
    const uses = await this.#uses();
    const published = records.flatMap((one) => (one.published ? [{ id: one.id, content: one.published.content }] : []));
    const reached = await count(published.map(({ content }) => content));
    const reach = new Map(published.map(({ id }, index) => [id, reached[index]]));
    return records.map((record) => ({
      ...{ id: record.id, name: record.name, description: record.description },
      kind: contentOf(record).kind,
      words: contentWords(contentOf(record), names).slice(0, 1000),
      publishedRevision: record.published?.number ?? null,
      hasDraft: record.draft !== null,
      reach: reach.get(record.id) ?? nobody,
      usedBy: uses.get(record.name) ?? [],
    }));
  }

  async #uses(): Promise<Map<string, string[]>> {
    const { profiles, groups, documents } = this.#parts.stores;
    const { policy: compliance } = await readCompliancePolicy(documents);
    const { settings: publishing } = await readPublishing(documents);
    return usesOf({ profiles: await profiles.list(), groups: await groups.list(), compliance, publishing });
  }

  async #demandSound(name: string, content: GroupContent, { mayLack = false } = {}): Promise<void> {
    const { groups, profiles } = this.#parts.stores;
    const others = groupsWithDrafts(await groups.list());
    const { errors } = await problemsOfGroup(name, content, others, profiles);
    const problems = errors.filter((words) => !(mayLack && words.startsWith('There is no group')));
    if (problems.length > 0) throw new CodedError('bad-group', undefined, problems);
  }

  async #find(id: string): Promise<GroupRecord> {
    const record = await this.#parts.stores.groups.find(id);
    if (!record) throw new CodedError('not-found', 'There is no such group.');
    return record;
  }

  async #tell(code: string, id: string, words: string, actor: Actor): Promise<void> {
    await this.#parts.events.add({ actor, code, words, subject: { kind: 'group', id } });
    this.#parts.bus.publish('groups-changed', {});
  }
}

/** What the form shows; a group whose first publication was withdrawn is an empty list until it is drafted again. */
function contentOf({ draft, published }: GroupRecord): GroupContent {
  return draft ?? published?.content ?? { kind: 'list', people: [], devices: [] };
}

function rulesOf(content: GroupContent): Selector[] {
  return content.kind === 'rule' ? [content.selector] : [];
}

function contentWords(content: GroupContent, names: SelectorNames): string {
  if (content.kind === 'rule') return selectorWords(content.selector, names);
  const { people, devices } = content;
  return `${people.length} ${people.length === 1 ? 'person' : 'people'}, ${devices.length} ${devices.length === 1 ? 'device' : 'devices'}`;
}
