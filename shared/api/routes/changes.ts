import Type from 'typebox';
import { RolloutPlan } from '../../policy/rollout-plan.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, IdParams, Instant, Nullable, PageQuery, page, route } from '../contract.ts';
import {
  ChangedContent,
  ChangePreview,
  ChangeSummary,
  ChangeView,
  changeStates,
  PublishingSettings,
  RevisionDiff,
  TouchedDevice,
} from '../schemas.ts';

const Version = Type.Integer();
const Words = text(1000);

/** From a draft to what devices hold: preview, review, approval, schedule, publication. */
export const changeRoutes = {
  previewChange: route('POST', '/api/changes/preview', {
    summary: 'Who and what would change if these contents were published together; worked out on every device',
    body: strictObject({ items: Type.Array(ChangedContent, { minItems: 1, maxItems: 50 }) }),
    response: ChangePreview,
  }),
  listPreviewDevices: route('GET', '/api/previews/:id/devices', {
    summary: 'Every device of a preview, by name; `not-found` some minutes after it was made',
    params: IdParams,
    query: strictObject({ ...PageQuery, org: Type.Optional(text(255)), setting: Type.Optional(text(101)) }),
    response: page(TouchedDevice),
  }),
  proposeChange: route('POST', '/api/changes', {
    summary:
      'Freeze the drafts of profiles and groups as one change to be reviewed; without further need it may be published at once',
    body: strictObject({
      title: text(200, { minLength: 1 }),
      note: text(500),
      items: Type.Array(strictObject({ kind: choice(['profile', 'group']), id: Id, version: Version }), {
        minItems: 1,
        maxItems: 50,
      }),
      /** `null`: to everybody at once. Absent: as the district's settings say. */
      plan: Type.Optional(Nullable(RolloutPlan)),
      publishAt: Type.Optional(Nullable(Instant)),
    }),
    response: ChangeView,
  }),
  listChanges: route('GET', '/api/changes', {
    summary: 'Changes, those that wait first, then the newest',
    query: strictObject({
      ...PageQuery,
      state: Type.Optional(choice(changeStates)),
      profile: Type.Optional(Id),
      group: Type.Optional(Id),
    }),
    response: page(ChangeSummary),
  }),
  readChange: route('GET', '/api/changes/:id', { summary: 'One change', params: IdParams, response: ChangeView }),
  refreshChange: route('POST', '/api/changes/:id/preview', {
    summary: 'Work out anew what an open change does; approvals of the earlier preview fall when it does more',
    params: IdParams,
    response: ChangeView,
  }),
  commentChange: route('POST', '/api/changes/:id/comments', {
    summary: 'Say something about a change',
    params: IdParams,
    body: strictObject({ words: text(2000, { minLength: 1 }) }),
    response: ChangeView,
  }),
  decideChange: route('POST', '/api/changes/:id/decision', {
    summary: 'Approve or reject; nobody approves their own as the second person',
    params: IdParams,
    /** `preview`: the id of the one that was read; `changed-meanwhile` when it has been worked out anew since. */
    body: strictObject({ decision: choice(['approved', 'rejected']), words: Words, preview: Type.Optional(Id) }),
    response: ChangeView,
  }),
  scheduleChange: route('PUT', '/api/changes/:id/schedule', {
    summary: 'Publish at an instant, when it has what it needs by then; null: not by itself',
    params: IdParams,
    body: strictObject({ publishAt: Nullable(Instant) }),
    response: ChangeView,
  }),
  publishChange: route('POST', '/api/changes/:id/publish', {
    summary: 'Publish now',
    params: IdParams,
    /** With a reason it goes out in a freeze, when a second person has approved it. */
    body: strictObject({ despiteFreeze: Type.Optional(text(500, { minLength: 10 })) }),
    response: ChangeView,
  }),
  withdrawChange: route('POST', '/api/changes/:id/withdraw', {
    summary: 'Take an open or scheduled change back; the drafts stay',
    params: IdParams,
    response: ChangeView,
  }),
  diffRevisions: route('GET', '/api/profiles/:id/diff', {
    summary: 'How two revisions of a profile differ; without `to`: the draft',
    params: IdParams,
    query: strictObject({ from: Type.Integer(), to: Type.Optional(Type.Integer()) }),
    response: RevisionDiff,
  }),
  returnToRevision: route('POST', '/api/profiles/:id/return', {
    summary: 'Propose an earlier revision as the next one',
    params: IdParams,
    body: strictObject({ revision: Type.Integer(), version: Version, note: text(500) }),
    response: ChangeView,
  }),
  readPublishing: route('GET', '/api/publishing', {
    summary: 'How this district publishes policy, and what would weaken it once a second person saves the same',
    response: strictObject({
      settings: PublishingSettings,
      version: Version,
      proposed: Nullable(
        strictObject({ settings: PublishingSettings, by: text(300), at: Instant, weakens: Type.Array(text(300)) }),
      ),
    }),
  }),
  savePublishing: route('PUT', '/api/publishing', {
    summary:
      'Save how this district publishes policy; `approval-needed` for what weakens it, until a second person saves the same',
    body: strictObject({ settings: PublishingSettings, version: Version }),
    response: strictObject({ settings: PublishingSettings, version: Version }),
  }),
} as const;
