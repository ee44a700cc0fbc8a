import Type from 'typebox';
import { permissions } from '../../access/permissions.ts';
import { roles } from '../../access/roles.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { signSides } from './changes.ts';

/** A role for a unit and all below it; without a unit for the district. */
export const GrantInput = strictObject({ role: choice(roles), orgId: Nullable(Id) });
export type GrantInput = Type.Static<typeof GrantInput>;
export const GrantInputs = Type.Array(GrantInput, { maxItems: 50 });

export const GrantView = strictObject({ role: choice(roles), orgId: Nullable(Id), orgName: Nullable(text(255)) });
export type GrantView = Type.Static<typeof GrantView>;

/** What whoever is signed in may do: anywhere, and over the whole district. The server decides; this says what to show. */
export const OwnAccess = strictObject({
  grants: Type.Array(GrantView),
  permissions: Type.Array(choice(permissions)),
  districtPermissions: Type.Array(choice(permissions)),
});
export type OwnAccess = Type.Static<typeof OwnAccess>;

/** Somebody who may sign in, as owners see them. */
export const StaffAccount = strictObject({
  id: Id,
  name: text(200),
  email: text(255),
  status: choice(['active', 'disabled']),
  grants: Type.Array(GrantView),
  signsFor: Type.Array(choice(signSides)),
  hasPassword: Type.Boolean(),
  passkeys: Type.Integer({ minimum: 0 }),
  hasCodeApp: Type.Boolean(),
  /** Sessions that are open now. */
  sessions: Type.Integer({ minimum: 0 }),
  lastSeenAt: Nullable(Instant),
  createdAt: Instant,
});
export type StaffAccount = Type.Static<typeof StaffAccount>;
