import type { Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { ObligationInput, ObligationPreview, ObligationView, SignatureImport } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Seen } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { Actor, EventLog, LifeCycle, Obligations, Page } from '../services.ts';
import type { CustodyStore } from '../store/custody.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { ObligationRecord } from '../store/obligation-records.ts';
import type { ObligationStore } from '../store/obligations.ts';
import type { OverrideTargets } from '../store/override-targets.ts';
import { type DueStores, readDueDates } from './due-dates.ts';
import { type Asked, planObligations, previewOf } from './obligation-plan.ts';
import { Returns } from './returns.ts';
import { readSignatures } from './signatures.ts';

export interface ObligationParts {
  stores: DueStores & {
    obligations: ObligationStore;
    overrideTargets: OverrideTargets;
    custody: CustodyStore;
    documents: DocumentStore;
  };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

type Plan = ReturnType<typeof planObligations>;

const nothingSuch = {
  person: 'There is no such person in the roster.',
  org: 'There is no such unit in the roster.',
  class: 'There is no such class in the roster.',
} as const;

/** What people owe. An open one past its due date counts against the person; see `server/compliance/people.ts`. */
export class ObligationService implements Obligations, LifeCycle {
  readonly #parts: ObligationParts;
  readonly #returns: Returns;
  readonly #queue: ChangeQueue;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: ObligationParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#returns = new Returns(parts);
    this.#queue = new ChangeQueue({ work: () => this.#returns.follow(), clock, onError });
  }

  /** Follows custody and roster, also what became of them while the server was away. */
  async start(): Promise<void> {
    const { bus } = this.#parts;
    this.#unsubscribe = [
      bus.subscribe('device-changed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('roster-changed', () => this.#queue.add('all')),
    ];
    this.#queue.add('all');
    await this.#queue.settled();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    await this.#queue.stop();
  }

