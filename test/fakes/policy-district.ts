import { createHash } from 'node:crypto';
import { Bus, type BusEventName, type BusEvents } from '../../server/bus.ts';
import { ChangeService } from '../../server/changes/change-service.ts';
import { itemProblems } from '../../server/changes/item-problems.ts';
import { publishingDocument, readPublishing } from '../../server/changes/publishing-settings.ts';
import { DesiredStateService } from '../../server/profiles/desired-states.ts';
import { ProfileService } from '../../server/profiles/profile-service.ts';
import { createResolution } from '../../server/profiles/resolution.ts';
import type { Lists, ListVersion, NewEvent } from '../../server/services.ts';
import { CalendarStore } from '../../server/store/calendars.ts';
import { ChangeStore } from '../../server/store/changes.ts';
import { CheckIntervalStore } from '../../server/store/check-intervals.ts';
import { CompliancePolicyStore } from '../../server/store/compliance-policies.ts';
import { CustodyStore } from '../../server/store/custody.ts';
import { DesiredStore } from '../../server/store/desired.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { JudgementStore } from '../../server/store/judgements.ts';
import { LandingStore } from '../../server/store/landings.ts';
import { ListUseStore } from '../../server/store/list-use.ts';
import { ListStore } from '../../server/store/lists.ts';
import { ObligationStore } from '../../server/store/obligations.ts';
import { openStore } from '../../server/store/open.ts';
import { OverrideTargets } from '../../server/store/override-targets.ts';
import { OverrideStore } from '../../server/store/overrides.ts';
import { PeopleStore } from '../../server/store/people.ts';
import { PostureStore } from '../../server/store/posture.ts';
import { ProfileStore } from '../../server/store/profiles.ts';
import { RecoveryStore } from '../../server/store/recovery.ts';
import { ReportStore } from '../../server/store/reports.ts';
import { RequestStore } from '../../server/store/requests.ts';
import { RestrictionStore } from '../../server/store/restrictions.ts';
import { RolloutStore } from '../../server/store/rollouts.ts';
import { StaffStore } from '../../server/store/staff.ts';
import { VerdictStore } from '../../server/store/verdicts.ts';
import { ClassesView } from '../../server/store/views/classes.ts';
import { WaiverStore } from '../../server/store/waivers.ts';
import { type ProfileContent, type PublishingSettings, publishingDefaults } from '../../shared/api/schemas.ts';
import type { AssignmentInput, Selector } from '../../shared/policy/selector.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { FakeClock, SeededRandom } from './clock.ts';

export type PolicyDistrict = Awaited<ReturnType<typeof openPolicyDistrict>>;

/** Tests begin where the first pass is done; a server does not wait for it. */
class SettledStates extends DesiredStateService {
  override async start(): Promise<void> {
    await super.start();
    await this.settled();
  }
}

interface NewPerson {
  id: string;
  role?: string;
  grade?: string | null;
  org?: string | null;
}

