import Type from 'typebox';
import { CompliancePolicy } from '../../compliance/policy.ts';
import { strictObject } from '../../schema.ts';
import { IdParams, PageQuery, page, route } from '../contract.ts';
import { SavedCompliancePolicy, WaiverInput, WaiverView } from '../schemas.ts';

/** The compliance policy and its waivers. */
export const complianceRoutes = {
  readCompliancePolicy: route('GET', '/api/compliance/policy', {
    summary: 'Which checks turn verdicts, how much they weigh, and how many school days a failure may last',
    response: SavedCompliancePolicy,
  }),
  saveCompliancePolicy: route('PUT', '/api/compliance/policy', {
    summary: 'Save the compliance policy; every verdict is judged anew',
    body: strictObject({ policy: CompliancePolicy, version: Type.Integer() }),
    response: SavedCompliancePolicy,
  }),
  listWaivers: route('GET', '/api/waivers', {
    summary: 'Exceptions from checks, newest first',
    query: strictObject({
      ...PageQuery,
      inForce: Type.Optional(Type.Boolean({ description: 'false: those that are over' })),
    }),
    response: page(WaiverView),
  }),
  createWaiver: route('POST', '/api/waivers', {
    summary: 'Let a failing check pass for a device, or for a person’s devices, until a day; it ends by itself',
    body: WaiverInput,
    response: WaiverView,
  }),
  endWaiver: route('POST', '/api/waivers/:id/end', {
    summary: 'End a waiver now',
    params: IdParams,
    response: WaiverView,
  }),
} as const;
