import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { IdParams, PageQuery, page, route } from '../contract.ts';
import {
  EscrowView,
  OpenedRecoveryKey,
  Passphrase,
  RecoveryKeyView,
  RecoveryRequestView,
  recoveryStates,
} from '../schemas/escrow.ts';

/** Recovery keys of disks, which only a second person can open. */
export const escrowRoutes = {
  readEscrow: route('GET', '/api/escrow', {
    summary: 'The escrow key that devices seal recovery keys for, and earlier ones',
    response: EscrowView,
  }),
  replaceEscrowKey: route('POST', '/api/escrow/key', {
    summary:
      'Make the escrow key, or a new one; with the earlier passphrase what was sealed so far is sealed again for it',
    body: strictObject({ passphrase: Passphrase, earlierPassphrase: Type.Optional(Passphrase) }),
    response: strictObject({ escrow: EscrowView, resealed: Type.Integer({ minimum: 0 }) }),
    secret: true,
  }),
  listRecoveryKeys: route('GET', '/api/devices/:id/recovery-keys', {
    summary: 'The recovery keys a device has handed in, without the keys',
    params: IdParams,
    response: strictObject({ items: Type.Array(RecoveryKeyView) }),
  }),
  askForRecoveryKey: route('POST', '/api/recovery-keys/:id/requests', {
    summary: 'Ask to read a recovery key; another person decides within an hour',
    params: IdParams,
    body: strictObject({ reason: text(500, { minLength: 3 }) }),
    response: RecoveryRequestView,
  }),
  listRecoveryRequests: route('GET', '/api/recovery-requests', {
    summary: 'Requests to read recovery keys, the newest first',
    query: strictObject({ ...PageQuery, state: Type.Optional(choice(recoveryStates)) }),
    response: page(RecoveryRequestView),
  }),
  decideRecoveryRequest: route('POST', '/api/recovery-requests/:id/decision', {
    summary: 'Approve somebody else’s request with the passphrase, or refuse it',
    params: IdParams,
    body: Type.Union([
      strictObject({ outcome: Type.Literal('approved'), passphrase: Passphrase }),
      strictObject({ outcome: Type.Literal('refused') }),
    ]),
    response: RecoveryRequestView,
    secret: true,
  }),
  showRecoveryKey: route('POST', '/api/recovery-requests/:id/key', {
    summary: 'See the key of an approved request of one’s own, once',
    params: IdParams,
    response: OpenedRecoveryKey,
    secret: true,
  }),
} as const;
