import Type from 'typebox';
import { verdictStates } from '../../compliance/verdict.ts';
import { choice, strictObject } from '../../schema.ts';
import { FileAnswer, Id, IdParams, Instant, route } from '../contract.ts';

const csvOrPdf = { types: ['text/csv; charset=utf-8', 'application/pdf'] };
const Format = choice(['csv', 'pdf']);
const At = { at: Type.Optional(Type.String({ maxLength: 30, description: 'UTC, ISO 8601; absent: now' })) };

/** Files to take away: CSV, PDF, the evidence pack. Each is on record with who took it. */
export const exportRoutes = {
  exportCompliance: route('GET', '/api/compliance/export', {
    summary: 'People, devices or checks with their verdicts at an instant, as a file',
    query: strictObject({
      what: choice(['people', 'devices', 'checks']),
      format: Format,
      ...At,
      org: Type.Optional(Id),
      /** Of people and devices; not of checks. */
      verdict: Type.Optional(choice(verdictStates)),
    }),
    response: FileAnswer,
    download: csvOrPdf,
  }),
  exportPersonHistory: route('GET', '/api/people/:id/compliance/export', {
    summary: 'A person’s verdicts over a span with the reasons, as a file',
    params: IdParams,
    query: strictObject({ format: Format, from: Type.Optional(Instant), to: Type.Optional(Instant) }),
    response: FileAnswer,
    download: csvOrPdf,
  }),
  exportEvidencePack: route('GET', '/api/compliance/evidence-pack', {
    summary: 'For an auditor: policy, coverage, exceptions and trend at an instant, without names, as a zip',
    query: strictObject(At),
    response: FileAnswer,
    download: { types: ['application/zip'] },
  }),
} as const;
