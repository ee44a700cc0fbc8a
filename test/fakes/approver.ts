import { createHash, randomUUID } from 'node:crypto';
import type { Approved, Member, Roster } from '../../shared/commands/roster.ts';
import { usualBudget } from '../../shared/commands/roster.ts';
import type { PasskeyAssertion } from '../../shared/commands/webauthn.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { Authenticator, type Lies } from './authenticator.ts';

export const origin = 'https://localhost:8443';
const rpId = 'localhost';

/** A person with a passkey of their own. */
export class Approver {
  readonly staffId = randomUUID();
  readonly name: string;
  readonly authenticator: Authenticator;

  constructor(name: string, at = origin, authenticator = new Authenticator(at)) {
    this.name = name;
    this.authenticator = authenticator;
  }

  get member(): Member {
    return { staffId: this.staffId, name: this.name, passkeys: [passkeyOf(this.authenticator)] };
  }

  /** Signs exactly this text, as their browser has it done. */
  sign(text: string, lies: Lies = {}): PasskeyAssertion {
    return this.authenticator.get({ challenge: challengeOf(text), rpId }, lies);
  }
}

export function passkeyOf({ credentialId, publicKey }: Authenticator): Member['passkeys'][number] {
  return { id: credentialId, publicKey, algorithm: -7 as const };
}

export function challengeOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}

export interface RosterChange extends Partial<Omit<Roster, 'members'>> {
  audience: string;
}

/** A roster of these people, signed by those. */
export function rosterOf(of: readonly Approver[], by: readonly Approver[], change: RosterChange): Approved {
  const roster: Roster = {
    ...{ format: 1, kind: 'approvers', version: 1, issuedAt: 0, sites: [{ origin, rpId }], budget: usualBudget },
    ...change,
    members: of.map(({ member }) => member),
  };
  const text = canonicalJson(roster);
  return { text, approvals: by.map((approver) => approver.sign(text)) };
}
