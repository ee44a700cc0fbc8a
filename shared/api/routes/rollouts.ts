import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { IdParams, PageQuery, page, route } from '../contract.ts';
import { RolloutSummary, RolloutView } from '../schemas.ts';

/** What is on its way to the devices in rings. */
export const rolloutRoutes = {
  listRollouts: route('GET', '/api/rollouts', {
    summary: 'Rollouts, those under way first, then the newest',
    query: strictObject({ ...PageQuery, live: Type.Optional(Type.Boolean()) }),
    response: page(RolloutSummary),
  }),
  readRollout: route('GET', '/api/rollouts/:id', {
    summary: 'One rollout with its rings, evidence and decisions',
    params: IdParams,
    response: RolloutView,
  }),
  actOnRollout: route('POST', '/api/rollouts/:id/actions', {
    summary: 'Pause, go on, stop, give to everybody, or return to the earlier one',
    params: IdParams,
    body: strictObject({
      action: choice(['pause', 'resume', 'stop', 'finish', 'roll-back']),
      reason: text(300, { minLength: 3 }),
    }),
    response: RolloutView,
  }),
} as const;
