import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readValues, reverted, withValues } from '../../../../agent/capabilities/passwordRules/config-text.ts';
import { parseAccountPolicies, policyLines } from '../../../../agent/capabilities/passwordRules/darwin.ts';
import { createPasswordRules } from '../../../../agent/capabilities/passwordRules/index.ts';
import { readFaillock, readPwquality } from '../../../../agent/capabilities/passwordRules/pam.ts';
import {
  accessWrites,
  configureStatements,
  parseTemplate,
  wantedAccess,
} from '../../../../agent/capabilities/passwordRules/secedit.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import type { PasswordRulesSettings } from '../../../../shared/profile/password-rules.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, succeeded } from '../browser/recorded.ts';
import { keptLog } from '../health/recorded.ts';

describe('files of pwquality and faillock', () => {
  it.each<[string, Record<string, number>]>([
    ['minlen = 12', { minlen: 12 }],
    ['  minlen=12  ', { minlen: 12 }],
    ['minlen = 8\nminlen = 12', { minlen: 12 }],
    ['# minlen = 12', {}],
    ['dcredit = -1', { dcredit: -1 }],
    ['unlock_time = never', { unlock_time: 0 }],
    ['even_deny_root\ndeny = many', {}],
    ['', {}],
  ])('%j is read', (text, expected) => expect(Object.fromEntries(readValues(text))).toEqual(expected));

  it.each<[string, string, string]>([
    ['an empty file', '', 'deny = 5\n'],
    ['a comment stays', '# deny = 3\n', '# deny = 3\ndeny = 5\n'],
    ['a line is changed where it stands', 'deny = 3\nsilent\n', 'deny = 5\nsilent\n'],
    ['every line of the same name', 'deny = 3\ndeny = 4\n', 'deny = 5\ndeny = 5\n'],
    ['a file without an end of line', 'silent', 'silent\ndeny = 5\n'],
  ])('%s', (_, text, expected) => expect(withValues(text, new Map([['deny', 5]]))).toBe(expected));

  it('values of before come back into a text that others changed', () => {
    expect(reverted('deny = 5\nsilent\nunlock_time = 900\n', 'deny = 10\n', ['deny', 'unlock_time'])).toBe(
      'deny = 10\nsilent\n',
    );
  });
});

describe('stacks of PAM', () => {
  it.each<[string, boolean]>([
    ['password\trequisite\t\t\tpam_pwquality.so retry=3', true],
    ['password [success=1 default=ignore] /lib/security/pam_pwquality.so', true],
    ['-password requisite pam_pwquality.so', true],
    ['password requisite \\\n  pam_pwquality.so', true],
    ['#password requisite pam_pwquality.so', false],
    ['auth requisite pam_pwquality.so', false],
    ['password requisite pam_pwquality_other.so', false],
    ['', false],
  ])('%j asks pam_pwquality: %s', (text, asked) => expect(readPwquality(text).isAsked).toBe(asked));

  it('values in its lines are read, never as 0', () => {
    const { isAsked, values } = readFaillock(
      'auth required pam_faillock.so preauth deny=4 unlock_time=never # deny=9\nauth [default=die] pam_faillock.so authfail deny=4',
    );
    expect([isAsked, Object.fromEntries(values)]).toEqual([true, { deny: 4, unlock_time: 0 }]);
  });
});

/** As secedit.exe exports it on a PC of its own, after its documentation; keys are never translated. */
const template = (access: string) =>
  `[Unicode]\r\nUnicode=yes\r\n[System Access]\r\n${access}NewAdministratorName = "Administrateur"\r\n[Event Audit]\r\nAuditSystemEvents = 0\r\n[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n`;

