import type { Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { ChangeSummary, ChangeView, RevisionDiff } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import { Serial } from '../filter/serial.ts';
import type { Author, Changes, Proposal } from '../policy-service-types.ts';
import { contentOf } from '../profiles/summaries.ts';
import type { LifeCycle, Page } from '../services.ts';
import type { ChangeRecord } from '../store/change-records.ts';
import { demandPerson, isSame, operator, sidesOf, signatureOf } from './authors.ts';
import { type Drawn, drawUp, redraw } from './proposals.ts';
import { Publisher, type PublisherParts } from './publisher.ts';
import { diffOf } from './revision-diff.ts';
import { Schedule } from './schedule.ts';
import { hindrancesOf, readRules, standingOf } from './standing.ts';
import { sidesToSign, summaryOf, viewOf } from './views.ts';

export interface ChangeParts extends PublisherParts {
  onError: (error: unknown) => void;
}

/** Approval is asked for, or a freeze is on: the change waits for somebody. */
const waits = (error: unknown): error is CodedError =>
  error instanceof CodedError && (error.code === 'approval-needed' || error.code === 'in-freeze');

/** Drafts that are reviewed, approved, scheduled and published together. What writes goes one after the other. */
export class ChangeService implements Changes, LifeCycle {
  readonly #parts: ChangeParts;
  readonly #publisher: Publisher;
  readonly #schedule: Schedule;
  readonly #serial = new Serial();
  /** Since when previews may be out of date; what was before the start nobody knows. */
  #movedAt: number;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: ChangeParts) {
    this.#parts = parts;
    this.#publisher = new Publisher(parts);
    this.#movedAt = parts.clock.now();
    const { stores, clock, onError } = parts;
    this.#schedule = new Schedule({ changes: stores.changes, clock, onError, publish: (id) => this.#publishDue(id) });
  }

  async start(): Promise<void> {
    const { bus, clock } = this.#parts;
    const moved = () => {
      this.#movedAt = clock.now();
    };
    const again = () => this.#schedule.again();
    this.#unsubscribe = [
      ...(['policy-changed', 'roster-changed', 'device-changed', 'device-revoked'] as const).map((name) =>
        bus.subscribe(name, moved),
      ),
      ...(['changes-changed', 'rollouts-changed', 'calendars-changed'] as const).map((name) =>
        bus.subscribe(name, again),
      ),
    ];
    await this.#schedule.start();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    await this.#schedule.stop();
    await this.#serial.settled();
  }

  /** Resolves when all that is due has been published, or is held. */
  async settled(): Promise<void> {
    await this.#schedule.settled();
  }

  async propose(proposal: Proposal, by: Author): Promise<ChangeView> {
    return await this.#serial.run(async () => {
      this.#demandLater(proposal.publishAt ?? null);
      const drawn = await drawUp(this.#parts, proposal, by);
      await this.#add(drawn, by);
      return await this.read(drawn.change.id, by);
    });
  }

  async publishAtOnce(proposal: Proposal, by: Author): Promise<ChangeView> {
    return await this.#serial.run(async () => {
      const drawn = await drawUp(this.#parts, proposal, by);
      try {
        await this.#publisher.publish({ drawn, isNew: true, by: by.actor }, drawn.decisions);
      } catch (error) {
        if (!waits(error)) throw error;
        await this.#add(drawn, by);
        const words = `${error.message} It waits as the change “${drawn.change.title}”.`;
        throw new CodedError(error.code, words, [drawn.change.id, ...error.details], error);
      }
      return await this.read(drawn.change.id, by);
    });
  }

  async list(query: Query<Routes['listChanges']>, author: Author): Promise<Page<ChangeSummary>> {
    const { stores, clock } = this.#parts;
    const page = await stores.changes.page(query);
    const ids = page.items.map(({ id }) => id);
    const [decisions, comments] = [await stores.changes.decisions(ids), await stores.changes.commentCounts(ids)];
    const rules = await readRules(stores, clock.now());
    const reader = { author, sides: await sidesOf(author, stores.staff) };
    const items = page.items.map((change) => {
      const standing = isLive(change) ? standingOf(change, decisions.get(change.id) ?? [], rules) : undefined;
      return summaryOf({ change, standing, comments: comments.get(change.id) ?? 0 }, reader);
    });
    return { ...page, items };
  }

  async read(id: string, author: Author): Promise<ChangeView> {
    const { stores, clock } = this.#parts;
    const change = await this.#find(id);
    const rules = await readRules(stores, clock.now());
    const decisions = await this.#decisions(id);
    const standing = isLive(change) ? standingOf(change, decisions, rules) : undefined;
    const outdated = Date.parse(change.preview.at) < this.#movedAt;
    const comments = await stores.changes.comments(id);
    const reader = { author, sides: await sidesOf(author, stores.staff) };
    return viewOf({ change, standing, decisions, comments, outdated, settings: rules.settings }, reader);
  }

  async refresh(id: string, by: Author): Promise<ChangeView> {
    return await this.#serial.run(async () => {
      await this.#redrawn(await this.#findLive(id));
      this.#changed(id);
      return await this.read(id, by);
    });
  }

  async comment(id: string, said: string, by: Author): Promise<ChangeView> {
    const words = plainText(said, '');
    if (words === '') throw new CodedError('bad-request', 'Write a few words.');
    await this.#find(id);
    await this.#parts.stores.changes.comment(id, { by: by.actor, at: this.#parts.clock.now(), words });
    this.#changed(id);
    return await this.read(id, by);
  }

  async decide(
    id: string,
    { decision, words, preview }: RequestBody<Routes['decideChange']>,
    by: Author,
  ): Promise<ChangeView> {
    demandPerson(by);
    return await this.#serial.run(async () => {
      const change = await this.#findLive(id);
      if (preview !== undefined && preview !== change.preview.id) throw new CodedError('changed-meanwhile');
      const sides = decision === 'approved' ? await this.#approvable(change, by) : this.#rejectable(change, by);
      const { stores, clock } = this.#parts;
      const said = { ...signatureOf(by, clock.now()), words: plainText(words, ''), fingerprint: change.fingerprint };
      await stores.changes.decide(
        id,
        sides.map((side) => ({ ...said, decision, side })),
      );
      await this.#tell(`change-${decision}`, change, `was ${decision}${said.words && `: ${said.words}`}`, by);
      return await this.read(id, by);
    });
  }

  async schedule(id: string, publishAt: string | null, by: Author): Promise<ChangeView> {
    return await this.#serial.run(async () => {
      this.#demandLater(publishAt);
      const change = await this.#findLive(id);
      await this.#parts.stores.changes.schedule(id, publishAt === null ? null : Date.parse(publishAt));
      const words = publishAt === null ? 'is published by hand only' : `is to be published at ${publishAt}`;
      await this.#tell('change-scheduled', change, words, by);
      return await this.read(id, by);
    });
  }

  async publish(id: string, despiteFreeze: string | undefined, by: Author): Promise<ChangeView> {
    return await this.#serial.run(async () => {
      await this.#publishStored(await this.#findLive(id), by, despiteFreeze && plainText(despiteFreeze, ''));
      return await this.read(id, by);
    });
  }

  async withdraw(id: string, by: Author): Promise<ChangeView> {
    return await this.#serial.run(async () => {
      const change = await this.#findLive(id);
      if (!isSame(by, change) && by.actor !== operator)
        throw new CodedError('forbidden', 'Who proposed it takes it back. You may reject it.');
      await this.#parts.stores.changes.withdraw(id, this.#parts.clock.now());
      await this.#tell('change-withdrawn', change, 'was taken back', by);
      return await this.read(id, by);
    });
  }

  async returnTo(
    profileId: string,
    { revision, version, note }: RequestBody<Routes['returnToRevision']>,
    by: Author,
  ): Promise<ChangeView> {
    const { profiles } = this.#parts.stores;
    const [record, earlier] = [await profiles.find(profileId), await profiles.revision(profileId, revision)];
    if (!record || !earlier) throw new CodedError('not-found', 'There is no such revision of this profile.');
    const title = `Return “${record.name}” to revision ${revision}`;
    const items = [{ kind: 'profile' as const, id: profileId, version, content: contentOf(earlier) }];
    return await this.propose({ title, note, items }, by);
  }

  async diff(profileId: string, revisions: Query<Routes['diffRevisions']>): Promise<RevisionDiff> {
    return await diffOf(this.#parts.stores.profiles, profileId, revisions);
  }

  async #add({ change, decisions }: Drawn, by: Author): Promise<void> {
    await this.#parts.stores.changes.add(change, decisions);
    await this.#tell('change-proposed', change, 'was proposed', by);
  }

  /** The change as it does now, stored. */
  async #redrawn(stored: ChangeRecord): Promise<Drawn> {
    const { change, touched, fell } = await redraw(this.#parts, stored);
    await this.#parts.stores.changes.setPreview(change.id, change);
    if (fell) {
      const words = 'does more than before; what was approved is to be approved anew';
      await this.#tell('change-grown', change, words, { actor: 'server' });
    }
    return { change, touched, decisions: [] };
  }

  /** Worked out anew first: what goes out does no more than what was approved. */
  async #publishStored(change: ChangeRecord, by: Author, despiteFreeze?: string): Promise<void> {
    const drawn = await this.#redrawn(change);
    const decisions = await this.#decisions(change.id);
    await this.#publisher.publish({ drawn, isNew: false, by: by.actor, despiteFreeze }, decisions);
  }

  /** Returns when to try again by itself; undefined: when something has happened. */
  async #publishDue(id: string): Promise<number | undefined> {
    return await this.#serial.run(async () => {
      const { stores, clock } = this.#parts;
      const change = await this.#find(id);
      if (change.state !== 'scheduled' || (change.publishAt ?? 0) > clock.now()) return undefined;
      const rules = await readRules(stores, clock.now());
      const standing = standingOf(change, await this.#decisions(id), rules);
      if (hindrancesOf(standing).length === 0) {
        const refused = await this.#publishStored(change, { actor: 'server' }).then(() => undefined, refusalOf);
        if (refused) await this.#hold(change, [refused.message]);
      } else await this.#hold(change, hindrancesOf(standing));
      return standing.freeze?.until;
    });
  }

  /** Said once for the same reasons. */
  async #hold(change: ChangeRecord, reasons: readonly string[]): Promise<void> {
    const held = reasons.join(' ');
    if (held === change.held) return;
    await this.#parts.stores.changes.hold(change.id, held);
    await this.#tell('change-held', change, `was due and is held: ${held}`, { actor: 'server' });
  }

  async #approvable(change: ChangeRecord, by: Author) {
    const { stores, clock } = this.#parts;
    const standing = standingOf(change, await this.#decisions(change.id), await readRules(stores, clock.now()));
    const sides = sidesToSign(change, standing, { author: by, sides: await sidesOf(by, stores.staff) });
    if (sides.length > 0) return sides;
    if (isSame(by, change))
      throw new CodedError('forbidden', 'Another person approves this: nobody approves their own.');
    throw new CodedError('conflict', 'This has been approved already; there is nothing left for you to sign.');
  }

  #rejectable(change: ChangeRecord, by: Author): ['second-person'] {
    if (isSame(by, change)) throw new CodedError('forbidden', 'You proposed this: withdraw it.');
    return ['second-person'];
  }

  #demandLater(publishAt: string | null): void {
    if (publishAt === null || Date.parse(publishAt) > this.#parts.clock.now()) return;
    throw new CodedError('bad-request', 'The time to publish is over. Choose a later one, or publish it now.');
  }

  async #find(id: string): Promise<ChangeRecord> {
    const change = await this.#parts.stores.changes.find(id);
    if (!change) throw new CodedError('not-found', 'There is no such change.');
    return change;
  }

  async #findLive(id: string): Promise<ChangeRecord> {
    const change = await this.#find(id);
    if (isLive(change)) return change;
    throw new CodedError('conflict', `This change is over: it was ${change.state}.`);
  }

  async #decisions(id: string) {
    return (await this.#parts.stores.changes.decisions([id])).get(id) ?? [];
  }

  async #tell(code: string, { id, title }: ChangeRecord, words: string, by: Author): Promise<void> {
    const subject = { kind: 'change' as const, id };
    await this.#parts.events.add({ actor: by.actor, code, words: `“${title}” ${words}.`, subject });
    this.#changed(id);
  }

  #changed(id: string): void {
    this.#parts.bus.publish('changes-changed', { changeIds: [id] });
  }
}

const isLive = ({ state }: ChangeRecord) => state === 'open' || state === 'scheduled';

/** Anything else is a bug, and tried again. */
function refusalOf(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  throw error;
}
