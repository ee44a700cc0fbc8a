import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, PageQuery, page, route } from '../contract.ts';
import { RestrictionHold, RestrictionView } from '../schemas.ts';

/** What is narrowed on a device until it is put right. A single one is ended early by a waiver. */
export const restrictionRoutes = {
  listRestrictions: route('GET', '/api/restrictions', {
    summary: 'Devices that are or were restricted, newest first',
    query: strictObject({
      ...PageQuery,
      open: Type.Optional(Type.Boolean({ description: 'false: those that were lifted' })),
      device: Type.Optional(Id),
      person: Type.Optional(Id),
    }),
    response: page(RestrictionView),
  }),
  readRestrictionHold: route('GET', '/api/restrictions/hold', {
    summary: 'Whether new restrictions are held back, and how many wait',
    response: RestrictionHold,
  }),
  decideRestrictionHold: route('POST', '/api/restrictions/hold', {
    summary: 'Hold new restrictions back, or let those that wait begin',
    body: strictObject({
      action: choice(['hold', 'confirm']),
      reason: text(300, { minLength: 3 }),
      /** How many wait, as the person saw it: more than that are not confirmed. */
      waiting: Type.Integer({ minimum: 0 }),
    }),
    response: RestrictionHold,
  }),
} as const;
