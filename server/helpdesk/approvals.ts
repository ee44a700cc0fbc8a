import type { ApprovalView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { signaturesNeeded, signerOf } from '../../shared/commands/approval.ts';
import type { Roster } from '../../shared/commands/roster.ts';
import type { PasskeyAssertion } from '../../shared/commands/webauthn.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Sight } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { Endings } from '../endings.ts';
import type { Approvals, EventLog, LifeCycle, Page, StaffPerson } from '../services.ts';
import type { ApprovalQuery, ApprovalRecord, ApprovalState, ApprovalStore } from '../store/approvals.ts';
import { iso } from '../store/views/rows.ts';
import { primitives } from './primitives.ts';

export type ApprovalKind = ApprovalView['kind'];

/** What is to be signed. */
export interface Proposal {
  kind: ApprovalKind;
  subjectId: string;
  title: string;
  lines: readonly string[];
  text: string;
  reason: string;
  by: StaffPerson;
  expiresAt: number;
  /** 0: by those it names itself. */
  rosterVersion: number;
}

/** Whoever asked for signatures: what follows when they are there, and when they never will be. */
export interface Follower {
  signed?(approval: ApprovalRecord): Promise<void>;
  over?(approval: ApprovalRecord, state: Exclude<ApprovalState, 'open' | 'signed'>): Promise<void>;
}

export interface ApprovalParts {
  store: ApprovalStore;
  /** Who may sign under a version; for 0 the text itself says. */
  rosterOf: (approval: Pick<ApprovalRecord, 'roster_version' | 'text'>) => Promise<Roster | undefined>;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

/** Collects the signatures of two approvers under an exact text; each is verified before it counts. */
export class ApprovalService implements Approvals, LifeCycle {
  readonly #parts: ApprovalParts;
  readonly #ends: Endings;
  readonly #followers = new Map<ApprovalKind, Follower>();

  constructor(parts: ApprovalParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#ends = new Endings({ clock, onError, endOverdue: () => this.#endOverdue() });
  }

  /** Before `start`. */
  follow(kind: ApprovalKind, follower: Follower): void {
    this.#followers.set(kind, follower);
  }

  async start(): Promise<void> {
    await this.#ends.start(() => this.#parts.store.open());
  }

  async stop(): Promise<void> {
    await this.#ends.stop();
  }

  async settled(): Promise<void> {
    await this.#ends.settled();
  }

  /** Asks for signatures; returns the approval's id. */
  async open(proposal: Proposal): Promise<string> {
    const { store, clock, random, bus, events } = this.#parts;
    const { kind, subjectId, title, lines, text, reason, by, expiresAt, rosterVersion } = proposal;
    const id = random.uuid();
    await store.add({
      ...{ id, kind, subject_id: subjectId, title: title.slice(0, 300), text, reason },
      lines: JSON.stringify(lines.slice(0, 50).map((line) => line.slice(0, 500))),
      ...{ by_staff: by.id, by_actor: by.actor, at: clock.now(), expires_at: expiresAt, state: 'open' },
      ...{ needs: signaturesNeeded, roster_version: rosterVersion },
    });
    this.#ends.expect(id, expiresAt);
    await events.add({
      actor: by.actor,
      code: 'approval-asked',
      words: `Asked two approvers to sign: ${title}`,
      reason,
    });
    bus.publish('approvals-changed', {});
    return id;
  }

  async list(query: ApprovalQuery, reader: StaffPerson | undefined, sight: Sight): Promise<Page<ApprovalView>> {
    const page = await this.#parts.store.page(query, sight);
    return { ...page, items: await Promise.all(page.items.map((row) => this.#view(row, reader))) };
  }

  async read(id: string, reader: StaffPerson | undefined): Promise<ApprovalView> {
    return await this.#view(await this.#found(id), reader);
  }

  async sign(id: string, assertion: PasskeyAssertion, by: StaffPerson): Promise<ApprovalView> {
    const { store, clock, bus, events } = this.#parts;
    const approval = await this.#found(id);
    await this.#demandSignable(approval, assertion, by);
    const at = clock.now();
    if (!(await store.sign(id, { staffId: by.id, actor: by.actor, at, assertion })))
      throw new CodedError('conflict', 'You have signed this already, or it is over.');
    await events.add({ actor: by.actor, code: 'approval-signed', words: `Signed with a passkey: ${approval.title}` });
    await this.#complete(await this.#found(id));
    bus.publish('approvals-changed', {});
    return await this.read(id, by);
  }

  async reject(id: string, words: string, by: StaffPerson): Promise<ApprovalView> {
    const { events } = this.#parts;
    const approval = await this.#found(id);
    const reason = plainText(words, '');
    const isOwn = approval.by_staff === by.id;
    const state = isOwn ? 'withdrawn' : 'rejected';
    if (!isOwn && !(await this.#isMember(approval, by)))
      throw new CodedError('forbidden', 'Only approvers, and whoever asked, can end this.');
    if (!(await this.end(id, state))) throw new CodedError('conflict', 'This is over already.');
    await events.add({ actor: by.actor, code: `approval-${state}`, words: `Not to be: ${approval.title}`, reason });
    return await this.read(id, by);
  }

  /** Ends one that is open, and tells whoever asked; false when it is over already. */
  async end(id: string, state: Exclude<ApprovalState, 'open' | 'signed'>): Promise<boolean> {
    const { store, bus } = this.#parts;
    if (!(await store.end(id, state))) return false;
    this.#ends.forget(id);
    const approval = await this.#found(id);
    await this.#followers.get(approval.kind as ApprovalKind)?.over?.(approval, state);
    bus.publish('approvals-changed', {});
    return true;
  }

  async find(id: string): Promise<ApprovalRecord | undefined> {
    return await this.#parts.store.find(id);
  }

  async about(kind: ApprovalKind, subjectId: string): Promise<ApprovalRecord | undefined> {
    return await this.#parts.store.about(kind, subjectId);
  }

  async #demandSignable(approval: ApprovalRecord, assertion: PasskeyAssertion, by: StaffPerson): Promise<void> {
    if (approval.state !== 'open' || approval.expires_at <= this.#parts.clock.now())
      throw new CodedError('conflict', 'This is over: it was decided, or its time ran out.');
    if (approval.by_staff === by.id && approval.roster_version !== 0)
      throw new CodedError('forbidden', 'You asked for this: two others must sign it.');
    const roster = await this.#parts.rosterOf(approval);
    if (!roster) throw new CodedError('conflict', 'The approvers were changed meanwhile. Ask for it anew.');
    const signer = signerOf(approval.text, assertion, roster, primitives);
    if ('code' in signer) throw new CodedError('bad-signature', `This signature does not count: ${signer.words}.`);
    if (signer.staffId !== by.id)
      throw new CodedError('bad-signature', 'This passkey belongs to somebody else. Sign with your own.');
  }

  /** Signatures of accounts that were disabled meanwhile do not count. */
  async #complete(approval: ApprovalRecord): Promise<void> {
    const counting = approval.signatures.filter(({ counts }) => counts);
    if (counting.length < approval.needs || !(await this.#parts.store.end(approval.id, 'signed'))) return;
    this.#ends.forget(approval.id);
    await this.#followers.get(approval.kind as ApprovalKind)?.signed?.({ ...approval, signatures: counting });
  }

  async #endOverdue(): Promise<void> {
    const { store, clock } = this.#parts;
    for (const { id } of await store.overdue(clock.now())) await this.end(id, 'expired');
  }

  async #found(id: string): Promise<ApprovalRecord> {
    const approval = await this.#parts.store.find(id);
    if (!approval) throw new CodedError('not-found', 'Nothing of this name waits for signatures.');
    return approval;
  }

  async #isMember(approval: ApprovalRecord, { id }: StaffPerson): Promise<boolean> {
    const roster = await this.#parts.rosterOf(approval);
    return roster?.members.some(({ staffId }) => staffId === id) === true;
  }

  async #view(row: ApprovalRecord, reader: StaffPerson | undefined): Promise<ApprovalView> {
    const isOwn = reader !== undefined && row.by_staff === reader.id;
    const hasSigned = row.signatures.some(({ staffId }) => staffId === reader?.id);
    const isOpen = row.state === 'open' && row.expires_at > this.#parts.clock.now();
    const mayAsker = !isOwn || row.roster_version === 0;
    const kind = row.kind as ApprovalKind;
    return {
      ...{ id: row.id, kind, title: row.title, text: row.text, reason: row.reason, by: row.by_actor },
      lines: JSON.parse(row.lines) as string[],
      at: iso(row.at),
      expiresAt: iso(row.expires_at),
      state: row.state as ApprovalState,
      needs: row.needs,
      signed: row.signatures.filter(({ counts }) => counts).map(({ actor, at }) => ({ by: actor, at: iso(at) })),
      maySign: reader !== undefined && isOpen && mayAsker && !hasSigned && (await this.#isMember(row, reader)),
      isOwn,
      subject: { kind, id: row.subject_id },
    };
  }
}
