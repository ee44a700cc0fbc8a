import type { DeviceSummary, PersonSummary, VerdictView } from '../../../shared/api/schemas.ts';
import { type VerdictState, verdictStates } from '../../../shared/compliance/verdict.ts';

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** The verdict of somebody of whom nothing was ever judged. */
export function verdictOf(
  state: string | null,
  reasons: string | null,
  since: number | null,
  until: number | null,
  fallback: VerdictView,
): VerdictView {
  if (state === null || since === null || !isVerdict(state)) return fallback;
  const verdict = { state, since: iso(since), reasons: JSON.parse(reasons ?? '[]') as string[] };
  return until === null ? verdict : { ...verdict, until: iso(until) };
}

function isVerdict(state: string): state is VerdictState {
  return (verdictStates as readonly string[]).includes(state);
}

export interface PersonRow {
  id: string;
  sourced_id: string;
  given_name: string;
  family_name: string;
  username: string;
  role: string;
  org_id: string | null;
  org_name: string | null;
  grade: string | null;
  active: number;
  updated_at: number;
  device_count: number;
  state: string | null;
  reasons: string | null;
  from_at: number | null;
  until_at: number | null;
}

/** `at`: as of when; absent: now. */
export function personSummary(row: PersonRow, at = Number.POSITIVE_INFINITY): PersonSummary {
  const since = iso(Math.min(row.updated_at, at));
  const noDevice: VerdictView = { state: 'unknown', since, reasons: ['Has no device.'] };
  return {
    id: row.id,
    sourcedId: row.sourced_id,
    name: `${row.given_name} ${row.family_name}`,
    username: row.username,
    role: row.role as PersonSummary['role'],
    orgId: row.org_id,
    orgName: row.org_name,
    grade: row.grade,
    active: row.active === 1,
    deviceCount: Number(row.device_count),
    verdict: verdictOf(row.state, row.reasons, row.from_at, row.until_at, noDevice),
  };
}

export interface DeviceRow {
  id: string;
  name: string;
  serial: string | null;
  maker: string | null;
  model: string | null;
  platform: string;
  os_name: string;
  os_version: string;
  agent_version: string;
  status: string;
  simulated: number;
  enrolled_at: number;
  last_seen_at: number | null;
  person_id: string | null;
  given_name: string | null;
  family_name: string | null;
  org_name: string | null;
  state: string | null;
  reasons: string | null;
  from_at: number | null;
  until_at: number | null;
}

export function deviceSummary(row: DeviceRow, tags: string[], connected: boolean): DeviceSummary {
  const notJudged: VerdictView = { state: 'unknown', since: iso(row.enrolled_at), reasons: ['Has not reported yet.'] };
  return {
    id: row.id,
    name: row.name,
    serial: row.serial,
    model: modelName(row.maker, row.model),
    platform: row.platform as DeviceSummary['platform'],
    os: `${row.os_name} ${row.os_version}`.trim(),
    agentVersion: row.agent_version,
    status: row.status as DeviceSummary['status'],
    simulated: row.simulated === 1,
    connected,
    lastSeenAt: isoOrNull(row.last_seen_at),
    tags,
    custodian:
      row.person_id === null
        ? null
        : { id: row.person_id, name: `${row.given_name} ${row.family_name}`, orgName: row.org_name },
    verdict: verdictOf(row.state, row.reasons, row.from_at, row.until_at, notJudged),
  };
}

/** Maker and model in one line; makers often repeat their name in the model. */
function modelName(maker: string | null, model: string | null): string | null {
  if (!model) return maker;
  return !maker || model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`;
}
