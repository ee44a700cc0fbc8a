import Type from 'typebox';
import { choice, Sha256, strictObject, text } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';

/** A host name, or `*.` and a host name, or `=` and a host name for that name alone (without names below it). */
const DomainPattern = Type.String({
  minLength: 1,
  maxLength: 254,
  pattern: '^(\\*\\.|=)?[^\\s/:?#@"\'\\\\<>*=]+\\.?$',
});

/** The id of a category of names, for example `gambling`. */
export const CategoryId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });

/** Where names that are not blocked are asked: `system` is what the device used before the agent came. */
export const Upstream = Type.Union([
  strictObject({ kind: Type.Literal('system') }),
  strictObject({ kind: Type.Literal('plain'), servers: Type.Array(text(100), { minItems: 1, maxItems: 4 }) }),
  strictObject({
    kind: Type.Literal('dot'),
    servers: Type.Array(text(100), { minItems: 1, maxItems: 4 }),
    serverName: text(253),
  }),
  strictObject({
    kind: Type.Literal('doh'),
    url: Type.String({ maxLength: 500, pattern: '^https://' }),
    addresses: Type.Array(text(45), { minItems: 1, maxItems: 4 }),
  }),
]);
export type Upstream = Type.Static<typeof Upstream>;

/** The web filter: a resolver on the device that every name passes through. */
export const WebFilterSettings = strictObject({
  blockedCategories: Type.Optional(
    Type.Array(CategoryId, {
      maxItems: 100,
      ...setting({
        title: 'Blocked categories',
        description: 'Every name on these lists is blocked, on and off campus.',
        'x-merge': 'union',
        'x-group': 'Blocked',
        'x-source': 'categories',
      }),
    }),
  ),
  blockedDomains: Type.Optional(
    Type.Array(DomainPattern, {
      maxItems: 5000,
      ...setting({
        title: 'Blocked domains',
        description:
          'A domain with everything below it; write =name for that name alone, *.name for only what is below.',
        'x-merge': 'union',
        'x-group': 'Blocked',
        'x-example': 'example.com',
      }),
    }),
  ),
  allowedDomains: Type.Optional(
    Type.Array(DomainPattern, {
      maxItems: 5000,
      ...setting({
        title: 'Allowed domains',
        description: 'Never blocked, although a category or a wider blocked domain holds them.',
        'x-merge': 'union',
        'x-group': 'Allowed',
        'x-example': 'school.example.org',
      }),
    }),
  ),
  safeSearch: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Safe search',
        description: 'Google, Bing, DuckDuckGo, Brave, Ecosia, Pixabay and Yandex answer with their filtered service.',
        'x-merge': 'strictest',
        'x-group': 'Search',
      }),
    ),
  ),
  youtube: Type.Optional(
    choice(
      ['off', 'moderate', 'strict'],
      setting({
        title: 'YouTube restriction',
        description: 'Sends YouTube to its restricted addresses.',
        'x-merge': 'strictest',
        'x-group': 'Search',
        'x-labels': ['No restriction', 'Moderate', 'Strict'],
      }),
    ),
  ),
  blockAnswer: Type.Optional(
    choice(
      ['address', 'nxdomain', 'refused'],
      setting({
        title: 'Answer for blocked names',
        description: 'What a program gets: the address 0.0.0.0, "no such name", or "refused". All say why (EDE 15).',
        'x-merge': 'priority',
        'x-group': 'Answers',
        'x-labels': ['Address 0.0.0.0', 'No such name', 'Refused'],
      }),
    ),
  ),
  upstream: Type.Optional(
    Type.Unsafe<Upstream>({
      ...Upstream,
      ...setting({
        title: 'Resolver behind the filter',
        description: 'Where names that are not blocked are asked.',
        'x-merge': 'priority',
        'x-group': 'Answers',
      }),
    }),
  ),
});
export type WebFilterSettings = Type.Static<typeof WebFilterSettings>;

/** A compiled category the agent fetches by hash: see `shared/filter/compiled.ts`. */
export const ListReference = strictObject({
  category: CategoryId,
  title: text(100),
  hash: Sha256,
  bytes: Type.Integer({ minimum: 0, maximum: 134_217_728 }),
  names: Type.Integer({ minimum: 0, maximum: 16_000_000 }),
  /** A name of the category that the agent asks for to prove that blocking works. */
  canary: Type.Optional(text(253)),
});
export type ListReference = Type.Static<typeof ListReference>;

/** What the agent receives: the settings with the categories resolved to artefacts, and who to ask for help. */
export const WebFilterSection = strictObject({
  settings: WebFilterSettings,
  lists: Type.Array(ListReference, { maxItems: 100 }),
  contact: text(200),
});
export type WebFilterSection = Type.Static<typeof WebFilterSection>;

export const webFilter: CapabilityDefinition<typeof WebFilterSettings> = {
  name: 'webFilter',
  title: 'Web filter',
  summary: 'A resolver on the device that blocks categories and domains and forces safe search, everywhere',
  settings: WebFilterSettings,
  abilities: { linux: 'enforce', win32: 'unsupported', darwin: 'unsupported' },
  limits: {
    win32: 'The resolver runs, but pointing Windows at it is not done yet.',
    darwin: 'The resolver runs, but pointing macOS at it is not done yet.',
  },
};
