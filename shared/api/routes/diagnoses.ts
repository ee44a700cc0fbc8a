import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { FileAnswer, IdParams, route } from '../contract.ts';
import { DiagnosisView } from '../schemas.ts';

/** Looking at a device, bound to a ticket. */
export const diagnosisRoutes = {
  openDiagnosis: route('POST', '/api/tickets/:id/diagnoses', {
    summary: 'Look at the device of a ticket for some minutes; the person is told, and asked where they must be',
    params: IdParams,
    body: strictObject({
      /** Shown on the device. */
      reason: text(500, { minLength: 5 }),
      minutes: Type.Integer({ minimum: 1, maximum: 60 }),
    }),
    response: DiagnosisView,
  }),
  listDiagnoses: route('GET', '/api/tickets/:id/diagnoses', {
    summary: 'The looks at a device for a ticket, newest first',
    params: IdParams,
    response: strictObject({ items: Type.Array(DiagnosisView, { maxItems: 100 }) }),
  }),
  readDiagnosis: route('GET', '/api/diagnoses/:id', {
    summary: 'One look at a device, with what was found',
    params: IdParams,
    response: DiagnosisView,
  }),
  endDiagnosis: route('POST', '/api/diagnoses/:id/end', {
    summary: 'Stop looking',
    params: IdParams,
    response: DiagnosisView,
  }),
  examine: route('POST', '/api/diagnoses/:id/examination', {
    summary: 'What is wrong? The answer comes within a minute and stands in the diagnosis',
    params: IdParams,
    response: DiagnosisView,
  }),
  askBundle: route('POST', '/api/diagnoses/:id/bundle', {
    summary: 'Ask for a support bundle; the person sees what is in it before it leaves the device',
    params: IdParams,
    response: DiagnosisView,
  }),
  readBundle: route('GET', '/api/diagnoses/:id/bundle', {
    summary: 'The support bundle',
    params: IdParams,
    response: FileAnswer,
    download: { types: ['application/zip'] },
  }),
} as const;
