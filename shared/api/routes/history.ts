import Type from 'typebox';
import { CompliancePolicy } from '../../compliance/policy.ts';
import { findingStatuses } from '../../compliance/verdict.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, IdParams, Instant, PageQuery, page, route } from '../contract.ts';
import {
  CheckSubject,
  ComplianceMap,
  ComplianceMeasures,
  ComplianceTrend,
  DeviceHistory,
  LibraryCheck,
  PersonHistory,
  PolicyPreview,
} from '../schemas.ts';

const At = { at: Type.Optional(Type.String({ maxLength: 30, description: 'UTC, ISO 8601; absent: now' })) };
const Unit = { org: Type.Optional(Id) };
/** Absent: the last 90 days. A span is two years at most. */
const Span = { from: Type.Optional(Instant), to: Type.Optional(Instant) };
const CheckParams = strictObject({ check: text(60, { minLength: 1 }) });

/** Compliance at any instant, and over time. */
export const historyRoutes = {
  readComplianceMap: route('GET', '/api/compliance', {
    summary: 'Every unit and every check at an instant, worst first',
    query: strictObject({ ...At, ...Unit }),
    response: ComplianceMap,
  }),
  readComplianceTrend: route('GET', '/api/compliance/trend', {
    summary: 'Verdicts or one check by day',
    query: strictObject({ ...Span, ...Unit, of: Type.Optional(text(60)) }),
    response: ComplianceTrend,
  }),
  readComplianceMeasures: route('GET', '/api/compliance/measures', {
    summary: 'Time in compliance and mean time to fix, of the district or a unit',
    query: strictObject({ ...Span, ...Unit }),
    response: ComplianceMeasures,
  }),
  listChecks: route('GET', '/api/compliance/checks', {
    summary: 'The library of checks, with what the district decided and how each stands now',
    response: strictObject({ items: Type.Array(LibraryCheck) }),
  }),
  listCheckSubjects: route('GET', '/api/compliance/checks/:check/devices', {
    summary: 'The devices under a check at an instant, those that fail longest first',
    params: CheckParams,
    query: strictObject({ ...PageQuery, ...At, ...Unit, status: Type.Optional(choice(findingStatuses)) }),
    response: page(CheckSubject),
  }),
  readDeviceHistory: route('GET', '/api/devices/:id/compliance', {
    summary: 'Verdicts, checks and custody of a device over a span',
    params: IdParams,
    query: strictObject(Span),
    response: DeviceHistory,
  }),
  readPersonHistory: route('GET', '/api/people/:id/compliance', {
    summary: 'Verdicts of a person over a span, with the checks of the devices they held',
    params: IdParams,
    query: strictObject(Span),
    response: PersonHistory,
  }),
  previewCompliancePolicy: route('POST', '/api/compliance/policy/preview', {
    summary: 'Who would stand differently under another compliance policy; nothing is saved',
    body: strictObject({ policy: CompliancePolicy }),
    response: PolicyPreview,
  }),
} as const;