describe('Windows (values made up in the form of a security template; never run)', () => {
  it.each<[string, string, Record<string, number> | undefined]>([
    [
      'Windows 11 as installed',
      template(
        'MinimumPasswordLength = 0\r\nPasswordComplexity = 0\r\nLockoutBadCount = 10\r\nResetLockoutCount = 10\r\nLockoutDuration = 10\r\n',
      ),
      {
        MinimumPasswordLength: 0,
        PasswordComplexity: 0,
        LockoutBadCount: 10,
        LockoutDuration: 10,
        ResetLockoutCount: 10,
      },
    ],
    [
      'Windows 10, never locked',
      template('MinimumPasswordLength = 0\r\nPasswordComplexity = 0\r\nLockoutBadCount = 0\r\n'),
      { MinimumPasswordLength: 0, PasswordComplexity: 0, LockoutBadCount: 0 },
    ],
    [
      'locked until somebody unlocks',
      template('LockoutBadCount = 3\r\nLockoutDuration = -1\r\n'),
      { LockoutBadCount: 3, LockoutDuration: -1 },
    ],
    ['the last section', '[System Access]\nMinimumPasswordLength = 8', { MinimumPasswordLength: 8 }],
    ['a value that is none', template('MinimumPasswordLength = lots\r\n'), {}],
    ['no such section', '[Unicode]\r\nUnicode=yes\r\n', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, text, expected) => {
    const found = parseTemplate(text);
    expect(found && Object.fromEntries(found)).toEqual(expected);
  });

  it.each<[string, PasswordRulesSettings, Record<string, number>, Record<string, number>]>([
    [
      'what is weaker is written',
      { minLength: '12', failedAttempts: 5 },
      { MinimumPasswordLength: 8, LockoutBadCount: 10 },
      { MinimumPasswordLength: 12, LockoutBadCount: 5 },
    ],
    [
      'what is stricter stays',
      { minLength: '12', failedAttempts: 5 },
      { MinimumPasswordLength: 14, LockoutBadCount: 3 },
      {},
    ],
    ['never locked is weaker', { failedAttempts: 5 }, { LockoutBadCount: 0 }, { LockoutBadCount: 5 }],
    [
      'more than Windows can ask becomes what it can',
      { minLength: '20' },
      { MinimumPasswordLength: 0 },
      { MinimumPasswordLength: 14 },
    ],
    ['kinds of characters are on or off', { minClasses: '4' }, { PasswordComplexity: 0 }, { PasswordComplexity: 1 }],
    ['one kind asks nothing', { minClasses: '1' }, { PasswordComplexity: 0 }, {}],
    [
      'wrong ones are forgotten no later than the account opens',
      { unlockMinutes: 15 },
      { LockoutDuration: 10, ResetLockoutCount: 30 },
      { LockoutDuration: 15, ResetLockoutCount: 15 },
    ],
    [
      'locked until somebody unlocks is enough',
      { unlockMinutes: 15 },
      { LockoutDuration: -1, ResetLockoutCount: 30 },
      {},
    ],
  ])('%s', (_, settings, present, expected) => {
    const writes = accessWrites(new Map(Object.entries(present)) as never, wantedAccess(settings), new Map());
    expect(Object.fromEntries(writes)).toEqual(expected);
  });

  it('a template of nothing else is taken over', () => {
    const statements = configureStatements('C:\\folder', new Map([['MinimumPasswordLength', 12]]));
    expect(statements[1]).toContain("'[System Access]','MinimumPasswordLength = 12')");
    expect(statements[2]).toBe(
      "& 'C:\\Windows\\System32\\secedit.exe' /configure /db 'C:\\folder\\security.sdb' /cfg 'C:\\folder\\security.inf' /areas SECURITYPOLICY /quiet | Out-Null",
    );
  });
});

describe('a PC that keeps a template as documented', () => {
  const settings: PasswordRulesSettings = { mode: 'enforce', minLength: '12', failedAttempts: 5, unlockMinutes: 15 };
  const before = {
    MinimumPasswordLength: '0',
    PasswordComplexity: '0',
    LockoutBadCount: '0',
    LockoutDuration: '30',
    ResetLockoutCount: '30',
  };
  let root: string;
  let access: Record<string, string>;
  let answer: CommandResult | undefined;
  const commands: Commands = {
    run: async (_path, _args, { input = '' } = {}) => {
      if (answer) return answer;
      if (input.includes('/configure'))
        for (const [, key = '', value = ''] of input.matchAll(/'([A-Za-z]+) = (-?\d+)'/g)) access[key] = value;
      const lines = Object.entries(access).map(([key, value]) => `${key} = ${value}\r\n`);
      return succeeded(input.includes('/export') ? JSON.stringify({ text: template(lines.join('')) }) : '');
    },
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-passwords-'));
    access = { ...before };
    answer = undefined;
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const make = () =>
    createPasswordRules({ platform: 'win32', files: new PretendedHostFiles(root, new MemoryOriginals()), commands });

  it('has the rules, has them again after drift, and what it had when the agent lets go', async () => {
    const rules = make();
    const pass = async (wanted = settings) => (await enforceOnce(rules, wanted, keptLog())).status;
    expect(await pass()).toBe('verified');
    expect(access).toMatchObject({ MinimumPasswordLength: '12', LockoutBadCount: '5', LockoutDuration: '30' });
    access.MinimumPasswordLength = '0';
    expect(await pass()).toBe('verified');
    expect(access.MinimumPasswordLength).toBe('12');
    expect(await pass({ mode: 'enforce', failedAttempts: 5 })).toBe('verified');
    expect(access.MinimumPasswordLength).toBe('0');
    expect((await removeOnce(rules, keptLog())).status).toBe('verified');
    expect(access).toEqual(before);
  });

  it.each<[string, CommandResult, string]>([
    ['access denied', failed('secedit: 5'), 'powershell-failed'],
    ['access denied in French', failed('Accès refusé.'), 'powershell-failed'],
    ['empty output', succeeded(''), 'security-policy-not-read'],
    ['a text that is no template', succeeded('{"text":"Zugriff verweigert"}'), 'security-policy-not-read'],
  ])('%s is a failure with its code', async (_, given, code) => {
    answer = given;
    expect((await enforceOnce(make(), settings, keptLog())).failure?.code).toBe(code);
    expect(access).toEqual(before);
  });
});

/** The form of pwpolicy(8) and of a passcode payload; not run on a real Mac. */
const policies = `Getting global account policies
<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
 <key>policyCategoryAuthentication</key><array><dict>
  <key>policyContent</key><string>(policyAttributeFailedAuthentications &lt; policyAttributeMaximumFailedAuthentications) OR (policyAttributeCurrentTime &gt; (policyAttributeLastFailedAuthenticationTime + autoEnableInSeconds))</string>
  <key>policyParameters</key><dict>
   <key>autoEnableInSeconds</key> <integer>900</integer>
   <key>policyAttributeMaximumFailedAuthentications</key>
   <integer>5</integer></dict></dict></array>
 <key>policyCategoryPasswordContent</key><array><dict>
  <key>policyContent</key><string>policyAttributePassword matches '.{12,}+'</string></dict></array>
</dict></plist>`;

describe('a Mac (values made up in the form of pwpolicy(8); never run)', () => {
  it.each<[string, string, object]>([
    ['a passcode payload', policies, { minLength: 12, failedAttempts: 5, unlockSeconds: 900 }],
    [
      'two lengths: both hold',
      `${policies} policyAttributePassword matches '^.{14,}$'`,
      { minLength: 14, failedAttempts: 5, unlockSeconds: 900 },
    ],
    [
      'nothing set',
      'Getting global account policies\n',
      { minLength: undefined, failedAttempts: undefined, unlockSeconds: undefined },
    ],
    ['empty output', '', { minLength: undefined, failedAttempts: undefined, unlockSeconds: undefined }],
  ])('%s', (_, stdout, expected) => expect(parseAccountPolicies(stdout)).toEqual(expected));

  it('what is missing is left to MDM, what is enough is as desired', () => {
    const wanted: PasswordRulesSettings = { minLength: '14', failedAttempts: 5, unlockMinutes: 15, minClasses: '2' };
    const lines = policyLines(wanted, parseAccountPolicies(policies));
    expect(lines.map(({ ok, seen }) => [ok, seen])).toEqual([
      [false, '12: set it with a passcode payload of MDM'],
      [false, 'not known: macOS writes them in many ways'],
      [true, '5'],
      [true, '900'],
    ]);
    expect(lines.every(({ ok, byPeople }) => ok || byPeople)).toBe(true);
  });
});
