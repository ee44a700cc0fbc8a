import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Verdict } from '../../shared/compliance/fold.ts';
import { countsSchoolDays } from '../../shared/compliance/grace.ts';
import { type CompliancePolicy, defaultSteps } from '../../shared/compliance/policy.ts';
import { stepOf } from '../../shared/compliance/steps.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';
import type { DeviceVerdicts } from '../services.ts';
import type { CustodyStore } from '../store/custody.ts';

/** A device as it is judged now. */
export interface Judged {
  verdict: Verdict;
  findings: readonly CheckFinding[];
  policy: CompliancePolicy;
  calendar: SchoolCalendar | undefined;
}

/** What narrows a device, and what its custodian owes besides. */
export type Consequences = Pick<VerdictMessage, 'restrictedSince' | 'restriction' | 'obligations'>;

export interface DeviceVerdictParts {
  custody: Pick<CustodyStore, 'openCustodyOfPeople'>;
  /** Of those in service that were judged. */
  judge: (deviceIds: readonly string[]) => Promise<ReadonlyMap<string, Judged>>;
  consequences: (deviceIds: readonly string[]) => Promise<ReadonlyMap<string, Consequences>>;
  /** Whom the district says to ask for help. */
  contact: string;
  clock: Clock;
}

/** What a message has room for; `seenBytes` as JSON, so that sixty of them fit into its frame in any script. */
const most = { checks: 60, check: 60, seen: 500, seenBytes: 600, obligations: 20, contact: 500, zone: 64 } as const;

/** What connected devices are told of how they are judged; see `server/gateway/verdict-feed.ts`. */
export class DeviceVerdictService implements DeviceVerdicts {
  readonly #parts: DeviceVerdictParts;

  constructor(parts: DeviceVerdictParts) {
    this.#parts = parts;
  }

  async of(deviceIds: readonly string[]): Promise<Map<string, VerdictMessage>> {
    const { judge, consequences, contact, clock } = this.#parts;
    const judged = await judge(deviceIds);
    const follows = await consequences(deviceIds);
    const now = clock.now();
    return new Map(
      [...judged].map(([id, one]) => [id, verdictMessage(one, follows.get(id) ?? { obligations: [] }, contact, now)]),
    );
  }

  async devicesOf(personIds: readonly string[]): Promise<string[]> {
    const custodies = await this.#parts.custody.openCustodyOfPeople(personIds);
    return [...custodies.values()].flat().map(({ deviceId }) => deviceId);
  }
}

/** Pure. Within the limits of the protocol, whatever was found: a device ends the session for a message it cannot read. */
export function verdictMessage(
  { verdict, findings, policy, calendar }: Judged,
  { obligations, ...restriction }: Consequences,
  contact: string,
  now: number,
): VerdictMessage {
  const { step, nextStepAt } = stepOf(findings, policy.steps ?? defaultSteps, calendar, now);
  return {
    at: now,
    state: verdict.state,
    checks: findings
      .toSorted((a, b) => weightOf(a) - weightOf(b))
      .slice(0, most.checks)
      .filter(({ check }) => check.length <= most.check)
      .map(checkLine),
    step,
    ...restriction,
    ...(nextStepAt !== null && { nextStepAt }),
    obligations: obligations.slice(0, most.obligations),
    ...(countsSchoolDays(calendar) && calendar.zone.length <= most.zone && { zone: calendar.zone }),
    ...(contact !== '' && { contact: contact.slice(0, most.contact) }),
  };
}

/** What is wrong is never what is left out. */
function weightOf({ status }: CheckFinding): number {
  return { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3 }[status];
}

function checkLine(finding: CheckFinding): VerdictMessage['checks'][number] {
  const { check, status, severity = 'critical', actual, failingSince, grace, waiver } = finding;
  return {
    check,
    status,
    severity,
    seen: seenOf(actual),
    ...(failingSince !== undefined && { failingSince: Date.parse(failingSince) }),
    ...(grace && { graceUntil: grace.until === null ? null : Date.parse(grace.until) }),
    ...(waiver && { waivedUntil: Date.parse(waiver.until) }),
  };
}

function seenOf(actual: string): string {
  const seen = actual.slice(0, most.seen).toWellFormed();
  if (bytesOf(seen) <= most.seenBytes) return seen;
  let [kept, bytes] = ['', 2];
  for (const sign of seen) {
    bytes += bytesOf(sign) - 2;
    if (bytes > most.seenBytes) break;
    kept += sign;
  }
  return kept;
}

const bytesOf = (text: string) => Buffer.byteLength(JSON.stringify(text));
