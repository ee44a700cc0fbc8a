import { join } from 'node:path';
import { OperatorClient } from '../../server/commands/client.ts';
import { sampleDistrict } from '../../server/demo/district.ts';
import { sampleCalendar, sampleFilterSettings } from '../../server/demo/filter.ts';
import {
  restrictionProfile,
  sampleCompliancePolicy,
  sampleLists,
  sampleProfiles,
  screenReaderProfile,
} from '../../server/demo/policy.ts';
import { openStore } from '../../server/store/open.ts';
import type { ProfileContent } from '../../shared/api/schemas.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import { TestServer } from './running-server.ts';

const roster = sampleDistrict({ seed: 11, today: '2026-10-05' });
const users = (roster.get('users.csv') ?? '').split('\n').map((row) => row.split(','));
const ofSchool = (school: string, role: string) =>
  users.filter(([, , , , org, is]) => org === school && is === role).map(([id = '']) => id);

export const elementary = 'sugar-maple-elementary';
export const high = 'silver-maple-high';
/** Who has a device: two students of each of two schools, a teacher, and nobody. */
const holders = [
  ...ofSchool(elementary, 'student').slice(0, 2),
  ...ofSchool(high, 'student').slice(0, 2),
  ...ofSchool(high, 'teacher').slice(0, 1),
];
export const reader = holders[0] ?? '';
const someClass = /^(c-silver[^,]*),/m.exec(roster.get('classes.csv') ?? '')?.[1] ?? '';

/** A server with the sample roster, devices and custodies, and no policy. */
export class PolicyServer {
  readonly server: TestServer;
  readonly client: OperatorClient;

  private constructor(server: TestServer) {
    this.server = server;
    this.client = new OperatorClient(server.home);
  }

  static async start(): Promise<PolicyServer> {
    const one = new PolicyServer(await TestServer.start());
    await one.#people();
    await one.#devices();
    return one;
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.server.stop();
  }

