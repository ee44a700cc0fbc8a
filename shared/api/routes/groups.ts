import Type from 'typebox';
import { GroupContent } from '../../policy/group.ts';
import { Selector } from '../../policy/selector.ts';
import { strictObject, text } from '../../schema.ts';
import { Done, IdParams, PageQuery, page, route } from '../contract.ts';
import { GroupDetail, GroupSummary, ReachCount, ReachedDevice, RowProblem } from '../schemas.ts';

/** Saved groups. A draft reaches nobody until a change publishes it. */
export const groupRoutes = {
  listGroups: route('GET', '/api/groups', {
    summary: 'Saved groups with how many each reaches now',
    response: strictObject({ items: Type.Array(GroupSummary) }),
  }),
  createGroup: route('POST', '/api/groups', {
    summary: 'Make a group; nothing changes until its first content is published',
    body: strictObject({ name: text(120, { minLength: 1 }), description: text(1000), content: GroupContent }),
    response: GroupDetail,
  }),
  readGroup: route('GET', '/api/groups/:id', { summary: 'One group', params: IdParams, response: GroupDetail }),
  saveGroupDraft: route('PUT', '/api/groups/:id/draft', {
    summary: 'Save the draft of a group',
    params: IdParams,
    body: strictObject({ content: GroupContent, version: Type.Integer() }),
    response: GroupDetail,
  }),
  discardGroupDraft: route('DELETE', '/api/groups/:id/draft', {
    summary: 'Throw the draft away',
    params: IdParams,
    response: GroupDetail,
  }),
  importGroupList: route('POST', '/api/groups/:id/list', {
    summary: 'Read a CSV of people (sourcedId, username or e-mail) or devices (serial or name) as the draft of a list',
    params: IdParams,
    upload: { types: ['text/csv', 'text/plain', 'application/octet-stream'], limitBytes: 4 * 1_048_576 },
    response: strictObject({ group: GroupDetail, problems: Type.Array(RowProblem) }),
  }),
  deleteGroup: route('DELETE', '/api/groups/:id', {
    summary: 'Delete a group that nothing uses',
    params: IdParams,
    response: Done,
  }),
  countReach: route('POST', '/api/reach/count', {
    summary: 'How many a selector reaches now',
    body: strictObject({ selector: Selector }),
    response: ReachCount,
  }),
  listReach: route('POST', '/api/reach', {
    summary: 'Exactly whom a selector reaches, and whom it may reach',
    query: strictObject(PageQuery),
    body: strictObject({ selector: Selector }),
    response: page(ReachedDevice),
  }),
  listProfileReach: route('GET', '/api/profiles/:id/reach', {
    summary: 'Exactly who gets a profile, and why',
    params: IdParams,
    query: strictObject({ ...PageQuery, search: Type.Optional(text(100)) }),
    response: page(ReachedDevice),
  }),
} as const;
