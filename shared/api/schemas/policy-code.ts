import Type from 'typebox';
import { SchoolCalendar } from '../../calendar/calendar.ts';
import { CompliancePolicy, ComplianceSteps } from '../../compliance/policy.ts';
import { Selector } from '../../policy/selector.ts';
import { CategoryId } from '../../profile/web-filter.ts';
import { choice, Sha256, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { PublishingSettings } from './changes.ts';
import { FilterSettings } from './filter.ts';
import { ProfileContent } from './profiles.ts';

/*
 * The whole policy of a district as documents. They name units, people and classes by sourcedId, profiles and groups by
 * name: nothing of it means something on one server only.
 */

const Name = text(120, { minLength: 1 });
const Description = text(1000);
const Count = Type.Integer({ minimum: 0 });

export const PolicyProfile = strictObject({ name: Name, description: Description, ...ProfileContent.properties });
export type PolicyProfile = Type.Static<typeof PolicyProfile>;

const most = 20_000;
export const PolicyGroup = Type.Union([
  strictObject({ name: Name, description: Description, kind: Type.Literal('rule'), selector: Selector }),
  strictObject({
    name: Name,
    description: Description,
    kind: Type.Literal('list'),
    people: Type.Array(text(255, { minLength: 1, description: 'sourcedId' }), { maxItems: most }),
    devices: Type.Array(text(100, { minLength: 1, description: 'serial number' }), { maxItems: most }),
  }),
]);
export type PolicyGroup = Type.Static<typeof PolicyGroup>;

export const PolicyCalendar = strictObject({
  unit: Nullable(text(255, { minLength: 1, description: 'sourcedId of the unit; null: the district itself' })),
  ...SchoolCalendar.properties,
});
export type PolicyCalendar = Type.Static<typeof PolicyCalendar>;

export const PolicyList = strictObject({
  category: CategoryId,
  title: text(100),
  source: text(500),
  licence: text(200),
  subscription: Nullable(
    strictObject({
      url: Type.String({ maxLength: 500, pattern: '^https?://' }),
      refreshHours: Type.Integer({ minimum: 1, maximum: 24 * 30 }),
    }),
  ),
  /** What the district takes out of the list, and what the list itself does. */
  exceptions: Type.Array(text(253, { minLength: 1 }), { maxItems: 500 }),
  ownExceptions: Type.Array(text(253, { minLength: 1 }), { maxItems: 500 }),
  /** The compiled names: a file of this SHA-256. Names cannot be had back from it. */
  artifact: Sha256,
  /** How the list was written, and how many of its rows could not be used. */
  format: text(40),
  skipped: Count,
  canary: Nullable(text(253, { description: 'a listed name by which devices prove that it blocks' })),
});
export type PolicyList = Type.Static<typeof PolicyList>;

export const PolicyCompliance = strictObject({
  ...CompliancePolicy.properties,
  steps: Type.Optional(
    strictObject({
      ...ComplianceSteps.properties,
      restrict: Nullable(
        strictObject({
          profile: text(120, { minLength: 1, description: 'name of a profile of a web filter or browser alone' }),
          afterDays: Type.Integer({ minimum: 0, maximum: 60 }),
        }),
      ),
    }),
  ),
});
export type PolicyCompliance = Type.Static<typeof PolicyCompliance>;

/** Without one of the last three: it stays as it is. */
export const Policy = strictObject({
  profiles: Type.Array(PolicyProfile, { maxItems: 500 }),
  groups: Type.Array(PolicyGroup, { maxItems: 500 }),
  calendars: Type.Array(PolicyCalendar, { maxItems: 500 }),
  lists: Type.Array(PolicyList, { maxItems: 200 }),
  compliance: Type.Optional(PolicyCompliance),
  filter: Type.Optional(FilterSettings),
  publishing: Type.Optional(PublishingSettings),
});
export type Policy = Type.Static<typeof Policy>;

export const policyKinds = ['list', 'filter', 'calendar', 'group', 'profile', 'compliance', 'publishing'] as const;
export type PolicyKind = (typeof policyKinds)[number];

const Key = text(320, { description: 'kind and name: `profile Student web filter`' });

/** The policy to be, and what the folder it comes from knows of the one there is. */
export const PolicyWish = strictObject({
  policy: Policy,
  /**
   * The folder's own name, made when it was exported (null: it was written by hand); the district it was last in step with (SHA-256 of its root
   * certificate), and the fingerprint of each object as it was there. Of another district it knows nothing.
   */
  folder: strictObject({
    id: Nullable(Id),
    district: Nullable(Sha256),
    known: Type.Record(Key, Sha256, { maxProperties: 5_000 }),
  }),
  /** Take away what is not in the folder. */
  prune: Type.Boolean(),
});
export type PolicyWish = Type.Static<typeof PolicyWish>;

export const PolicyStep = strictObject({
  kind: choice(policyKinds),
  name: text(300),
  action: choice(['create', 'update', 'remove', 'unchanged']),
  /** What becomes different, in words; at most 20. */
  differences: Type.Array(text(600)),
  /** Somebody changed it here since the folder was exported or last applied. */
  changedHere: Nullable(strictObject({ by: text(300), at: Nullable(Instant) })),
  /** `waits`: for the change to be published. */
  state: choice(['planned', 'done', 'waits']),
});
export type PolicyStep = Type.Static<typeof PolicyStep>;

/** What applying would do, or did. */
export const PolicyPlan = strictObject({
  steps: Type.Array(PolicyStep),
  /** How many devices and people change with the profiles and groups; null: these stay, or it cannot be worked out yet. */
  preview: Nullable(strictObject({ devices: Count, people: Count, percent: Type.Number() })),
  /** Why it cannot be applied; empty: it can. */
  problems: Type.Array(text(700)),
  /** What is worth a look, and hinders nothing. */
  warnings: Type.Array(text(700)),
  /** The change that carries the profiles and groups. */
  change: Nullable(strictObject({ id: Id, published: Type.Boolean(), needs: Type.Array(text(400)) })),
  /** To be kept in the folder: its name, and the district it is in step with. */
  folder: strictObject({ id: Id, district: Sha256 }),
});
export type PolicyPlan = Type.Static<typeof PolicyPlan>;
