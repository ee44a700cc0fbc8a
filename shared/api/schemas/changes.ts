import Type from 'typebox';
import { GroupContent } from '../../policy/group.ts';
import { RolloutPlan, usualPlan } from '../../policy/rollout-plan.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { ProfileContent } from './profiles.ts';

const Count = Type.Integer({ minimum: 0 });
const SettingChangeView = strictObject({
  capability: text(40),
  setting: text(60),
  title: text(120),
  before: Type.Unknown(),
  after: Type.Unknown(),
});

/** Content that is not published: a profile's or a group's. */
export const ChangedContent = Type.Union([
  strictObject({ kind: Type.Literal('profile'), id: Id, content: ProfileContent }),
  strictObject({ kind: Type.Literal('group'), id: Id, content: GroupContent }),
]);
export type ChangedContent = Type.Static<typeof ChangedContent>;

/** One device that a change touches. */
export const TouchedDevice = strictObject({
  deviceId: Id,
  deviceName: text(253),
  personId: Nullable(Id),
  person: Nullable(text(400)),
  org: Nullable(text(255)),
  changes: Type.Array(SettingChangeView),
});
export type TouchedDevice = Type.Static<typeof TouchedDevice>;

/** Stand where a unit would be named: of devices that nobody has, and of people without one. */
export const unitless = { nobody: 'In nobody’s custody', unknown: 'Unit not known' } as const;

/** Before anything is published: exactly who changes, and what. Worked out on every device. */
export const ChangePreview = strictObject({
  /** Names the result for some minutes: `listPreviewDevices` pages through every device. */
  id: Id,
  at: Instant,
  devices: Count,
  people: Count,
  /** Devices in service, and how many of them change, in percent. */
  of: Count,
  percent: Type.Number(),
  /** Distinct changes, the most frequent first; at most 200. */
  settings: Type.Array(strictObject({ ...SettingChangeView.properties, devices: Count, words: text(600) })),
  /** How many devices change in each unit, or in none (`unitless`); at most 200, the most first. */
  orgs: Type.Array(strictObject({ org: text(255), devices: Count })),
  /** The first 50 by name. */
  sample: Type.Array(TouchedDevice),
  /** Profiles that want different things of the same setting on the same device after the change, and which wins. */
  conflicts: Type.Array(
    strictObject({ title: text(120), winner: text(120), beaten: text(120), devices: Count, words: text(600) }),
  ),
  /** Settings of locked minimums that change. */
  locked: Type.Array(strictObject({ profile: text(120), title: text(120), devices: Count, words: text(600) })),
  unknown: Type.Array(strictObject({ deviceId: Id, deviceName: text(253), words: text(400) })),
  unknownDevices: Count,
  problems: Type.Array(text(500)),
});
export type ChangePreview = Type.Static<typeof ChangePreview>;

export const signSides = ['it', 'curriculum'] as const;
export type SignSide = (typeof signSides)[number];
export const requirementKinds = ['second-person', ...signSides] as const;

/** What a change still needs, or has. */
export const Requirement = strictObject({
  kind: choice(requirementKinds),
  /** Why it is needed: `It touches 34 % of all devices; above 10 % a second person approves.` */
  why: text(400),
  metBy: Nullable(text(300)),
  metAt: Nullable(Instant),
});
export type Requirement = Type.Static<typeof Requirement>;

export const changeStates = ['open', 'scheduled', 'published', 'rejected', 'withdrawn'] as const;

export const ChangeSummary = strictObject({
  id: Id,
  title: text(200),
  state: choice(changeStates),
  items: Type.Array(
    strictObject({
      kind: choice(['profile', 'group']),
      id: Id,
      name: text(120),
      fromRevision: Nullable(Type.Integer()),
    }),
  ),
  by: text(300),
  at: Instant,
  devices: Count,
  people: Count,
  percent: Type.Number(),
  /** True: everything it needs is there. */
  ready: Type.Boolean(),
  /** Which of its requirements nobody has met yet. */
  needs: Type.Array(choice(requirementKinds)),
  /** True: whoever asks may approve it, for they can meet one of these. */
  mayApprove: Type.Boolean(),
  /** True: whoever asks proposed it, and may take it back; others may reject it. */
  isOwn: Type.Boolean(),
  publishAt: Nullable(Instant),
  publishedAt: Nullable(Instant),
  rolloutId: Nullable(Id),
  comments: Count,
});
export type ChangeSummary = Type.Static<typeof ChangeSummary>;

/** A change to be reviewed: frozen drafts with what they do. */
export const ChangeView = strictObject({
  change: ChangeSummary,
  note: text(500),
  preview: ChangePreview,
  /** True: policy, people or devices have changed since it was previewed. */
  outdated: Type.Boolean(),
  requirements: Type.Array(Requirement),
  /** What hinders publication now, in words: a freeze, a rollout at work, a missing approval. */
  hindrances: Type.Array(text(400)),
  /** True: a freeze is among these; who gives a reason publishes all the same. */
  inFreeze: Type.Boolean(),
  /** `null`: to everybody at once. */
  plan: Nullable(RolloutPlan),
  decisions: Type.Array(
    strictObject({
      by: text(300),
      at: Instant,
      decision: choice(['approved', 'rejected']),
      side: choice(requirementKinds),
      words: text(1000),
    }),
  ),
  comments: Type.Array(strictObject({ by: text(300), at: Instant, words: text(2000) })),
});
export type ChangeView = Type.Static<typeof ChangeView>;

/** How two revisions differ. */
export const RevisionDiff = strictObject({
  from: Nullable(Type.Integer()),
  to: Nullable(Type.Integer({ description: 'null: the draft' })),
  settings: Type.Array(SettingChangeView),
  assignments: Type.Array(strictObject({ before: Nullable(text(600)), after: Nullable(text(600)) })),
});
export type RevisionDiff = Type.Static<typeof RevisionDiff>;

/** How this district publishes policy. */
export const PublishingSettings = strictObject({
  /** A change that touches more than this share of all devices, in percent, and at least so many, needs a second person. */
  approvalPercent: Type.Number({ minimum: 0, maximum: 100 }),
  approvalLeast: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  /** Which side signs a change of these capabilities, whatever its size. */
  coSigning: Type.Array(strictObject({ capability: text(40), side: choice(signSides) }), { maxItems: 40 }),
  /** Nothing is published on the freeze days of any calendar. */
  keepCalendarFreezes: Type.Boolean(),
  /** Further times in which nothing is published (UTC, ISO 8601). */
  freezes: Type.Array(strictObject({ title: text(100, { minLength: 1 }), from: Instant, to: Instant }), {
    maxItems: 100,
  }),
  plan: RolloutPlan,
  /** A change that touches fewer devices goes to all of them at once: rings of one device prove nothing. */
  fewDevices: Type.Integer({ minimum: 0, maximum: 10_000 }),
});
export type PublishingSettings = Type.Static<typeof PublishingSettings>;

/** What a district starts with. */
export const publishingDefaults: PublishingSettings = {
  approvalPercent: 10,
  approvalLeast: 20,
  coSigning: [],
  keepCalendarFreezes: true,
  freezes: [],
  plan: usualPlan,
  fewDevices: 20,
};