  /** Resolves when every change of custody and roster published so far has been followed. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  async list(query: Seen<Query<Routes['listObligations']>>): Promise<Page<ObligationView>> {
    return await this.#parts.stores.obligations.page(query, this.#parts.clock.now());
  }

  async preview(input: ObligationInput): Promise<ObligationPreview> {
    return previewOf(await this.#plan(input, 'nobody'));
  }

  async create(input: ObligationInput, actor: Actor): Promise<ObligationPreview> {
    const plan = await this.#plan(input, actor);
    const preview = previewOf(plan);
    if (plan.records.length === 0) throw new CodedError('conflict', nobodyWords(preview));
    await this.#parts.stores.obligations.insert(plan.records);
    const [first] = plan.records;
    const whom = preview.people === 1 ? 'one person' : `${preview.people} people`;
    const words = `“${first?.title}” is asked of ${whom}, due by ${input.dueOn}.`;
    await this.#tell('obligations-made', words, actor, preview.people === 1 ? first?.personId : undefined);
    this.#changed(plan.records);
    return preview;
  }

  async meet(id: string, actor: Actor): Promise<ObligationView> {
    return await this.#end(id, 'met', 'is done.', actor);
  }

  async cancel(id: string, reason: string, actor: Actor): Promise<ObligationView> {
    const why = plainText(reason, '');
    if (why.length < 3) throw new CodedError('bad-request', 'Say why, in a few words: it stands in the events.');
    return await this.#end(id, 'cancelled', `was taken back: ${why}`, actor);
  }

  async importSignatures(
    bytes: Uint8Array,
    { title, mode = 'strict', dryRun = false }: Query<Routes['importSignatures']>,
    actor: Actor,
  ): Promise<SignatureImport> {
    const { obligations } = this.#parts.stores;
    const wanted = plainText(title, '');
    const asked = (await obligations.open({ kind: 'agreement' })).filter((one) => one.title === wanted);
    const signedBefore = await obligations.peopleWhoMet('agreement', wanted);
    if (asked.length + signedBefore.size === 0)
      throw new CodedError('not-found', `Nobody was asked to sign “${wanted}”. Ask people first, under that title.`);
    const { people, problems, refused } = await readSignatures(bytes, mode, await obligations.everybody());
    const meeting = asked.filter(({ personId }) => people.has(personId));
    const owing = new Set(asked.map(({ personId }) => personId));
    const counts = {
      met: meeting.length,
      already: [...people].filter((id) => !owing.has(id) && signedBefore.has(id)).length,
      left: owing.size - meeting.length,
    };
    const result = { applied: !refused && !dryRun, dryRun, mode, ...counts, problems };
    if (result.applied) await this.#signed(meeting, wanted, actor);
    return result;
  }

  async #signed(meeting: readonly ObligationRecord[], title: string, actor: Actor): Promise<void> {
    const { stores, clock } = this.#parts;
    const ids = meeting.map(({ id }) => id);
    const ended = await stores.obligations.end(ids, { outcome: 'met', by: actor, at: clock.now() });
    await this.#tell('signatures-imported', `${ended.length} people signed “${title}”, by a file.`, actor);
    this.#changed(ended);
  }

  async #end(id: string, outcome: 'met' | 'cancelled', what: string, actor: Actor): Promise<ObligationView> {
    const { stores, clock } = this.#parts;
    if (!(await stores.obligations.find(id, clock.now()))) throw new CodedError('not-found', 'Nobody owes this.');
    const [ended] = await stores.obligations.end([id], { outcome, by: actor, at: clock.now() });
    if (!ended) throw new CodedError('conflict', 'This is over already.');
    await this.#tell(`obligation-${outcome}`, `“${ended.title}” ${what}`, actor, ended.personId);
    this.#changed([ended]);
    const view = await stores.obligations.find(id, clock.now());
    if (!view) throw new Error(`the obligation ${id} was ended, and is gone`);
    return view;
  }

  async #plan(input: ObligationInput, by: Actor): Promise<Plan> {
    const { stores, clock, random } = this.#parts;
    await this.#demandAudience(input.to);
    const people = await stores.obligations.audience(input.to);
    const ids = people.map(({ id }) => id);
    const dueOf = await readDueDates(stores, ids, input.dueOn, clock.now());
    const custodies = await stores.custody.openCustodyOfPeople(ids);
    const asked: Asked[] = people.map((person) => ({
      person,
      dueAt: dueOf(person.id),
      devices: (custodies.get(person.id) ?? []).map(({ deviceId }) => deviceId),
    }));
    const open = await stores.obligations.open({ people: ids, kind: input.kind });
    const title = plainText(input.title, '');
    if (title.length < 3) throw new CodedError('bad-obligation', 'Say what is owed, in a few words.');
    return planObligations({ ...input, title }, asked, open, { by, now: clock.now(), newId: () => random.uuid() });
  }

  async #demandAudience(to: ObligationInput['to']): Promise<void> {
    for (const kind of ['person', 'org', 'class'] as const) {
      const id = to[kind];
      if (id !== undefined && (await this.#parts.stores.overrideTargets.nameOf({ kind, id })) === undefined)
        throw new CodedError('not-found', nothingSuch[kind]);
    }
  }

  #changed(records: readonly ObligationRecord[]): void {
    const personIds = [...new Set(records.map(({ personId }) => personId))];
    if (personIds.length > 0) this.#parts.bus.publish('obligations-changed', { personIds });
  }

  async #tell(code: string, words: string, actor: Actor, personId?: string): Promise<void> {
    const subject = personId === undefined ? {} : { subject: { kind: 'person' as const, id: personId } };
    await this.#parts.events.add({ actor, code, words, ...subject });
  }
}

function nobodyWords({ owing, withoutDevice }: ObligationPreview): string {
  if (owing > 0) return 'Whom this would be asked of owes the same already.';
  return withoutDevice > 0 ? 'Nobody of them holds a device to bring back.' : 'Nobody in the roster is meant by this.';
}
