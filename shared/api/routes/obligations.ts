import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, IdParams, PageQuery, page, route } from '../contract.ts';
import { ObligationInput, ObligationPreview, ObligationView, obligationKinds, SignatureImport } from '../schemas.ts';

const megabyte = 1_048_576;

/** What people owe: agreements to sign, devices to return. */
export const obligationRoutes = {
  listObligations: route('GET', '/api/obligations', {
    summary: 'What people owe, due first; what is over, newest first',
    query: strictObject({
      ...PageQuery,
      state: Type.Optional(choice(['open', 'overdue', 'ended'])),
      kind: Type.Optional(choice(obligationKinds)),
      person: Type.Optional(Id),
      search: Type.Optional(text(100)),
    }),
    response: page(ObligationView),
  }),
  previewObligations: route('POST', '/api/obligations/preview', {
    summary: 'For whom an obligation would be made, and when it would be due; nothing is saved',
    body: ObligationInput,
    response: ObligationPreview,
  }),
  createObligations: route('POST', '/api/obligations', {
    summary: 'Ask one person or many to sign an agreement or to bring back their devices',
    body: ObligationInput,
    response: ObligationPreview,
  }),
  meetObligation: route('POST', '/api/obligations/:id/meet', {
    summary: 'Record that it is done',
    params: IdParams,
    response: ObligationView,
  }),
  cancelObligation: route('POST', '/api/obligations/:id/cancel', {
    summary: 'Take it back',
    params: IdParams,
    body: strictObject({ reason: text(300, { minLength: 3 }) }),
    response: ObligationView,
  }),
  importSignatures: route('POST', '/api/obligations/import', {
    summary: 'Import a CSV of people who signed an agreement, by username or sourcedId',
    query: strictObject({
      title: text(200, { minLength: 3 }),
      mode: Type.Optional(choice(['strict', 'lenient'])),
      dryRun: Type.Optional(Type.Boolean()),
    }),
    upload: { types: ['text/csv', 'application/octet-stream'], limitBytes: 16 * megabyte },
    response: SignatureImport,
  }),
} as const;