  async #people(): Promise<void> {
    const { ZipFile } = await import('yazl');
    const { buffer } = await import('node:stream/consumers');
    const zip = new ZipFile();
    for (const [name, text] of roster) zip.addBuffer(Buffer.from(text), name);
    zip.end();
    const upload = { bytes: await buffer(zip.outputStream), type: 'application/zip' };
    const { applied } = await this.client.call('importOneRoster', { upload, query: { mode: 'strict' } });
    if (!applied) throw new Error('the sample roster was refused');
  }

  /** Beside the server: devices enrol with keys, which would take long and prove nothing here. */
  async #devices(): Promise<void> {
    const db = await openStore(join(this.server.home, 'rollcall.db'));
    const ids = [...holders, 'nobody'].map((holder) => `d-${holder}`);
    for (const [index, id] of ids.entries()) {
      await db.insertInto('device').values(deviceRow(id, index)).execute();
      if (index % 2 === 0) await db.insertInto('device_tag').values({ device_id: id, tag: 'lab' }).execute();
    }
    await db.destroy();
    for (const person of holders) {
      const { items } = await this.client.call('listPeople', { query: { search: person } });
      const personId = items.find(({ sourcedId }) => sourcedId === person)?.id ?? '';
      await this.client.call('openCustody', { params: { id: `d-${person}` }, body: { personId, kind: 'primary' } });
    }
    // The last one, of nobody, is made known too.
    await this.client.call('setDeviceTags', { params: { id: 'd-nobody' }, body: { tags: ['cart'] } });
  }

  /** Device → hash of what it should hold, once every change has been worked in. */
  async desired(): Promise<Record<string, string>> {
    const { items } = await this.client.call('listProfiles');
    // A landing is told only when desired states have followed.
    for (const { id } of items.slice(0, 1)) await this.client.call('readLanding', { params: { id } });
    const db = await openStore(join(this.server.home, 'rollcall.db'));
    const rows = await db.selectFrom('device_desired').select(['device_id', 'content_hash']).execute();
    await db.destroy();
    return Object.fromEntries(rows.map((row) => [row.device_id, row.content_hash]));
  }

  /** Publishes a profile as the console does; a member of staff approves it where somebody has to. */
  async publish(name: string, description: string, content: ProfileContent): Promise<string> {
    const there = (await this.client.call('listProfiles')).items.find((profile) => profile.name === name);
    const id = there?.id ?? (await this.client.call('createProfile', { body: { name, description } })).profile.id;
    const { version } = await this.client.call('readProfile', { params: { id } });
    const draft = await this.client.call('saveDraft', { params: { id }, body: { content, version } });
    await this.#release({ kind: 'profile', id, version: draft.version });
    return id;
  }

  async publishGroup(name: string, content: GroupContent): Promise<string> {
    const made = await this.client.call('createGroup', { body: { name, description: `About ${name}`, content } });
    await this.#release({ kind: 'group', id: made.group.id, version: made.version });
    return made.group.id;
  }

  async #release(item: { kind: 'profile' | 'group'; id: string; version: number }): Promise<void> {
    const proposal = { title: 'As the console does', note: '', items: [item] };
    const { change } = await this.client.call('proposeChange', { body: proposal });
    if (change.needs.length > 0) await this.approve(change.id);
    await this.client.call('publishChange', { params: { id: change.id }, body: {} });
  }

  #cookie: string | undefined;

  /** As a member of staff, who is somebody else than the operator. */
  async approve(id: string): Promise<void> {
    this.#cookie ??= await this.server.setUp();
    const answer = await this.server.call(`/api/changes/${id}/decision`, {
      method: 'POST',
      headers: { cookie: this.#cookie, origin: this.server.origin },
      body: { decision: 'approved', words: 'seen' },
    });
    if (answer.status !== 200) throw new Error(`not approved: ${JSON.stringify(answer.body)}`);
  }

  /** A policy with something of everything. */
  async fillPolicy(): Promise<void> {
    const { client } = this;
    for (const { category, text, ...about } of sampleLists()) {
      const upload = { bytes: new TextEncoder().encode(text), type: 'text/plain' };
      await client.call('importList', { params: { category }, query: about, upload });
      await client.call('setListExceptions', { params: { category }, body: { names: ['games.example'] } });
    }
    const district = { ...sampleCalendar('2026-10-05'), freezes: [] };
    await client.call('saveCalendar', { params: { org: 'district' }, body: { calendar: district } });
    const { items: orgs } = await client.call('listOrgs');
    const unit = orgs.find(({ sourcedId }) => sourcedId === high)?.id ?? '';
    const own = { ...district, exceptions: [] };
    await client.call('saveCalendar', { params: { org: unit }, body: { calendar: own } });
    await this.#groups();
    await this.#profiles();
    await this.#documents();
  }

  async #groups(): Promise<void> {
    await this.publishGroup('Readers', { kind: 'list', people: [reader], devices: ['SN-4'] });
    await this.publishGroup('High school', {
      kind: 'rule',
      selector: {
        kind: 'all',
        of: [
          { kind: 'org', org: high },
          {
            kind: 'not',
            of: {
              kind: 'any',
              of: [
                { kind: 'group', group: 'Readers' },
                { kind: 'tag', tag: 'cart' },
              ],
            },
          },
        ],
      },
    });
  }

  async #profiles(): Promise<void> {
    for (const { name, description, content } of [...sampleProfiles, screenReaderProfile(reader)])
      await this.publish(name, description, content);
    await this.publish('Locked minimum', 'Nothing weakens it', {
      locked: true,
      settings: { screenLock: { idleMinutes: 8 } },
      assignments: [
        {
          to: {
            kind: 'any',
            of: [
              { kind: 'group', group: 'High school' },
              { kind: 'tag', tag: 'lab' },
            ],
          },
          priority: 10,
        },
      ],
    });
    await this.publish('Exams', 'An exception', {
      settings: { browser: { homePage: 'https://exams.example/' }, screenLock: { idleMinutes: 50 } },
      assignments: [
        {
          to: { kind: 'class', class: someClass },
          priority: 10,
          override: { reason: 'mock exams', until: '2099-05-03T06:00:00Z' },
        },
      ],
    });
  }

  async #documents(): Promise<void> {
    const { client } = this;
    const { items } = await client.call('listProfiles');
    const id = items.find(({ name }) => name === restrictionProfile)?.id ?? '';
    const policy = sampleCompliancePolicy(id);
    const checks = policy.checks.map((check, index) =>
      index === 0 ? { ...check, binds: [{ kind: 'group' as const, group: 'High school' }] } : check,
    );
    const { version } = await client.call('readCompliancePolicy');
    await client.call('saveCompliancePolicy', { body: { policy: { ...policy, checks }, version } });
    const filter = await client.call('readFilterSettings');
    await client.call('saveFilterSettings', { body: { settings: sampleFilterSettings, version: filter.version } });
    const publishing = await client.call('readPublishing');
    const settings = { ...publishing.settings, approvalLeast: 50 };
    await client.call('savePublishing', { body: { settings, version: publishing.version } });
  }
}

function deviceRow(id: string, index: number) {
  return {
    ...{
      id,
      name: `laptop ${id}`,
      serial: `SN-${index}`,
      maker: 'Maple',
      model: index < 3 ? 'M1' : 'M2',
      hardware_id: id,
    },
    ...{ platform: index === 1 ? 'win32' : 'linux', os_name: 'Debian', os_version: '12', agent_version: '1.0.0' },
    ...{ status: 'active', simulated: 0, token_id: null, enrolled_at: 0, last_seen_at: 0 },
    ...{ spool_epoch: null, spool_sequence: 0 },
  };
}
