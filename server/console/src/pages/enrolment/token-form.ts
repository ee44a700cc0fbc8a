import type { RequestBody } from '../../../../../shared/api/contract.ts';
import type { Routes } from '../../../../../shared/api/routes.ts';

const day = 86_400;

export const lifetimes = [
  { value: '1h', label: 'One hour', seconds: 3600 },
  { value: '1d', label: 'One day', seconds: day },
  { value: '7d', label: 'A week', seconds: 7 * day },
  { value: '30d', label: '30 days', seconds: 30 * day },
  { value: '180d', label: '180 days', seconds: 180 * day },
] as const;

export interface TokenForm {
  label: string;
  maxUses: number;
  lifetime: string;
  orgId: string | undefined;
  platform: 'linux' | 'darwin' | 'win32' | undefined;
  personId: string | undefined;
  tags: string[];
  hold: boolean;
}

/** One device, a week, nothing else said. */
export const fresh: TokenForm = {
  label: '',
  maxUses: 1,
  lifetime: '7d',
  orgId: undefined,
  platform: undefined,
  personId: undefined,
  tags: [],
  hold: false,
};

/** The request; what was left empty is left out. */
export function requestOf(form: TokenForm): RequestBody<Routes['createToken']> {
  const label = form.label.trim();
  return {
    maxUses: form.maxUses,
    expiresInSeconds: lifetimes.find(({ value }) => value === form.lifetime)?.seconds ?? 7 * day,
    approval: form.hold ? 'hold' : 'automatic',
    ...(label ? { label } : {}),
    ...(form.orgId ? { orgId: form.orgId } : {}),
    ...(form.platform ? { platform: form.platform } : {}),
    ...(form.personId ? { personId: form.personId } : {}),
    ...(form.tags.length > 0 ? { tags: form.tags } : {}),
  };
}

/** What to type on the device, by system. */
export function enrolCommand(platform: 'linux' | 'darwin' | 'win32' | null, token: string): string {
  return platform === 'win32' ? `rollcall-agent enroll ${token}` : `sudo rollcall-agent enroll ${token}`;
}
