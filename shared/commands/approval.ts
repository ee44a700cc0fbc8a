import type { Member, Roster } from './roster.ts';
import { type AssertionProblem, type PasskeyAssertion, type Primitives, problemOfAssertion } from './webauthn.ts';

/** Two people: what one person, or one stolen passkey, can never do alone. */
export const signaturesNeeded = 2;

export type ApprovalProblem = AssertionProblem | 'approvals-missing' | 'approver-unknown' | 'approver-twice';

export interface Refused<C extends string> {
  code: C;
  words: string;
}

const problemWords: Record<ApprovalProblem, string> = {
  'approval-malformed': 'a signature under it cannot be read',
  'approval-wrong-type': 'a signature under it was made for something else than a sign-off',
  'approval-other-text': 'a signature under it is for another text',
  'approval-other-site': 'a signature under it was made on another site',
  'approval-not-verified': 'a signature under it was made without verifying the person',
  'approval-bad-signature': 'a signature under it does not fit the passkey',
  'approvals-missing': 'fewer than two approvers have signed it',
  'approver-unknown': 'somebody signed it who is not among the approvers',
  'approver-twice': 'one approver signed it twice',
};

/** Which member of the roster signed this text, or why nobody did. */
export function signerOf(
  text: string,
  assertion: PasskeyAssertion,
  { members, sites }: Pick<Roster, 'members' | 'sites'>,
  primitives: Primitives,
): Member | Refused<ApprovalProblem> {
  const member = members.find(({ passkeys }) => passkeys.some(({ id }) => id === assertion.credentialId));
  const passkey = member?.passkeys.find(({ id }) => id === assertion.credentialId);
  if (!member || !passkey) return refusal('approver-unknown');
  const problem = problemOfAssertion(assertion, { passkey, text, sites }, primitives);
  return problem ? refusal(problem) : member;
}

/** Why two different people of the roster have not signed this text; undefined: they have. Every signature must hold. */
export function problemOfApprovals(
  text: string,
  approvals: readonly PasskeyAssertion[],
  roster: Pick<Roster, 'members' | 'sites'>,
  primitives: Primitives,
): Refused<ApprovalProblem> | undefined {
  const people = new Set<string>();
  for (const assertion of approvals) {
    const signer = signerOf(text, assertion, roster, primitives);
    if ('code' in signer) return signer;
    if (people.has(signer.staffId)) return refusal('approver-twice');
    people.add(signer.staffId);
  }
  return people.size < signaturesNeeded ? refusal('approvals-missing') : undefined;
}

function refusal(code: ApprovalProblem): Refused<ApprovalProblem> {
  return { code, words: problemWords[code] };
}
