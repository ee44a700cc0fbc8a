import Type from 'typebox';
import { PlatformName } from '../../protocol/messages.ts';
import { TrustVersion } from '../../protocol/trust.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, Id, IdParams, route } from '../contract.ts';
import { CustodyView, TokenView } from '../schemas.ts';

/** Devices in hand: custody, tags, approval, revocation, enrolment tokens and keys. */
export const devicesRoutes = {
  openCustody: route('POST', '/api/devices/:id/custody', {
    summary: 'Hand a device to a person; an open custody of the device ends',
    params: IdParams,
    body: strictObject({ personId: Id, kind: choice(['primary', 'loan']) }),
    response: CustodyView,
  }),
  closeCustody: route('DELETE', '/api/devices/:id/custody', {
    summary: 'Take a device back',
    params: IdParams,
    response: CustodyView,
  }),
  setDeviceTags: route('PUT', '/api/devices/:id/tags', {
    summary: 'Replace the tags of a device',
    params: IdParams,
    body: strictObject({
      tags: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$' }), { maxItems: 20 }),
    }),
    response: Done,
  }),
  approveDevice: route('POST', '/api/devices/:id/approve', {
    summary: 'Let in a device whose enrolment was held',
    params: IdParams,
    response: Done,
  }),
  revokeDevice: route('POST', '/api/devices/:id/revoke', {
    summary: 'Revoke the certificate of a device and close its session; it must enrol again',
    params: IdParams,
    body: strictObject({ reason: text(200) }),
    response: Done,
  }),
  listTokens: route('GET', '/api/tokens', {
    summary: 'Enrolment tokens, without their secrets',
    response: strictObject({ items: Type.Array(TokenView) }),
  }),
  createToken: route('POST', '/api/tokens', {
    summary: 'Make an enrolment token; its text is shown once',
    body: strictObject({
      label: Type.Optional(text(120)),
      maxUses: Type.Integer({ minimum: 1, maximum: 100_000 }),
      expiresInSeconds: Type.Integer({ minimum: 60, maximum: 366 * 86_400 }),
      orgId: Type.Optional(Id),
      platform: Type.Optional(PlatformName),
      approval: Type.Optional(choice(['automatic', 'hold'])),
      personId: Type.Optional(Id),
      /** Marks the devices that enrol with it as simulated: they are shown as such and counted apart. */
      simulated: Type.Optional(Type.Boolean()),
      tags: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$' }), { maxItems: 20 })),
    }),
    response: strictObject({ token: text(1000), view: TokenView }),
    secret: true,
  }),
  revokeToken: route('DELETE', '/api/tokens/:id', {
    summary: 'Revoke an enrolment token',
    params: IdParams,
    response: Done,
  }),
  rotateSecretsKey: route('POST', '/api/secrets-key/rotate', {
    summary: 'Seal the secrets in the database with a new key',
    response: strictObject({ resealed: Type.Integer({ minimum: 0 }) }),
  }),
  rotateStateKey: route('POST', '/api/state-key/rotate', {
    summary: 'Sign desired states with a new key; devices follow by a statement the old key signs',
    response: strictObject({ version: TrustVersion, keyId: text(64) }),
  }),
} as const;
