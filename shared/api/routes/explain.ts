import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { IdParams, route } from '../contract.ts';
import { Explanation } from '../schemas.ts';

const Query = strictObject({
  setting: Type.Optional(text(101, { description: '`capability` or `capability.setting`' })),
});

/** Where each effective setting comes from. */
export const explainRoutes = {
  explainDevice: route('GET', '/api/devices/:id/explain', {
    summary: 'Each effective setting of a device, what gave it, what it beat and why, since when and by whom',
    params: IdParams,
    query: Query,
    response: Explanation,
  }),
  explainPerson: route('GET', '/api/people/:id/explain', {
    summary: 'The same for every device a person has',
    params: IdParams,
    query: Query,
    response: strictObject({ devices: Type.Array(Explanation) }),
  }),
} as const;
