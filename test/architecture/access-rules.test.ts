import { describe, expect, it } from 'vitest';
import { objectKinds } from '../../shared/access/objects.ts';
import { permissions, reachOf } from '../../shared/access/permissions.ts';
import { roles } from '../../shared/access/roles.ts';
import { type AccessRule, accessRules } from '../../shared/api/access-rules.ts';
import type { Route } from '../../shared/api/contract.ts';
import type { JsonSchema } from '../../shared/api/json-schema.ts';
import { type RouteName, routes } from '../../shared/api/routes.ts';

/** What the compiler does not see of the table of access: a route without an entry does not even compile. */
const names = Object.keys(routes) as RouteName[];
const ruleOf = (name: RouteName): AccessRule => accessRules[name];
const routeOf = (name: RouteName): Route => routes[name];

/** Ids that are no objects of a school, with the reason. */
const harmless: Readonly<Record<string, string>> = {
  'noteTicket body.fixId': 'a canned answer of the district',
  'changeTicket body.assigneeId': 'an account of staff; the service asks whether it works on tickets',
  'listTickets query.assignee': 'an account of staff; narrows a list that is cut anyway',
  'previewCommand body.action.scriptId': 'a script of the district',
  'createCommand body.action.scriptId': 'a script of the district',
  'decideRequest body.target': 'a word: the person, device or school of the request itself',
  'signInByPasskey body.credentialId': 'of the caller',
  'signApproval body.assertion.credentialId': 'of the caller',
  'reauthenticate body.proof.passkey.credentialId': 'of the caller',
  'finishProvider body.ticket': 'a secret of the caller',
};
/** Lists are cut to the caller’s units: what narrows them further shows nothing new. */
const narrows = (name: RouteName, place: string) => ruleOf(name).of === 'units' && place.startsWith('query.');

describe('the table of access', () => {
  it('has an entry for each route, and no other', () => {
    expect(Object.keys(accessRules).toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('says what every id in the path of %s is of, or that it is the district’s', (name) => {
    const { of, ids = {} } = ruleOf(name);
    const inPath = [...routeOf(name).path.matchAll(/:(\w+)/g)].map(([, param]) => `params.${param}`);
    const undeclared = inPath.filter((place) => !(place in ids) && !isWord(name, place));
    expect(of === 'district' || of === 'own' ? [] : undeclared).toEqual([]);
  });

  it.each(names)('says what every id in query and body of %s is of', (name) => {
    const { of, ids = {} } = ruleOf(name);
    const route = routeOf(name);
    const found = [...idsIn(route.query as JsonSchema, 'query'), ...idsIn(route.body as JsonSchema, 'body')];
    const undeclared = found.filter(
      (place) => !(place in ids) && !narrows(name, place) && !(`${name} ${place}` in harmless),
    );
    expect(of === 'district' || of === 'own' || ruleOf(name).may === 'operator' ? [] : undeclared).toEqual([]);
  });

  it.each(names)('names for %s only places that there are, and kinds that there are', (name) => {
    for (const [place, kind] of Object.entries(ruleOf(name).ids ?? {})) {
      const [part = '', ...steps] = place.split('.');
      expect([place, has(routeOf(name)[part as 'params'] as JsonSchema, steps)]).toEqual([place, true]);
      expect(['target', ...Object.keys(objectKinds)]).toContain(kind);
    }
  });

  it.each(names)('and the contract of %s agree who may come without a complete session', (name) => {
    const { may } = ruleOf(name);
    const { access } = routeOf(name);
    const isSame =
      access === 'staff'
        ? may !== 'anybody' && may !== 'entering'
        : may === (access === 'public' ? 'anybody' : 'entering');
    expect([name, access, may, isSame]).toEqual([name, access, may, true]);
  });

  it.each(names.filter((name) => ruleOf(name).of === 'objects'))('has %s name an object', (name) => {
    expect(Object.keys(ruleOf(name).ids ?? {})).not.toEqual([]);
  });

  it.each(names.filter((name) => routeOf(name).method === 'GET' || /^(preview|test)/.test(name)))(
    'has %s say what of people it shows, where it names any',
    (name) => {
      const shown = ruleOf(name).reads !== undefined ? [] : peopleIn(routeOf(name).response as JsonSchema, '');
      expect(shown).toEqual([]);
    },
  );

  it('lets an auditor and a principal change nothing', () => {
    const changing = names.filter(
      (name) => routeOf(name).method !== 'GET' && permissions.some((one) => one === ruleOf(name).may),
    );
    const reading = new Set<RouteName>([
      'testName',
      'listReach',
      'countReach',
      'previewProfile',
      'previewChange',
      'diffPolicy',
      'readActivity',
      'verifyAudit',
      'commentChange',
    ]);
    for (const role of ['auditor', 'principal'] as const)
      for (const name of changing) {
        const may = permissions.find((one) => one === ruleOf(name).may);
        if (may && reachOf(role, may)) expect(reading).toContain(name);
      }
  });

  it('gives every permission to an owner, and to somebody', () => {
    for (const permission of permissions) {
      expect(reachOf('owner', permission)).toBe('units');
      expect(roles.filter((role) => reachOf(role, permission)).length).toBeGreaterThan(0);
    }
  });
});

/** `:category`, `:hash` and `:check` are words of the library, the same for everybody. */
function isWord(name: RouteName, place: string): boolean {
  return ['params.category', 'params.hash', 'params.check'].includes(place) && !place.endsWith('id') && name.length > 0;
}

/** Properties that hold ids by their names, at any depth. */
function idsIn(schema: JsonSchema, at: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, below]) => {
    const place = `${at}.${name}`;
    if (/^(id|target|org|device|person|class|ticket|assignee)$|(Id)$/.test(name)) return [place];
    if (/Ids$/.test(name)) return [`${place}[]`];
    return [below, ...(below.anyOf ?? [])].flatMap((one) => idsIn(one, place));
  });
}

/** Properties that say who somebody in the roster is; a number only says how many. */
function peopleIn(schema: JsonSchema, at: string): string[] {
  const below = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const isPerson = /^(person|personId|custodian|holder|givenName|familyName|username)$/.test(name);
    return isPerson && one.type !== 'integer' ? [`${at}.${name}`] : peopleIn(one, `${at}.${name}`);
  });
  return [...own, ...below.flatMap((one) => peopleIn(one, at))];
}

function has(schema: JsonSchema | undefined, [step, ...rest]: string[]): boolean {
  if (step === undefined) return schema !== undefined;
  const isList = step.endsWith('[]');
  const below = schema?.properties?.[isList ? step.slice(0, -2) : step];
  return has(isList ? below?.items : below, rest);
}
