import type { securityRoutes } from '../../shared/api/routes/security.ts';
import type { sessionRoutes } from '../../shared/api/routes/session.ts';
import type { Entering, PasskeyView, SessionView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago } from './console-district.ts';
import { ownAccess } from './console-staff.ts';

const minute = 60_000;
const day = 86_400_000;
const done = { done: true } as const;
const staff = { id: 'staff1', name: 'Ada Byrne', email: 'ada@lindenfield.example', signsFor: ['it' as const] };
const codes = [
  ...[
    'K7QM-X2PD-9RTN-HC4W',
    'B5VE-LJ8Y-3GZA-TQ6N',
    'W9HR-D4KS-M7XC-2PFE',
    'T3NB-Y8QJ-L5GV-KZ6D',
    'H2CX-R7WA-P9ME-V4TS',
  ],
  ...[
    'Q8DK-G3ZN-F6YB-J5LH',
    'X4TP-N9VC-S7RE-W2KM',
    'Z6JG-A5HQ-E8DT-B3XY',
    'M9FS-K2LW-C7PN-R4GV',
    'E5YR-T8BX-H3QZ-D6JA',
  ],
];

const session = (id: string, given: Partial<SessionView>): SessionView => ({
  id,
  address: '10.20.4.17',
  browser: 'Chrome on ChromeOS',
  method: 'passkey',
  createdAt: ago(140 * minute),
  lastSeenAt: ago(minute),
  expiresAt: ago(-580 * minute),
  isOwn: false,
  ...given,
});

type SecurityAnswers = Pick<Answers, keyof typeof sessionRoutes | keyof typeof securityRoutes>;

/** Signing in and one's own security in the console's stand-in: a code is anything but 000000. */
export function securityAnswers(): SecurityAnswers {
  let stage: 'out' | 'half' | 'in' = 'out';
  let step: Entering['step'] = 'second-factor';
  const passkeys: PasskeyView[] = [
    { id: 'pk1', name: 'Chromebook of IT', createdAt: ago(90 * day), lastUsedAt: ago(140 * minute) },
    { id: 'pk2', name: 'Security key on my key ring', createdAt: ago(88 * day), lastUsedAt: null },
  ];
  let sessions = [
    session('se1', { isOwn: true }),
    session('se2', {
      browser: 'Firefox on Windows',
      address: '10.20.9.3',
      method: 'google',
      lastSeenAt: ago(31 * minute),
    }),
    session('se3', {
      browser: 'Safari on iOS',
      address: '203.0.113.40',
      method: 'password',
      lastSeenAt: ago(52 * minute),
    }),
  ];
  let hasCodeApp = true;
  let codesLeft = 8;
  const entry = () => ({
    staff: stage === 'in' ? staff : null,
    entering:
      stage === 'half'
        ? {
            ...{ name: staff.name, email: staff.email, step },
            factors: step === 'enrolment' ? [] : (['passkey', 'code-app', 'recovery-code'] as const).slice(),
          }
        : null,
  });
  const goTo = (next: typeof stage) => {
    stage = next;
    return entry();
  };
  const take = (code: string) => {
    if (code.replaceAll(/\D/g, '') === '000000') throw new CodedError('wrong-code');
  };
  const enrolled = () => {
    const isFirst = stage === 'half';
    stage = 'in';
    return { recoveryCodes: isFirst ? codes : null };
  };
  return {
    readSession: () => ({
      ...entry(),
      access: stage === 'in' ? ownAccess : null,
      ...{ setupNeeded: false, district: 'Lindenfield Unified', version: '0.1.0', passkeyHost: '127.0.0.1' },
      providers: [
        { id: 'google', name: 'Google' },
        { id: 'entra', name: 'Microsoft' },
      ],
    }),
    setUp: () => {
      step = 'enrolment';
      return goTo('half');
    },
    signIn: ({ body }) => {
      if (body.password === 'wrong') throw new CodedError('wrong-credentials');
      if (body.password === 'locked') throw new CodedError('locked-out', 'Too many wrong tries. Wait 4 minutes.');
      step = body.password === 'the first time' ? 'enrolment' : 'second-factor';
      return goTo('half');
    },
    proveFactor: ({ body }) => {
      take(body.code);
      return goTo('in');
    },
    askPasskey: () => ({ challenge: 'Y2hhbGxlbmdl', rpId: '127.0.0.1', userVerification: 'required' }),
    signInByPasskey: () => goTo('in'),
    startProvider: () => ({ url: '/sign-in/provider?code=x', ticket: 'ticket' }),
    finishProvider: () => ({ purpose: 'sign-in', entry: goTo('half') }),
    reauthenticate: ({ body }) => {
      if ('code' in body.proof) take(body.proof.code);
      return done;
    },
    signOut: () => {
      goTo('out');
      return done;
    },
    addStaff: () => ({ staff }),
    setStaffSides: () => ({ staff }),
    liveTicket: () => ({ ticket: 'ticket' }),
    readSecurity: () => ({
      hasPassword: true,
      passkeys,
      codeApp: hasCodeApp ? { createdAt: ago(90 * day) } : null,
      recoveryCodesLeft: codesLeft,
      identities: [{ provider: 'google', name: 'Google', linkedAt: ago(60 * day) }],
    }),
    newPasskey: () => ({
      challenge: 'Y2hhbGxlbmdl',
      rp: { id: '127.0.0.1', name: 'Lindenfield Unified' },
      user: { id: 'c3RhZmYx', name: staff.email, displayName: staff.name },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    }),
    addPasskey: ({ body }) => {
      const passkey = { id: `pk${passkeys.length + 1}`, name: body.name, createdAt: ago(0), lastUsedAt: null };
      passkeys.push(passkey);
      return { passkey, ...enrolled() };
    },
    removePasskey: ({ params }) => {
      passkeys.splice(
        passkeys.findIndex(({ id }) => id === params.id),
        1,
      );
      return done;
    },
    newCodeApp: () => ({
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      address: 'otpauth://totp/Lindenfield:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      qr,
    }),
    addCodeApp: ({ body }) => {
      take(body.code);
      hasCodeApp = true;
      return enrolled();
    },
    removeCodeApp: () => {
      if (passkeys.length === 0) throw new CodedError('last-factor');
      hasCodeApp = false;
      return done;
    },
    makeRecoveryCodes: () => {
      codesLeft = codes.length;
      return { recoveryCodes: codes };
    },
    changePassword: ({ body }) => {
      if (body.password === 'wrong') throw new CodedError('wrong-credentials', 'The present password is wrong.');
      return done;
    },
    unlinkProvider: () => done,
    listSessions: () => ({ items: sessions }),
    endSession: ({ params }) => {
      sessions = sessions.filter(({ id }) => id !== params.id);
      return done;
    },
    endOtherSessions: () => {
      sessions = sessions.filter(({ isOwn }) => isOwn);
      return done;
    },
  };
}

/** A picture of the right shape; no app reads it. */
const qr = `data:image/svg+xml;base64,${Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#fff" d="M0 0h9v9H0z"/><path d="M1 1h3v3H1zM5 1h3v3H5zM1 5h3v3H1zM5 5h1v1H5zM7 6h1v2H7z"/></svg>',
).toString('base64')}`;
