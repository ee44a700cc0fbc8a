import type { ApproversView } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { dayOf } from '../../shared/commands/budget.ts';
import {
  type ApproversSection,
  type Member,
  mostRosters,
  type Roster,
  readRoster,
  rosterWaitMs,
  usualBudget,
} from '../../shared/commands/roster.ts';
import type { Site } from '../../shared/commands/webauthn.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Bus } from '../bus.ts';
import type { Approvers, EventLog, StaffPerson } from '../services.ts';
import type { ApprovalRecord } from '../store/approvals.ts';
import type { ApproverStore, SignedRoster } from '../store/approvers.ts';
import type { CommandStore } from '../store/commands.ts';
import { iso } from '../store/views/rows.ts';
import type { ApprovalService, Follower } from './approvals.ts';

export interface ApproverParts {
  stores: { approvers: ApproverStore; commands: Pick<CommandStore, 'slotsOf'> };
  approvals: () => Pick<ApprovalService, 'open' | 'about'>;
  /** The district's fingerprint. */
  audience: string;
  /** Where approvers sign. */
  sites: () => readonly Site[];
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

/** A week to sign in. */
const openMs = 7 * 86_400_000;

/** Whose passkeys devices obey: a chain of rosters, each signed by two of the one before. */
export class ApproverService implements Approvers, Follower {
  readonly #parts: ApproverParts;

  constructor(parts: ApproverParts) {
    this.#parts = parts;
  }

