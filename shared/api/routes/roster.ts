import Type from 'typebox';
import { choice, strictObject } from '../../schema.ts';
import { route } from '../contract.ts';
import { ImportResult } from '../schemas.ts';

const megabyte = 1_048_576;

/** Imports of people. */
export const rosterRoutes = {
  importOneRoster: route('POST', '/api/import/oneroster', {
    summary: 'Import a OneRoster 1.1 or 1.2 CSV zip',
    query: strictObject({
      mode: Type.Optional(choice(['strict', 'lenient'])),
      dryRun: Type.Optional(Type.Boolean()),
      confirm: Type.Optional(Type.Boolean()),
    }),
    upload: { types: ['application/zip', 'application/octet-stream'], limitBytes: 256 * megabyte },
    response: ImportResult,
  }),
  importPeople: route('POST', '/api/import/people', {
    summary: 'Import a plain CSV of people',
    query: strictObject({
      mode: Type.Optional(choice(['strict', 'lenient'])),
      dryRun: Type.Optional(Type.Boolean()),
      confirm: Type.Optional(Type.Boolean()),
    }),
    upload: { types: ['text/csv', 'application/octet-stream'], limitBytes: 64 * megabyte },
    response: ImportResult,
  }),
} as const;
