import Type from 'typebox';
import { CategoryId } from '../../profile/web-filter.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, route } from '../contract.ts';
import { CatalogueEntry, ListView, RowProblem } from '../schemas.ts';

const CategoryParams = strictObject({ category: CategoryId });
const megabyte = 1_048_576;

/** Category lists of the web filter. */
export const listsRoutes = {
  listLists: route('GET', '/api/lists', {
    summary: 'Imported category lists',
    response: strictObject({ items: Type.Array(ListView) }),
  }),
  importList: route('PUT', '/api/lists/:category', {
    summary: 'Import a category list (hosts, plain domains, wildcards, Adblock DNS or RPZ); replaces the earlier one',
    params: CategoryParams,
    query: strictObject({
      title: Type.Optional(text(100)),
      source: Type.Optional(text(500)),
      licence: Type.Optional(text(200)),
    }),
    upload: { types: ['text/plain', 'application/octet-stream'], limitBytes: 128 * megabyte },
    response: strictObject({ list: ListView, problems: Type.Array(RowProblem) }),
  }),
  listCatalogue: route('GET', '/api/list-catalogue', {
    summary: 'Well-known public lists with their addresses and licences; none is shipped',
    response: strictObject({ items: Type.Array(CatalogueEntry) }),
  }),
  subscribeList: route('PUT', '/api/lists/:category/source', {
    summary: 'Fetch a category list from an address now and again every so many hours',
    params: CategoryParams,
    body: strictObject({
      url: Type.String({ maxLength: 500, pattern: '^https?://' }),
      title: Type.Optional(text(100)),
      licence: text(200, { minLength: 1, description: 'Under which terms the list may be used' }),
      refreshHours: Type.Integer({ minimum: 1, maximum: 24 * 30, default: 24 }),
    }),
    response: strictObject({ list: ListView, problems: Type.Array(RowProblem) }),
  }),
  refreshList: route('POST', '/api/lists/:category/refresh', {
    summary: 'Ask the source of a list now',
    params: CategoryParams,
    response: strictObject({ list: ListView, changed: Type.Boolean(), problems: Type.Array(RowProblem) }),
  }),
  setListExceptions: route('PUT', '/api/lists/:category/exceptions', {
    summary: 'Replace the names the district takes out of a list',
    params: CategoryParams,
    body: strictObject({ names: Type.Array(text(253, { minLength: 1 }), { maxItems: 500 }) }),
    response: ListView,
  }),
  decideListRollout: route('POST', '/api/lists/:category/rollout', {
    summary: 'Go on with a halted version, give it to all devices at once, or return to the earlier one',
    params: CategoryParams,
    body: strictObject({ action: choice(['resume', 'finish', 'roll-back']), reason: text(300, { minLength: 3 }) }),
    response: ListView,
  }),
  deleteList: route('DELETE', '/api/lists/:category', {
    summary: 'Delete a list that no published profile uses',
    params: CategoryParams,
    response: Done,
  }),
} as const;
