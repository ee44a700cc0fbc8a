import type { PolicyGroup, PolicyProfile, ProfileContent } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { ProposedItem } from '../policy-service-types.ts';
import type { Actor, Profiles } from '../services.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { contentOf, withdrawn } from './live-policy.ts';
import type { PlannedStep } from './plan.ts';

export interface ItemParts {
  stores: { profiles: ProfileStore; groups: GroupStore };
  profiles: Pick<Profiles, 'create'>;
  groups: {
    create(
      group: { name: string; description: string; content: GroupContent },
      actor: Actor,
    ): Promise<{ group: { id: string } }>;
  };
}

/**
 * What a change carries for a profile or group; made first where there is none of the name. Nothing where only its
 * description differs, which no device is told: that is written at once. Drafts stay as they are.
 */
export async function itemsFor(step: PlannedStep, parts: ItemParts, actor: Actor): Promise<ProposedItem[]> {
  return step.object.kind === 'group' ? await groupItem(step, parts, actor) : await profileItem(step, parts, actor);
}

async function profileItem({ object, action }: PlannedStep, parts: ItemParts, actor: Actor): Promise<ProposedItem[]> {
  const { name, description, settings, assignments, locked } = object.document as PolicyProfile;
  const content = action === 'remove' ? withdrawn : { settings, assignments, ...(locked && { locked }) };
  const { profiles } = parts.stores;
  const there = await profiles.findByName(name);
  const id = there?.id ?? (await parts.profiles.create(name, description, actor)).profile.id;
  const version = await described(profiles, id, action === 'remove' ? undefined : description);
  const { published } = there ?? {};
  return published && isSameProfile(published, content) ? [] : [{ kind: 'profile', id, version, content }];
}

async function groupItem({ object }: PlannedStep, parts: ItemParts, actor: Actor): Promise<ProposedItem[]> {
  const document = object.document as PolicyGroup;
  const { name, description } = document;
  const content = contentOf(document);
  const { groups } = parts.stores;
  const there = await groups.findByName(name);
  const id = there?.id ?? (await parts.groups.create({ name, description, content }, actor)).group.id;
  const version = await described(groups, id, description);
  const { published } = there ?? {};
  const isSame = published && canonicalJson(contentOf(published.content)) === canonicalJson(content);
  return isSame ? [] : [{ kind: 'group', id, version, content }];
}

interface Described {
  find(id: string): Promise<{ description: string; version: number } | undefined>;
  setDescription(id: string, description: string, version: number): Promise<void>;
}

/** Its version once it is described so; undefined: as it is. */
async function described(store: Described, id: string, description: string | undefined): Promise<number> {
  const record = await store.find(id);
  if (!record) throw new CodedError('changed-meanwhile');
  if (description === undefined || record.description === description) return record.version;
  await store.setDescription(id, description, record.version);
  return record.version + 1;
}

function isSameProfile(a: ProfileContent, b: ProfileContent): boolean {
  const plain = ({ settings, assignments, locked = false }: ProfileContent) =>
    canonicalJson({ settings, assignments, locked });
  return plain(a) === plain(b);
}