/** A server's policy half on a store of its own: real services, a signer that counts, a clock that is moved by hand. */
export async function openPolicyDistrict(path = ':memory:', clock = new FakeClock()) {
  const db = await openStore(path);
  const errors: unknown[] = [];
  const said: NewEvent[] = [];
  const connected = new Set<string>();
  const random = new SeededRandom(clock.now() % 1000);
  const bus = new Bus((error) => errors.push(error));
  const signed: string[] = [];
  const signer = {
    keyId: 'key-1',
    sign: (text: string) => {
      signed.push(text);
      return createHash('sha512').update(text).digest('base64');
    },
  };
  const stores = {
    profiles: new ProfileStore(db),
    desired: new DesiredStore(db),
    groups: new GroupStore(db),
    rollouts: new RolloutStore(db),
    lists: new ListStore(db),
    listUse: new ListUseStore(db),
    documents: new DocumentStore(db),
    calendars: new CalendarStore(db),
    overrides: new OverrideStore(db),
    overrideTargets: new OverrideTargets(db),
    requests: new RequestStore(db),
    compliancePolicies: new CompliancePolicyStore(db),
    obligations: new ObligationStore(db),
    restrictions: new RestrictionStore(db),
    changes: new ChangeStore(db),
    staff: new StaffStore(db),
    checkIntervals: new CheckIntervalStore(db),
    judgements: new JudgementStore(db),
    classes: new ClassesView(db),
    recovery: new RecoveryStore(db),
    reports: new ReportStore(db),
    custody: new CustodyStore(db),
    people: new PeopleStore(db),
    landings: new LandingStore(db),
    posture: new PostureStore(db),
    verdicts: new VerdictStore(db),
    waivers: new WaiverStore(db),
  };
  const events = {
    add: async (event: NewEvent) => {
      said.push(event);
    },
  };
  const isConnected = (id: string) => connected.has(id);
  const onError = (error: unknown) => errors.push(error);
  const audience = 'a'.repeat(64);
  const about = { contact: 'IT', districtName: 'Maple County', hosts: [] as string[] };
  const resolution = createResolution({ stores, bus, clock, random, hosts: about.hosts });
  const { index, previews, reach } = resolution;
  const changes = new ChangeService({
    ...{ stores, previews, problemsOf: itemProblems(stores), events, bus, clock, random, onError },
  });
  const profiles = new ProfileService({
    ...{ stores, events, bus, clock, random, isConnected, previews, changes },
    hosts: about.hosts,
    settled: () => desired.settled(),
  });
  const lists = new Map<string, ListVersion>();
  let versions: Lists['versions'] = async () => () => lists;
  const sources = { stores, versions: () => versions(), ...about };
  const desired = new SettledStates({ ...sources, ...resolution, signer, audience, bus, clock, onError });
  await index.start();
  // What is tried here is what devices hold: policy goes to however many at once. Tests of changes ask for the usual rules.
  if (!(await stores.documents.read(publishingDocument)))
    await usePublishing({ approvalPercent: 100, fewDevices: Number.MAX_SAFE_INTEGER });

  async function addDevices(ids: readonly string[], status = 'active'): Promise<void> {
    for (let start = 0; start < ids.length; start += 500) {
      const rows = ids.slice(start, start + 500).map((id) => deviceRow(id, status, clock.now()));
      await db.insertInto('device').values(rows).execute();
    }
  }

  async function addPerson({ id, role = 'student', grade = '06', org = 'maple' }: NewPerson): Promise<void> {
    const rest = { sourced_id: id, given_name: id, family_name: 'Example', username: id, email: null };
    const row = { id, ...rest, role, grade, org_id: org, active: 1, updated_at: clock.now() };
    await db.insertInto('person').values(row).execute();
  }

  async function addOrg(id: string, parent: string | null): Promise<void> {
    const row = {
      id,
      sourced_id: id,
      name: `School ${id}`,
      type: 'school',
      parent_id: parent,
      identifier: null,
      active: 1,
    };
    await db.insertInto('org').values(row).execute();
  }

  async function give(deviceId: string, personId: string): Promise<void> {
    await stores.custody.open({ id: random.uuid(), deviceId, personId, kind: 'loan', at: clock.now(), by: 'test' });
    bus.publish('device-changed', { deviceIds: [deviceId] });
  }

  /** Publishes a profile of this name as `rollcall apply` would; resolves when every device's state follows it. */
  async function publish(
    name: string,
    settings: ProfileSettings,
    ...to: (Selector | AssignmentInput)[]
  ): Promise<string> {
    await profiles.applyDocument({ name, description: '', content: content(settings, ...to) }, { actor: 'test' });
    await desired.settled();
    const found = await stores.profiles.findByName(name);
    return found?.id ?? '';
  }

  async function usePublishing(settings: Partial<PublishingSettings>): Promise<void> {
    const { version } = await readPublishing(stores.documents);
    await stores.documents.save(publishingDocument, { ...publishingDefaults, ...settings }, version, clock.now());
  }

  /** Keeps what was published on the bus under this name from now on. */
  function hear<N extends BusEventName>(name: N): BusEvents[N][] {
    const heard: BusEvents[N][] = [];
    bus.subscribe(name, (payload) => {
      heard.push(payload);
    });
    return heard;
  }

  /** From now on devices hold the versions of this service instead of those in `lists`. */
  function useLists(service: Pick<Lists, 'versions'>): void {
    versions = () => service.versions();
  }

  async function close(): Promise<void> {
    await changes.stop();
    await desired.stop();
    await index.stop();
    await db.destroy();
  }

  const services = { profiles, desired, changes, index, previews, reach };
  const making = { addDevices, addPerson, addOrg, give, publish };
  return {
    db,
    stores,
    bus,
    clock,
    random,
    events,
    said,
    lists,
    useLists,
    sources,
    errors,
    signer,
    signed,
    connected,
    isConnected,
    hear,
    usePublishing,
    close,
    ...services,
    ...making,
  };
}

/** What a profile holds, with assignments of the usual priority. */
export function content(settings: ProfileSettings, ...to: (Selector | AssignmentInput)[]): ProfileContent {
  return { settings, assignments: to.map((one) => ('to' in one ? one : { to: one, priority: 100 })) };
}

function deviceRow(id: string, status: string, at: number) {
  return {
    id,
    name: `laptop ${id}`,
    serial: null,
    maker: null,
    model: null,
    hardware_id: id,
    platform: 'linux',
    os_name: 'Debian',
    os_version: '12',
    agent_version: '1.0.0',
    status,
    simulated: 0,
    token_id: null,
    enrolled_at: at,
    last_seen_at: at,
    spool_epoch: null,
    spool_sequence: 0,
  };
}
