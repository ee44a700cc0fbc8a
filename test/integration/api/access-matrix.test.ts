import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiTokenSecret } from '../../../server/access/api-tokens.ts';
import { hashOf } from '../../../server/access/staff-identity.ts';
import { createConsoleApp } from '../../../server/api/console-listener.ts';
import type { Handlers } from '../../../server/api/register.ts';
import { openBase, type Undo } from '../../../server/base.ts';
import { systemClock } from '../../../server/clock.ts';
import { loadConfig } from '../../../server/config.ts';
import { createConsole } from '../../../server/console-parts.ts';
import { createServices } from '../../../server/create-services.ts';
import { prepareHome } from '../../../server/home.ts';
import { openStore } from '../../../server/store/open.ts';
import type { ObjectKind } from '../../../shared/access/objects.ts';
import { type Permission, reachOf } from '../../../shared/access/permissions.ts';
import { type Role, roles } from '../../../shared/access/roles.ts';
import { type AccessRule, accessRules, type IdKind } from '../../../shared/api/access-rules.ts';
import { type RouteName, routes } from '../../../shared/api/routes.ts';
import { apiScopes } from '../../../shared/api/scopes.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { type Asked, requestOf } from '../../fakes/route-requests.ts';
import { add, addStaff, fillTwoSchools, idOf, type School } from '../../fakes/two-schools.ts';

/**
 * Every route × every role × one's own and a foreign object, against the real listener, guard and database. Only what
 * changes something is not done: its handler says that it was reached.
 */
