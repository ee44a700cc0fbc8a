import Type from 'typebox';
import { AssignmentInput } from '../../policy/selector.ts';
import { ProfileSettings } from '../../profile/registry.ts';
import { SectionStatus } from '../../protocol/messages.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { rolloutStates } from './rollouts.ts';

export const ProfileSummary = strictObject({
  id: Id,
  name: text(120),
  description: text(1000),
  publishedRevision: Nullable(Type.Integer()),
  publishedAt: Nullable(Instant),
  hasDraft: Type.Boolean(),
  capabilities: Type.Array(text(40)),
  assignments: Type.Array(strictObject({ input: AssignmentInput, words: text(400) })),
  deviceCount: Type.Integer(),
  /** What is published is a locked minimum. */
  locked: Type.Optional(Type.Boolean()),
  /** The published revision is on its way in rings: `Ring 2 of 4, 61 of 600 devices`. */
  rollout: Type.Optional(strictObject({ id: Id, words: text(200) })),
});
export type ProfileSummary = Type.Static<typeof ProfileSummary>;

export const ProfileContent = strictObject({
  settings: ProfileSettings,
  assignments: Type.Array(AssignmentInput, { maxItems: 200 }),
  /** A locked minimum: goes before everything else, and nothing weakens it. */
  locked: Type.Optional(Type.Boolean()),
});
export type ProfileContent = Type.Static<typeof ProfileContent>;

export const ProfileDetail = strictObject({
  profile: ProfileSummary,
  /** What the form shows: the draft if there is one, else what is published. */
  content: ProfileContent,
  /** Changes with every save; send it back so that nobody's change is lost. */
  version: Type.Integer(),
  revisions: Type.Array(
    strictObject({
      number: Type.Integer(),
      publishedAt: Instant,
      by: text(300),
      note: text(500),
      settings: ProfileSettings,
      /** How its rollout ended, or stands; absent: it went to everybody at once. */
      rollout: Type.Optional(choice(['draft', ...rolloutStates])),
    }),
  ),
});
export type ProfileDetail = Type.Static<typeof ProfileDetail>;

/** Before publishing: exactly who changes, and what. */
export const Preview = strictObject({
  devices: Type.Integer(),
  people: Type.Integer(),
  /** The first of them, with each setting before and after. */
  sample: Type.Array(
    strictObject({
      deviceId: Id,
      deviceName: text(253),
      person: Nullable(text(400)),
      changes: Type.Array(
        strictObject({
          capability: text(40),
          setting: text(60),
          title: text(120),
          before: Type.Unknown(),
          after: Type.Unknown(),
        }),
      ),
    }),
  ),
  /** Devices where something a selector asks about is not known, so the last known scope stays. */
  unknown: Type.Array(strictObject({ deviceId: Id, deviceName: text(253), words: text(400) })),
  problems: Type.Array(text(500)),
});
export type Preview = Type.Static<typeof Preview>;

/** How a published revision is landing. */
export const Landing = strictObject({
  revision: Nullable(Type.Integer()),
  publishedAt: Nullable(Instant),
  total: Type.Integer(),
  verified: Type.Integer(),
  applied: Type.Integer(),
  pending: Type.Integer(),
  failed: Type.Integer(),
  unsupported: Type.Integer(),
  /** Failures first, then what is pending, then the rest; at most 200. */
  devices: Type.Array(
    strictObject({
      deviceId: Id,
      name: text(253),
      simulated: Type.Boolean(),
      connected: Type.Boolean(),
      status: SectionStatus,
      words: text(600),
      at: Nullable(Instant),
    }),
  ),
});
export type Landing = Type.Static<typeof Landing>;
