import Type from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import { type Followed, followRosters, type ReadRoster } from '../../shared/commands/follow-rosters.ts';
import {
  Approved,
  ApproversSection,
  mostRosters,
  type Roster,
  readRoster,
  rosterWaitMs,
} from '../../shared/commands/roster.ts';
import { EpochMs, strictObject, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import type { AcceptedState } from '../reconcile/accepted-state.ts';
import { approversSection } from '../reconcile/section-content.ts';
import { parseJson, readIfThere, writeDurably } from '../store/durable-file.ts';
import type { Reports } from '../store/reports.ts';
import { primitives } from './primitives.ts';

/** When a roster was first seen here, by the trusted clock and by the device's own. */
const Waiting = strictObject({ ...Approved.properties, seenAt: EpochMs, seenWall: EpochMs });
const Kept = strictObject({ pinned: Approved, waiting: Type.Array(Waiting, { maxItems: mostRosters }) });
type Kept = Type.Static<typeof Kept>;
const keptSchema = validator(Kept);
const sectionSchema = validator(ApproversSection);

export interface ApproversParts {
  path: string;
  audience: () => string;
  reports: Reports;
  /** The server sets it: alone it would let the server end the waiting time at once. */
  trusted: { now(): number };
  clock: Clock;
  log: Log;
}

const lookEveryMs = 600_000;

/**
 * Whose passkeys this device obeys, pinned on disk. The first roster seen after the enrolment is believed; each later one
 * must be signed by two of the one before, and counts a day after it was first seen here, by the server's time and by the
 * device's own clock both. A file that cannot be read means that nobody is obeyed, until the device is enrolled again.
 */
export class PinnedApprovers {
  readonly #parts: ApproversParts;
  #kept: Kept | undefined | 'damaged';
  #latest: { hash: string; generation: number } | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: ApproversParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#load();
    this.#tick();
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Whom to obey now; undefined: nobody. */
  roster(): Roster | undefined {
    this.#settle();
    return this.#pinned?.roster;
  }

  /** A verified state is on disk. What it says of approvers may be refused, and nothing changes then. */
  consider({ approvers, manifest }: Pick<AcceptedState, 'approvers' | 'manifest'>): void {
    if (!approvers) return;
    this.#latest = { hash: approvers.hash, generation: manifest.generation };
    this.#settle();
    const section = parseJson(approvers.content);
    const followed = this.#judge(section);
    if (followed.kind === 'refused') this.#refuse(followed.code, followed.words);
    else {
      this.#follow(followed);
      this.#settle();
      this.#report();
    }
  }

  #judge(section: unknown): Followed {
    const unreadable = { kind: 'refused', code: 'roster-unreadable' } as const;
    if (!sectionSchema.check(section)) return { ...unreadable, words: 'it is not of the known form' };
    if (this.#kept === 'damaged') return { ...unreadable, words: 'what this device had pinned is damaged' };
    return followRosters(section.rosters, this.#pinned, this.#parts.audience(), primitives);
  }

  #follow(followed: Exclude<Followed, { kind: 'refused' }>): void {
    const { trusted, clock, log } = this.#parts;
    if (followed.kind === 'first') {
      this.#keep({ pinned: approvedOf(followed.roster), waiting: [] });
      log.info({ version: followed.roster.roster.version }, 'The approvers of dangerous commands are pinned.');
      return;
    }
    if (this.#kept === undefined || this.#kept === 'damaged') return;
    const before = this.#kept.waiting;
    const seen = { seenAt: trusted.now(), seenWall: clock.now() };
    const waiting = followed.rosters.map(
      (roster) => before.find(({ text }) => text === roster.text) ?? { ...approvedOf(roster), ...seen },
    );
    if (JSON.stringify(waiting) !== JSON.stringify(before)) this.#keep({ ...this.#kept, waiting });
  }

  /** Moves on to those whose waiting time is over, in order. */
  #settle(): void {
    while (this.#kept !== undefined && this.#kept !== 'damaged') {
      const [next, ...rest] = this.#kept.waiting;
      if (!next || this.#leftOf(next) > 0) return;
      this.#keep({ pinned: { text: next.text, approvals: next.approvals }, waiting: rest });
      this.#parts.log.info({ version: this.#pinned?.roster.version }, 'Other approvers count from now on.');
      this.#report();
    }
  }

  /** Milliseconds, by the clock that says more. */
  #leftOf({ seenAt, seenWall }: Kept['waiting'][number]): number {
    const { trusted, clock } = this.#parts;
    return rosterWaitMs - Math.min(trusted.now() - seenAt, clock.now() - seenWall);
  }

  get #pinned(): { text: string; roster: Roster } | undefined {
    if (this.#kept === undefined || this.#kept === 'damaged') return undefined;
    const { text } = this.#kept.pinned;
    const roster = readRoster(parseJson(text));
    return typeof roster === 'string' ? undefined : { text, roster };
  }

  #report(): void {
    const { reports, clock } = this.#parts;
    const pinned = this.#pinned;
    if (!this.#latest || !pinned || this.#kept === undefined || this.#kept === 'damaged') return;
    const [next] = this.#kept.waiting;
    const then = next ? `; another waits until ${inWords(clock.now() + this.#leftOf(next))} at the earliest` : '';
    reports.reportSection({
      ...{ kind: 'reported', at: clock.now(), section: approversSection, ...this.#latest },
      status: next ? 'applied' : 'verified',
      evidence: [
        {
          item: 'approvers of dangerous commands',
          expected: 'the newest version',
          seen: `version ${pinned.roster.version}${then}`,
          ok: next === undefined,
        },
      ],
    });
  }

  /** What is pinned stays; the district hears of each refusal once. */
  #refuse(code: string, words: string): void {
    const { reports, clock, log } = this.#parts;
    log.warn({ code }, `Other approvers were refused: ${words}. Those that are pinned stay.`);
    const message = `Other approvers were refused (${code}): ${words}.`.slice(0, 1000);
    const { hash = '', generation = 0 } = this.#latest ?? {};
    const isNew = reports.reportSection({
      ...{ kind: 'reported', at: clock.now(), section: approversSection, generation, hash, status: 'failed' },
      ...{ failure: { code, message }, evidence: [] },
    });
    if (isNew) reports.emit({ kind: 'event', at: clock.now(), code: 'approvers-refused', detail: message });
  }

  #tick(): void {
    this.#settle();
    this.#cancel = this.#parts.clock.after(lookEveryMs, () => this.#tick());
  }

  #keep(kept: Kept): void {
    writeDurably(this.#parts.path, JSON.stringify(kept));
    this.#kept = kept;
  }

  #load(): void {
    const content = readIfThere(this.#parts.path);
    const kept = content === undefined ? undefined : parseJson(content);
    this.#kept = content === undefined ? undefined : keptSchema.check(kept) ? kept : 'damaged';
    if (this.#kept === 'damaged')
      this.#parts.log.error(
        { path: this.#parts.path },
        'The pinned approvers cannot be read: no dangerous command is obeyed.',
      );
  }
}

function approvedOf({ text, approvals }: ReadRoster): Approved {
  return { text, approvals };
}

/** To the hour, so that it is not said anew at each look. */
function inWords(at: number): string {
  return `${new Date(Math.ceil(at / 3_600_000) * 3_600_000).toISOString().slice(0, 13)}:00Z`;
}
