import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { IdParams, route } from '../contract.ts';
import { Landing, Preview, ProfileContent, ProfileDetail, ProfileSummary } from '../schemas.ts';

/** Drafts, previews and revisions of profiles. */
export const profilesRoutes = {
  listProfiles: route('GET', '/api/profiles', {
    summary: 'Profiles',
    response: strictObject({ items: Type.Array(ProfileSummary) }),
  }),
  createProfile: route('POST', '/api/profiles', {
    summary: 'Make an empty profile; nothing reaches devices until it is published',
    body: strictObject({ name: text(120, { minLength: 1 }), description: text(1000) }),
    response: ProfileDetail,
  }),
  readProfile: route('GET', '/api/profiles/:id', { summary: 'One profile', params: IdParams, response: ProfileDetail }),
  saveDraft: route('PUT', '/api/profiles/:id/draft', {
    summary: 'Save the draft of a profile',
    params: IdParams,
    body: strictObject({ content: ProfileContent, version: Type.Integer() }),
    response: ProfileDetail,
  }),
  discardDraft: route('DELETE', '/api/profiles/:id/draft', {
    summary: 'Throw the draft away',
    params: IdParams,
    response: ProfileDetail,
  }),
  previewProfile: route('POST', '/api/profiles/:id/preview', {
    summary: 'Who and what would change if this content were published',
    params: IdParams,
    body: strictObject({ content: ProfileContent }),
    response: Preview,
  }),
  publishProfile: route('POST', '/api/profiles/:id/publish', {
    summary: 'Publish the draft as the next revision',
    params: IdParams,
    body: strictObject({ version: Type.Integer(), note: text(500) }),
    response: ProfileDetail,
  }),
  applyProfile: route('POST', '/api/profiles/apply', {
    summary: 'Make or update a profile by name and publish it when something differs (policy as code)',
    body: strictObject({ name: text(120, { minLength: 1 }), description: text(1000), content: ProfileContent }),
    response: strictObject({ result: choice(['created', 'updated', 'unchanged']) }),
  }),
  readLanding: route('GET', '/api/profiles/:id/landing', {
    summary: 'How the published revision is landing on devices',
    params: IdParams,
    response: Landing,
  }),
} as const;