const names = Object.keys(routes) as RouteName[];
const now = Date.now();
const undo: Undo = [];
let db: Awaited<ReturnType<typeof openStore>>;
let app: FastifyInstance;
let origin: string;
let reached: RouteName | undefined;
/** What reads is done, and its answer looked at; whoever sees the whole district is shown nothing new by it. */
let isShown = false;

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'rollcall-matrix-'));
  undo.push(() => rmSync(home, { recursive: true, force: true }));
  prepareHome(home);
  const config = loadConfig({ home, listen: '127.0.0.1', consolePort: 0, agentPort: 0 });
  const base = await openBase(config, pino({ level: 'silent' }), undo, systemClock);
  const { parts } = await createConsole(base, createServices(base));
  app = await createConsoleApp({ ...parts, handlers: watched(parts.handlers) });
  undo.push(() => app.close());
  origin = `https://localhost:${base.ports.console}`;
  db = await openStore(join(home, 'rollcall.db'));
  undo.push(() => db.destroy());
  await fillTwoSchools(db, now);
});
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** What only reads is really done: what it answers must not speak of the foreign school. */
function watched(handlers: Handlers): Handlers {
  const wrapped = names.map((name) => [
    name,
    async (request: never) => {
      reached = name;
      if (isShown && routes[name].method === 'GET')
        return await (handlers[name] as (given: never) => Promise<unknown>)(request);
      throw new CodedError('conflict', 'Reached; nothing was done.');
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers;
}

interface Who {
  role: Role;
  at: School | 'district';
  headers: Record<string, string>;
  /** The session has its second factor, and its last proof is recent. */
  isFresh?: boolean;
  isToken?: boolean;
}

async function staffAt(role: Role, at: School | 'district'): Promise<Who> {
  return {
    role,
    at,
    headers: { cookie: `__Host-rollcall=${encodeURIComponent(await addStaff(db, role, at, now))}`, origin },
  };
}

/** What the table says of a caller: how a request must end. */
function expected({ role, at, isFresh = true, isToken = false }: Who, name: RouteName, foreign: string | undefined) {
  const rule: AccessRule = accessRules[name];
  if (isToken && rule.token === 'people') return 'outside-scope';
  if (!isFresh && rule.fresh) return 'reauthentication-needed';
  if (['anybody', 'entering', 'staff'].includes(rule.may)) return 'reached';
  if (rule.may === 'operator') return 'forbidden';
  const reach = reachOf(role, rule.may as Permission);
  if (!reach) return 'forbidden';
  if (reach === 'units' && at === 'district') return 'reached';
  if (rule.of === 'district') return 'forbidden';
  if (foreign !== undefined) return 'not-found';
  const kinds = Object.values(rule.ids ?? {}) as IdKind[];
  return reach === 'units' || kinds.every((kind) => isTeachers(role, kind)) ? 'reached' : 'not-found';
}

/** What a class's teacher reaches: their students and what these hold, the class, what is opened for it, their tickets. */
function isTeachers(role: Role, kind: IdKind): boolean {
  return role === 'teacher' && ['person', 'device', 'class', 'override', 'ticket', 'target'].includes(kind);
}

async function ask({ headers }: Pick<Who, 'headers'>, name: RouteName, foreign: string | undefined): Promise<Ending> {
  reached = undefined;
  const asked: Asked = requestOf(name, (place, kind) => idsAt(place, place === foreign, kind));
  const answer = await app.inject({ ...asked, headers: { ...headers, ...asked.headers } });
  const { statusCode, body } = answer;
  if (reached === name) return { code: 'reached', statusCode, body };
  return { code: (JSON.parse(body) as { error: { code: string } }).error.code, statusCode, body };
}
/** A list holds one foreign thing among one's own, and that one last. */
function idsAt(place: string, isForeign: boolean, kind: ObjectKind): string | string[] {
  if (!isForeign) return idOf('own', kind);
  return place.endsWith('[]') ? [idOf('own', kind), idOf('foreign', kind)] : idOf('foreign', kind);
}

interface Ending {
  code: string;
  statusCode: number;
  body: string;
}

/** Each request that ended otherwise than the table says, in words. */
async function deviations(who: Who): Promise<string[]> {
  const found: string[] = [];
  isShown = who.at !== 'district';
  for (const name of names)
    for (const foreign of [undefined, ...placesOf(name)]) {
      const wanted = expected(who, name, foreign);
      const ending = await ask(who, name, foreign);
      const about = `${name}${foreign ? ` with a foreign ${foreign}` : ''}`;
      found.push(...problemsOf(who, wanted, ending).map((words) => `${about}: ${words}`));
    }
  return found;
}

function problemsOf({ at }: Who, wanted: string, { code, statusCode, body }: Ending): string[] {
  if (code !== wanted) return [`${code}, not ${wanted}: ${body.slice(0, 200)}`];
  if (statusCode >= 500) return [`${statusCode} ${body.slice(0, 200)}`];
  return at !== 'district' && body.includes('foreign') ? [`shows ${foreignIn(body)}`] : [];
}

/** Where another's object can be named. */
function placesOf(name: RouteName): string[] {
  const { of, ids = {} }: AccessRule = accessRules[name];
  return of === 'district' ? [] : Object.keys(ids);
}

const foreignIn = (body: string) => body.slice(Math.max(0, body.indexOf('foreign') - 60), body.indexOf('foreign') + 40);

describe('the table of access', () => {
  for (const role of roles)
    it(`holds for a ${role} of a school`, async () => expect(await deviations(await staffAt(role, 'own'))).toEqual([]));

  for (const role of roles.filter((one) => one !== 'teacher'))
    it(`holds for a ${role} of the district`, async () =>
      expect(await deviations(await staffAt(role, 'district'))).toEqual([]));

  it('holds for an API token that an owner bound to a school', async () => {
    await addStaff(db, 'owner', 'district', now, now - 5);
    const secret = await insertToken('owner of district 5', 'own');
    const who: Who = { role: 'owner', at: 'own', headers: { authorization: `Bearer ${secret}` }, isToken: true };
    expect(await deviations(who)).toEqual([]);
  });

  it('gives an API token no more than its maker, whatever scopes it has', async () => {
    const maker = 'reader of own 0';
    const secret = await insertToken(maker, 'district');
    const who: Who = { role: 'reader', at: 'own', headers: { authorization: `Bearer ${secret}` }, isToken: true };
    expect(await deviations(who)).toEqual([]);
    await db.updateTable('staff').set({ disabled_at: now }).where('id', '=', maker).execute();
    expect((await ask(who, 'listDevices', undefined)).code).toBe('forbidden');
  });

  it('asks an owner to prove themselves again for all that is marked so, and for nothing else', async () => {
    const token = await addStaff(db, 'owner', 'district', now, now - 3_600_000);
    const headers = { cookie: `__Host-rollcall=${encodeURIComponent(token)}`, origin };
    expect(await deviations({ role: 'owner', at: 'district', headers, isFresh: false })).toEqual([]);
  });

  it.each([
    ['a stranger', async () => ({}), 'not-signed-in', ['anybody']],
    ['somebody without a second factor', halfWay, 'second-factor-needed', ['anybody', 'entering']],
  ] as const)('lets %s nowhere but to sign in', async (_who, open, code, allowed) => {
    const headers = { ...(await open()), origin };
    for (const name of names) {
      const isAllowed = (allowed as readonly string[]).includes(accessRules[name].may);
      expect([name, (await ask({ headers }, name, undefined)).code]).toEqual([name, isAllowed ? 'reached' : code]);
    }
  });

  it.each([
    ['listDevices', 'own-device'],
    ['listDevices', 'own-spare'],
    ['listPeople', 'own-person'],
    ['listOrgs', 'own-org'],
    ['listClasses', 'own-class'],
    ['listTickets', 'own-ticket'],
    ['listCommands', 'own-command'],
    ['listOverrides', 'own-override'],
    ['listRequests', 'own-request'],
    ['listObligations', 'own-obligation'],
    ['listWaivers', 'own-waiver'],
    ['listRestrictions', 'own-restriction'],
    ['listTokens', 'own-enrolment-token'],
    ['listApprovals', 'own-approval'],
    ['listRecoveryRequests', 'own-recovery-request'],
    ['listApiTokens', 'own-api-token'],
    ['readComplianceMap', 'own-org'],
    ['readFilterReport', 'own-org'],
    ['readOverview', 'own-device'],
  ] as const)('cuts %s to one school and leaves what is of it: %s', async (name, id) => {
    isShown = true;
    const token = 'owner of own 0';
    const { body } = await ask(
      { headers: { cookie: `__Host-rollcall=${encodeURIComponent(token)}`, origin } },
      name,
      undefined,
    );
    expect(body).toContain(id);
  });

  it('shows a teacher the classes they teach, what is opened for them and their students’ tickets', async () => {
    isShown = true;
    const headers = { cookie: `__Host-rollcall=${encodeURIComponent('teacher of own 0')}`, origin };
    const lists = ['listClasses', 'listOverrides', 'listTickets'] as const;
    const shown = await oneByOne(lists, headers);
    expect(lists.map((name, index) => [name, /own-(class|override|ticket)/.exec(shown[index] ?? '')?.[0]])).toEqual([
      ['listClasses', 'own-class'],
      ['listOverrides', 'own-override'],
      ['listTickets', 'own-ticket'],
    ]);
  });

  it.each<[School | 'district', string]>([
    ['own', 'forbidden'],
    ['district', 'reached'],
  ])('takes a token for nobody and no unit for the whole district: an owner of %s is answered %s', async (at, code) => {
    const session = await addStaff(db, 'owner', at, now, now - 11);
    const headers = { cookie: `__Host-rollcall=${encodeURIComponent(session)}`, origin };
    const asked = requestOf('createToken', () => 'x');
    const { orgId: _unit, personId: _person, ...rest } = JSON.parse(String(asked.payload)) as Record<string, unknown>;
    reached = undefined;
    const { body } = await app.inject({
      ...{ ...asked, payload: JSON.stringify(rest), headers: { ...headers, ...asked.headers } },
    });
    const answered =
      reached === 'createToken' ? 'reached' : (JSON.parse(body) as { error: { code: string } }).error.code;
    expect(answered).toBe(code);
  });

  it('says of what somebody sees by another role that they may not, and of all else that it is not there', async () => {
    const token = await addStaff(db, 'helpdesk', 'own', now, now - 7);
    await add(db, 'staff_grant', { staff_id: token, role: 'auditor', org_id: '', granted_at: now, by_actor: 'x' });
    const headers = { cookie: `__Host-rollcall=${encodeURIComponent(token)}`, origin };
    expect((await ask({ headers }, 'setDeviceTags', 'params.id')).code).toBe('forbidden');
    expect((await ask({ headers }, 'setDeviceTags', undefined)).code).toBe('reached');
    expect((await ask({ headers }, 'readDevice', 'params.id')).code).toBe('reached');
  });
});

async function halfWay(): Promise<Record<string, string>> {
  const token = await addStaff(db, 'owner', 'district', now, now - 9);
  await db.updateTable('staff_session').set({ complete_at: null }).where('id', '=', token).execute();
  return { cookie: `__Host-rollcall=${encodeURIComponent(token)}` };
}

async function insertToken(maker: string, at: School | 'district'): Promise<string> {
  const secret = apiTokenSecret(Buffer.from(maker.padEnd(32, '.')).subarray(0, 32));
  const given = { scopes: JSON.stringify(apiScopes), created_at: now, created_by: 'x', expires_at: now + 1e9 };
  await add(db, 'api_token', {
    ...{
      id: maker,
      name: maker,
      secret_hash: hashOf(secret),
      created_by_staff: maker,
      org_id: at === 'district' ? '' : idOf(at, 'org'),
    },
    ...given,
  });
  return secret;
}

async function oneByOne(lists: readonly RouteName[], headers: Record<string, string>): Promise<string[]> {
  const bodies: string[] = [];
  for (const name of lists) bodies.push((await app.inject({ url: routes[name].path, headers })).body);
  return bodies;
}
