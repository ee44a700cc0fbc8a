import Type from 'typebox';
import { personRoles } from '../../policy/selector.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id } from '../contract.ts';
import { DeviceSummary, EventView } from './summaries.ts';

export const VerdictCounts = strictObject({
  compliant: Type.Integer(),
  waived: Type.Integer(),
  'in-grace': Type.Integer(),
  noncompliant: Type.Integer(),
  silent: Type.Integer(),
  unknown: Type.Integer(),
});
export type VerdictCounts = Type.Static<typeof VerdictCounts>;

export const Overview = strictObject({
  district: text(255),
  people: VerdictCounts,
  peopleWithoutDevice: Type.Integer(),
  devices: strictObject({
    total: Type.Integer(),
    connected: Type.Integer(),
    simulated: Type.Integer(),
    held: Type.Integer(),
  }),
  schools: Type.Array(strictObject({ orgId: Id, name: text(255), verdicts: VerdictCounts })),
  roles: Type.Array(strictObject({ role: choice(personRoles), verdicts: VerdictCounts })),
  /** Why devices fail, most frequent first. */
  reasons: Type.Array(strictObject({ words: text(500), devices: Type.Integer() })),
  silent: Type.Array(DeviceSummary),
  events: Type.Array(EventView),
});
export type Overview = Type.Static<typeof Overview>;
