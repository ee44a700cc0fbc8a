import type { Query, RequestBody, Response } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  ChangeSummary,
  ChangeView,
  Explanation,
  GroupDetail,
  GroupSummary,
  Landing,
  PolicyPlan,
  PolicyWish,
  Preview,
  ProfileContent,
  ProfileDetail,
  ProfileSummary,
  PublishingSettings,
  RevisionDiff,
  RowProblem,
  SectionView,
  SettingView,
} from '../shared/api/schemas.ts';
import type { GroupContent } from '../shared/policy/group.ts';
import type { SignedManifest } from '../shared/protocol/messages.ts';
import type { Actor, Page } from './services.ts';

/** Who writes policy or decides about it. */
export interface Author {
  actor: Actor;
  /** Of staff; absent: the command line, an API token, or the server itself. */
  staffId?: string | undefined;
  /** Of an API token: the account that made it. */
  makerId?: string | undefined;
}

/** A profile or group to be published: its draft, or contents of the caller's that leave the draft alone. */
export type ProposedItem =
  | { kind: 'profile'; id: string; version: number; content?: ProfileContent }
  | { kind: 'group'; id: string; version: number; content?: GroupContent };

export interface Proposal extends Omit<RequestBody<Routes['proposeChange']>, 'items'> {
  items: readonly ProposedItem[];
}

/** `server/changes`: drafts that are reviewed, approved, scheduled and published together. */
export interface Changes {
  /**
   * `conflict` when nothing differs from what is published, or an item is in another live change or on its way in rings;
   * `bad-profile` when something is wrong in it.
   */
  propose(proposal: Proposal, by: Author): Promise<ChangeView>;
  /**
   * Proposes and publishes in one go. `approval-needed` or `in-freeze` when that cannot be yet: the change is made and waits
   * then; the error's first detail is its id.
   */
  publishAtOnce(proposal: Proposal, by: Author): Promise<ChangeView>;
  list(query: Query<Routes['listChanges']>, reader: Author): Promise<Page<ChangeSummary>>;
  read(id: string, reader: Author): Promise<ChangeView>;
  refresh(id: string, reader: Author): Promise<ChangeView>;
  comment(id: string, words: string, by: Author): Promise<ChangeView>;
  decide(id: string, decision: RequestBody<Routes['decideChange']>, by: Author): Promise<ChangeView>;
  schedule(id: string, publishAt: string | null, by: Author): Promise<ChangeView>;
  publish(id: string, despiteFreeze: string | undefined, by: Author): Promise<ChangeView>;
  withdraw(id: string, by: Author): Promise<ChangeView>;
  returnTo(profileId: string, wanted: RequestBody<Routes['returnToRevision']>, by: Author): Promise<ChangeView>;
  diff(profileId: string, revisions: Query<Routes['diffRevisions']>): Promise<RevisionDiff>;
}

/** `server/changes`: how the district publishes policy. */
export interface Publishing {
  read(): Promise<Response<Routes['readPublishing']>>;
  /** `approval-needed` for what weakens them, until a second person saves the same. */
  save(
    settings: PublishingSettings,
    version: number,
    by: Author,
  ): Promise<{ settings: PublishingSettings; version: number }>;
}

/** `server/groups`: saved groups and their drafts. `bad-group` when something is wrong in one. */
export interface Groups {
  list(): Promise<GroupSummary[]>;
  read(id: string): Promise<GroupDetail>;
  create(group: RequestBody<Routes['createGroup']>, actor: Actor): Promise<GroupDetail>;
  saveDraft(id: string, content: GroupContent, version: number, actor: Actor): Promise<GroupDetail>;
  discardDraft(id: string, actor: Actor): Promise<GroupDetail>;
  importList(id: string, bytes: Uint8Array, actor: Actor): Promise<{ group: GroupDetail; problems: RowProblem[] }>;
  delete(id: string, actor: Actor): Promise<void>;
}

/** `server/profiles`: drafts, previews, revisions. */
export interface Profiles {
  list(): Promise<ProfileSummary[]>;
  create(name: string, description: string, actor: Actor): Promise<ProfileDetail>;
  read(id: string): Promise<ProfileDetail>;
  saveDraft(id: string, content: ProfileContent, version: number, actor: Actor): Promise<ProfileDetail>;
  discardDraft(id: string, actor: Actor): Promise<ProfileDetail>;
  preview(id: string, content: ProfileContent): Promise<Preview>;
  /** `approval-needed` or `in-freeze` when it needs more: it is a change that waits then. */
  publish(id: string, version: number, note: string, by: Author): Promise<ProfileDetail>;
  landing(id: string): Promise<Landing>;
  /**
   * For `rollcall apply`: makes or updates by name and publishes when something differs. Returns what was done.
   */
  applyDocument(
    document: { name: string; description: string; content: ProfileContent },
    by: Author,
  ): Promise<'created' | 'updated' | 'unchanged'>;
  settingsOfDevice(deviceId: string): Promise<SettingView[]>;
  sectionsOfDevice(deviceId: string): Promise<SectionView[]>;
}

/** What a device should hold; equal states are one object. */
export interface GivenState {
  generation: number;
  signed: SignedManifest;
}

/** `server/profiles`: the signed state each device should hold. */
export interface DesiredStates {
  /**
   * Made on first use; the same signed bytes serve every device with the same state. `held` is the generation the
   * device says it holds: when that is later than what it should hold (the server was restored from a backup, or the
   * device enrolled again), the state is signed anew with a later generation, for else the device would refuse it.
   */
  forDevice(deviceId: string, held?: number): Promise<GivenState>;
  /** The same for many at once: device → the generation it holds. Those that are unknown or not active are absent. */
  forDevices(held: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, GivenState>>;
  /** The content of a section by hash; undefined when unknown. */
  section(hash: string): Promise<string | undefined>;
}

/** Who applies documents, and what they may write beside profiles, groups, lists, calendars and filter settings. */
export interface PolicyAuthor extends Author {
  may: { compliance: boolean; publishing: boolean };
}

/** `server/policy-code`: the whole policy as documents. */
export interface PolicyCode {
  export(): Promise<Response<Routes['exportPolicy']>>;
  /** What applying would do; changes nothing. */
  diff(wish: PolicyWish): Promise<PolicyPlan>;
  /** Checked whole before anything is written. `changed-meanwhile` names what somebody changed here, unless `overwrite`. */
  apply(wish: RequestBody<Routes['applyPolicy']>, by: PolicyAuthor): Promise<PolicyPlan>;
}

/** `server/explain`: where each effective setting comes from. `setting` is `capability` or `capability.setting`. */
export interface Explanations {
  ofDevice(id: string, setting: string | undefined): Promise<Explanation>;
  /** Of every device the person has; none for who has none. */
  ofPerson(id: string, setting: string | undefined): Promise<Explanation[]>;
}
