import type { ObjectKind } from '../../shared/access/objects.ts';
import type { Permission } from '../../shared/access/permissions.ts';
import type { LiveTopic } from '../../shared/api/live.ts';
import type { Authoriser } from '../access/authorise.ts';
import type { Place, Standing } from '../access/standing.ts';

/** By which permission somebody hears of a topic; `staff`: everybody who is signed in. */
const heardBy: Record<LiveTopic, Permission | 'staff'> = {
  overview: 'devices:read',
  people: 'people:read',
  devices: 'devices:read',
  device: 'devices:read',
  profiles: 'policy:read',
  profile: 'policy:read',
  groups: 'policy:read',
  changes: 'policy:read',
  rollouts: 'policy:read',
  'api-tokens': 'api-tokens:make',
  webhooks: 'programs:manage',
  lists: 'filter:read',
  requests: 'requests:read',
  overrides: 'overrides:read',
  classes: 'classes:read',
  calendars: 'staff',
  filter: 'filter:read',
  compliance: 'compliance:read',
  waivers: 'compliance:read',
  obligations: 'people:read',
  restrictions: 'compliance:read',
  recovery: 'devices:read',
  tokens: 'enrolment:manage',
  events: 'audit:read',
  orgs: 'staff',
  tickets: 'tickets:read',
  ticket: 'tickets:read',
  diagnosis: 'diagnoses:read',
  commands: 'commands:read',
  approvals: 'approvals:read',
  scripts: 'commands:read',
  staff: 'staff:read',
  security: 'staff',
  audit: 'audit:read',
};

/** Topics whose ids are of objects that belong to units. */
const kindOf: { [T in LiveTopic]?: ObjectKind } = { device: 'device', ticket: 'ticket', diagnosis: 'diagnosis' };

/** More than this many objects are not remembered. */
const remembered = 10_000;

/** Which hints a tab may hear. Where an object belongs is remembered between two hints, until somebody may have moved. */
export class LiveSight {
  readonly #authoriser: Pick<Authoriser, 'ofStaff' | 'placesOf' | 'holds'>;
  readonly #places = new Map<string, Promise<Place[]>>();

  constructor(authoriser: Pick<Authoriser, 'ofStaff' | 'placesOf' | 'holds'>) {
    this.#authoriser = authoriser;
  }

  async standingOf(staffId: string): Promise<Standing> {
    return await this.#authoriser.ofStaff(staffId);
  }

  /** A plain answer where nothing has to be looked up, as for everybody who sees the whole district. */
  hears(standing: Standing, { topic, id }: { topic: LiveTopic; id?: string }): boolean | Promise<boolean> {
    const permission = heardBy[topic];
    if (permission === 'staff') return true;
    const sight = standing.sight(permission);
    if (!sight) return false;
    const kind = kindOf[topic];
    if (sight.orgs === 'all' || id === undefined || kind === undefined) return true;
    return this.#placesOf(kind, id).then((places) => standing.holds(permission, places));
  }

  /** Whether somebody may look at a device live. */
  async mayWatch(staffId: string, diagnosisId: string): Promise<boolean> {
    return await this.#authoriser.holds(await this.standingOf(staffId), 'diagnoses:run', 'diagnosis', diagnosisId);
  }

  /** Something may belong to another unit now. */
  forget(): void {
    this.#places.clear();
  }

  #placesOf(kind: ObjectKind, id: string): Promise<Place[]> {
    const key = `${kind} ${id}`;
    const found = this.#places.get(key) ?? this.#authoriser.placesOf(kind, id);
    if (this.#places.size >= remembered) this.forget();
    this.#places.set(key, found);
    return found;
  }
}