  /** The roster that counts now; undefined: nobody has been named. A new one counts after its waiting time. */
  async inForce(): Promise<Roster | undefined> {
    const rosters = await this.#parts.stores.approvers.rosters();
    return rosters.findLast((signed) => this.#effectiveAt(signed) <= this.#parts.clock.now())?.roster;
  }

  /** What devices receive; undefined while nobody has been named. */
  async section(): Promise<ApproversSection | undefined> {
    const rosters = await this.#parts.stores.approvers.rosters();
    if (rosters.length === 0) return undefined;
    return { rosters: rosters.slice(-mostRosters).map(({ text, approvals }) => ({ text, approvals })) };
  }

  /** Who may sign what was proposed under a version: only while that version counts. */
  async rosterOf({
    roster_version,
    text,
  }: Pick<ApprovalRecord, 'roster_version' | 'text'>): Promise<Roster | undefined> {
    const inForce = await this.inForce();
    if (roster_version === 0) return inForce ? undefined : rosterIn(text);
    return inForce?.version === roster_version ? inForce : undefined;
  }

  async read(): Promise<ApproversView> {
    const { stores, clock } = this.#parts;
    const roster = await this.inForce();
    const used = await stores.commands.slotsOf(dayOf(clock.now()));
    return {
      version: roster?.version ?? 0,
      members: roster ? await this.#members(roster) : [],
      pending: await this.#pending(roster),
      budget: { ...(roster?.budget ?? usualBudget), usedToday: used.length },
    };
  }

  async propose(staffIds: readonly string[], reason: string, by: StaffPerson): Promise<ApproversView> {
    const { stores, approvals, audience, sites, clock } = this.#parts;
    const roster = await this.inForce();
    if (await this.#pending(roster))
      throw new CodedError(
        'conflict',
        'A change of the approvers waits already. It must take effect or be rejected first.',
      );
    const found = await stores.approvers.staffWithPasskeys(staffIds);
    const without = staffIds.length - found.filter(({ passkeys }) => passkeys.length > 0).length;
    if (without > 0)
      throw new CodedError(
        'conflict',
        `${without} of them cannot sign in or have no passkey. Each approver needs one.`,
      );
    const now = clock.now();
    const version = (roster?.version ?? 0) + 1;
    const proposed = readRoster({
      ...{ format: 1, kind: 'approvers', audience, version, issuedAt: now, sites: sites(), budget: usualBudget },
      members: found.map(({ id, name, passkeys }) => ({
        staffId: id,
        name,
        passkeys: passkeys.map(({ name: _name, ...passkey }) => passkey),
      })),
    });
    if (typeof proposed === 'string') throw new CodedError('bad-request', `These cannot be approvers: ${proposed}.`);
    await approvals().open({
      ...{ kind: 'approvers', subjectId: String(version), text: canonicalJson(proposed), reason, by },
      title: `Approvers, version ${version}: ${found.map(({ name }) => name).join(', ')}`,
      lines: linesOf(roster, proposed),
      expiresAt: now + openMs,
      rosterVersion: roster?.version ?? 0,
    });
    return await this.read();
  }

  async signed(approval: ApprovalRecord): Promise<void> {
    const { stores, clock, bus, events } = this.#parts;
    const roster = rosterIn(approval.text);
    if (!roster) throw new Error('a roster was signed that cannot be read');
    const approvals = JSON.stringify(approval.signatures.map(({ assertion }) => assertion));
    const row = { version: roster.version, text: approval.text, approvals, signed_at: clock.now() };
    if (!(await stores.approvers.add(row))) return;
    const words = `Other people approve dangerous commands: version ${roster.version} was signed and goes to the devices.`;
    await events.add({ actor: approval.by_actor, code: 'approvers-changed', words, reason: approval.reason });
    bus.publish('approvers-changed', {});
  }

  /** The first counts at once: no device has another. */
  #effectiveAt({ roster, signedAt }: SignedRoster): number {
    return roster.version === 1 ? signedAt : signedAt + rosterWaitMs;
  }

  async #pending(inForce: Roster | undefined): Promise<ApproversView['pending']> {
    const { stores, approvals, clock } = this.#parts;
    const next = String((inForce?.version ?? 0) + 1);
    const waiting = (await stores.approvers.rosters()).find(({ roster }) => String(roster.version) === next);
    const namesOf = (roster: Roster) => roster.members.map(({ name }) => name);
    if (waiting)
      return { approvalId: null, effectiveAt: iso(this.#effectiveAt(waiting)), members: namesOf(waiting.roster) };
    const approval = await approvals().about('approvers', next);
    const roster =
      approval?.state === 'open' && approval.expires_at > clock.now() ? rosterIn(approval.text) : undefined;
    return approval && roster ? { approvalId: approval.id, effectiveAt: null, members: namesOf(roster) } : null;
  }

  /** Passkeys by the names people gave them, as far as they are still there. */
  async #members({ members }: Roster): Promise<ApproversView['members']> {
    const staff = await this.#parts.stores.approvers.staffWithPasskeys(members.map(({ staffId }) => staffId));
    const names = new Map(staff.flatMap(({ passkeys }) => passkeys.map(({ id, name }) => [id, name] as const)));
    return members.map(({ staffId, name, passkeys }) => ({
      staffId,
      name,
      passkeys: passkeys.map(({ id }) => ({ id: id.slice(0, 64), name: names.get(id) ?? 'removed' })),
    }));
  }
}

function rosterIn(text: string): Roster | undefined {
  const roster = readRoster(JSON.parse(text));
  return typeof roster === 'string' ? undefined : roster;
}

/** Whoever added a passkey to an approver's account would be an approver: it is asked whether that was them. */
function newKeys(before: Member | undefined, passkeys: Member['passkeys']): string {
  const known = new Set(before?.passkeys.map(({ publicKey }) => publicKey));
  const fresh = passkeys.filter(({ publicKey }) => !known.has(publicKey)).length;
  return before && fresh > 0 ? `, ${fresh} of them new: ask whether they added it` : '';
}

function linesOf(before: Roster | undefined, { members, budget, sites }: Roster): string[] {
  const was = new Map(before?.members.map((member) => [member.staffId, member]));
  const is = new Set(members.map(({ staffId }) => staffId));
  return [
    ...members.map(({ staffId, name, passkeys }) => {
      const count = passkeys.length === 1 ? 'one passkey' : `${passkeys.length} passkeys`;
      return `${was.has(staffId) ? 'Stays' : 'New'}: ${name}, with ${count}${newKeys(was.get(staffId), passkeys)}`;
    }),
    ...(before?.members ?? []).filter(({ staffId }) => !is.has(staffId)).map(({ name }) => `Removed: ${name}`),
    `At most ${budget.commandsPerDay} dangerous commands a day, of ${budget.devicesPerCommand} devices each`,
    `They sign at ${sites.map(({ origin }) => origin).join(', ')}`,
    before
      ? 'Two of the earlier approvers sign this; devices follow a day after they have seen it.'
      : 'The first approvers sign this themselves; devices follow at once.',
  ];
}
