import type { Query, RequestBody, Response } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  ChangeSummary,
  ChangeView,
  GroupDetail,
  GroupSummary,
  ProfileContent,
  PublishingSettings,
  RevisionDiff,
  RowProblem,
} from '../shared/api/schemas.ts';
import type { GroupContent } from '../shared/policy/group.ts';
import type { Actor, Page } from './services.ts';

/** Who writes policy or decides about it. */
export interface Author {
  actor: Actor;
  /** Of staff; absent: the command line, an API token, or the server itself. */
  staffId?: string | undefined;
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
