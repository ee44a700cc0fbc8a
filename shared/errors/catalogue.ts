/**
 * Every error a person or a program can meet: a stable code, public words, HTTP status.
 * The cause (stack, driver message) is kept apart in `cause` and never leaves the process.
 */
const catalogue = {
  'bad-request': { status: 400, words: 'The request is not valid.' },
  'not-signed-in': { status: 401, words: 'Sign in first.' },
  'wrong-credentials': { status: 401, words: 'The e-mail address or the password is wrong.' },
  'wrong-code': { status: 401, words: 'The code is wrong, or was used already.' },
  'passkey-refused': { status: 401, words: 'This passkey was not accepted.' },
  'second-factor-needed': { status: 401, words: 'Show your second factor first.' },
  'reauthentication-needed': { status: 403, words: 'Show once more that it is you.' },
  'sign-in-refused': { status: 403, words: 'You may not sign in with this account.' },
  'locked-out': { status: 429, words: 'Too many wrong tries. Wait, or sign in with a passkey.' },
  'last-factor': { status: 409, words: 'This is your last second factor. Add another one first.' },
  'provider-unreachable': { status: 502, words: 'The sign-in provider does not answer as it should. Try again later.' },
  'wrong-setup-code': { status: 401, words: 'The set-up code is wrong, or has been used.' },
  'wrong-api-token': { status: 401, words: 'The API token is not known, has expired or was revoked.' },
  'outside-scope': { status: 403, words: 'This API token may not do this.' },
  forbidden: { status: 403, words: 'You may not do this.' },
  'wrong-origin': { status: 403, words: 'The request comes from another site.' },
  'not-found': { status: 404, words: 'There is no such thing here.' },
  conflict: { status: 409, words: 'This conflicts with what is already there.' },
  'changed-meanwhile': {
    status: 409,
    words: 'Somebody else changed this meanwhile. Load it again and repeat your change.',
  },
  'precondition-failed': {
    status: 412,
    words: 'This is not what If-Match names any more. Read it again and repeat your change.',
  },
  'too-large': { status: 413, words: 'This is larger than the limit.' },
  'bad-file': { status: 422, words: 'The file could not be read.' },
  'bad-roster': { status: 422, words: 'The roster has problems. Nothing was imported.' },
  'mass-change': { status: 422, words: 'This import would remove or move many people. Confirm it to go on.' },
  'bad-list': { status: 422, words: 'The list could not be read. The earlier one stays in force.' },
  'bad-profile': { status: 422, words: 'The profile has problems. Nothing was saved.' },
  'bad-group': { status: 422, words: 'The group has problems. Nothing was saved.' },
  'bad-command': { status: 422, words: 'This command cannot be given so.' },
  'bad-signature': { status: 422, words: 'This signature does not count.' },
  'approval-needed': { status: 409, words: 'Somebody else must approve this first.' },
  'in-freeze': { status: 409, words: 'Nothing is published in a freeze.' },
  'bad-policy': { status: 422, words: 'The documents have problems. Nothing was applied.' },
  'bad-publishing': { status: 422, words: 'The publishing settings have problems. Nothing was saved.' },
  'list-in-use': { status: 409, words: 'A published profile uses this list. Take it out of the profile first.' },
  'list-unreachable': { status: 502, words: 'The list could not be fetched. The earlier one stays in force.' },
  'list-blocks-essentials': {
    status: 422,
    words: 'The list would block names the district cannot do without. The earlier one stays in force.',
  },
  'bad-calendar': { status: 422, words: 'The calendar has problems. Nothing was saved.' },
  'bad-filter-settings': { status: 422, words: 'The settings have problems. Nothing was saved.' },
  'bad-compliance-policy': { status: 422, words: 'The policy has problems. Nothing was saved.' },
  'bad-waiver': { status: 422, words: 'This cannot be waived so.' },
  'weak-passphrase': {
    status: 422,
    words: 'The passphrase is too easy to guess. Take at least 16 characters, for example five words chosen by chance.',
  },
  'wrong-passphrase': { status: 403, words: 'The passphrase is wrong. The try has been recorded.' },
  'recovery-key-damaged': {
    status: 422,
    words:
      'What the device handed in cannot be opened: it is damaged, or was made for another device. Nobody can read it.',
  },
  'bad-obligation': { status: 422, words: 'This cannot be asked so.' },
  'bad-override': { status: 422, words: 'This cannot be opened or closed so.' },
  'not-liftable': {
    status: 422,
    words: 'The name is on the locked minimum or among the blocked domains: no override lifts it.',
  },
  'idempotency-key-reused': {
    status: 422,
    words: 'This Idempotency-Key came with another request before. Take a new one.',
  },
  'bad-helpdesk-settings': { status: 422, words: 'The settings have problems. Nothing was saved.' },
  'no-mail': { status: 409, words: 'No mail server is set up. Set one up in the helpdesk’s settings first.' },
  'mail-refused': { status: 502, words: 'The mail server did not take the message.' },
  'bad-webhook': { status: 422, words: 'Nothing can be delivered there.' },
  'export-quota': { status: 429, words: 'You have exported as much as you may today.' },
  'too-many-requests': { status: 429, words: 'Too many tries. Wait a little.' },
  internal: { status: 500, words: 'Something went wrong on the server. It has been logged.' },
  unavailable: { status: 503, words: 'The server is starting or stopping. Try again in a moment.' },
  'token-invalid': { status: 403, words: 'The enrolment token is not valid. Ask IT for a new one.' },
  'token-expired': { status: 403, words: 'The enrolment token has expired. Ask IT for a new one.' },
  'token-used': { status: 403, words: 'The enrolment token has been used up. Ask IT for a new one.' },
  'token-wrong-platform': { status: 403, words: 'The enrolment token is for another kind of device.' },
  'bad-csr': { status: 400, words: 'The certificate request is not valid.' },
  'device-unknown': { status: 403, words: 'This device is not known here. Enrol it again.' },
  'device-revoked': { status: 403, words: 'This device has been revoked. Ask IT to enrol it again.' },
  'device-held': { status: 403, words: 'This device waits for approval by IT.' },
  'certificate-superseded': { status: 403, words: 'A newer certificate of this device is in use.' },
  'certificate-too-old': { status: 403, words: 'The certificate expired too long ago to be renewed. Enrol again.' },
  'proof-invalid': { status: 403, words: 'The proof of possession does not fit the certificate.' },
  clone: { status: 409, words: 'This certificate is in use on other hardware.' },
} as const;

export type ErrorCode = keyof typeof catalogue;

/** An expected failure with a code from the catalogue; anything else thrown is a bug and becomes `internal`. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly string[];

  /** `words` replaces the catalogue's sentence where the place and the remedy can be named better. */
  constructor(code: ErrorCode, words?: string, details: readonly string[] = [], cause?: unknown) {
    super(words ?? catalogue[code].words, { cause });
    this.name = 'CodedError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return catalogue[this.code].status;
  }
}

/** Codes in the order of the catalogue, for documentation and tests. */
export const errorCodes = Object.keys(catalogue) as ErrorCode[];
