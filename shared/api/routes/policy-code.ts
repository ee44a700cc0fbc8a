import Type from 'typebox';
import { Sha256, strictObject, text } from '../../schema.ts';
import { FileAnswer, Id, route } from '../contract.ts';
import { Policy, PolicyPlan, PolicyWish } from '../schemas.ts';

const megabyte = 1_048_576;
const HashParams = strictObject({ hash: Sha256 });

/** The whole policy as documents: what `rollcall export`, `diff` and `apply` speak. */
export const policyCodeRoutes = {
  exportPolicy: route('GET', '/api/policy', {
    summary: 'Everything that is published, as documents that name nothing by an id of this server',
    response: strictObject({
      policy: Policy,
      /** Says which district it is of: SHA-256 of its root certificate. */
      district: Sha256,
      /** A name for a folder that is made of it. */
      folder: Id,
      /** Names of the units and classes that it speaks of, by sourcedId. */
      names: Type.Record(text(255), text(255)),
    }),
  }),
  diffPolicy: route('POST', '/api/policy/diff', {
    summary: 'What applying documents would change, and whom; nothing is changed',
    body: PolicyWish,
    limitBytes: 32 * megabyte,
    response: PolicyPlan,
  }),
  applyPolicy: route('POST', '/api/policy/apply', {
    summary: 'Make the policy what the documents say; profiles and groups go through one change',
    body: strictObject({
      ...PolicyWish.properties,
      /** Also what somebody has changed here meanwhile. */
      overwrite: Type.Boolean(),
      /** More than half of what there is may be taken away. */
      confirm: Type.Optional(Type.Boolean()),
      note: text(500),
    }),
    limitBytes: 32 * megabyte,
    response: PolicyPlan,
  }),
  readListArtifact: route('GET', '/api/policy/artifacts/:hash', {
    summary: 'The compiled names of a list',
    params: HashParams,
    download: { types: ['application/octet-stream'] },
    response: FileAnswer,
  }),
  giveListArtifact: route('PUT', '/api/policy/artifacts/:hash', {
    summary: 'Hand in the compiled names of a list before applying documents that name it',
    params: HashParams,
    upload: { types: ['application/octet-stream'], limitBytes: 128 * megabyte },
    response: strictObject({ names: Type.Integer() }),
  }),
} as const;
