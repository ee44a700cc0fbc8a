import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { desktopSessions, systemLocale } from '../../../../agent/notices/linux.ts';
import { Notices, type NoticesParts } from '../../../../agent/notices/notices.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import type { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import type { VerdictMessage } from '../../../../shared/protocol/messages.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { monday, richSection } from '../../../fakes/own-pages.ts';

/*
 * Made up after loginctl(1), "list-sessions" and "show-session", and org.freedesktop.login1(5): the properties of a session and
 * their values. Not recorded: the machines these tests were written on have no desktop.
 */
const list = '     2 1001 maria   seat0 tty2\n    c1  120 gdm     seat0 tty1\n    14 1002 ben     -     pts/0\n';
const session = (change: Record<string, string> = {}) =>
  Object.entries({
    User: '1001',
    Name: 'maria',
    Remote: 'no',
    Type: 'wayland',
    Class: 'user',
    State: 'active',
    ...change,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

class Desktop implements Commands {
  readonly sent: (readonly string[])[] = [];
  sessions: Record<string, string> = {
    2: session(),
    c1: session({ Name: 'gdm', User: '120', Class: 'greeter' }),
    14: session({ Name: 'ben', User: '1002', Type: 'tty', Remote: 'yes' }),
  };
  list: CommandResult = { code: 0, stdout: list, stderr: '' };
  refuses = false;

  async run(path: string, args: readonly string[]): Promise<CommandResult> {
    if (path === '/usr/bin/loginctl' && args[0] === 'list-sessions') return this.list;
    if (path === '/usr/bin/loginctl') return { code: 0, stdout: this.sessions[args[1] ?? ''] ?? '', stderr: '' };
    if (path !== '/usr/sbin/runuser') throw new Error(path);
    this.sent.push(args);
    return { code: this.refuses ? 1 : 0, stdout: '', stderr: '' };
  }
}

const verdict = (change: Partial<VerdictMessage> = {}): VerdictMessage => ({
  at: monday,
  state: 'in-grace',
  checks: [{ check: 'firewall-on', status: 'fail', severity: 'critical', seen: 'off' }],
  step: 'warn',
  obligations: [],
  ...change,
});

let folder: string;
let desktop: Desktop;
let clock: FakeClock;
let log: FakeLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-notices-'));
  desktop = new Desktop();
  clock = new FakeClock(monday);
  log = new FakeLog();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const notices = (change: Partial<NoticesParts> = {}) =>
  new Notices({
    ...{ platform: 'linux', commands: desktop, path: join(folder, 'notices.json'), clock, log },
    calendar: () => undefined,
    page: () => 'http://127.82.67.1/',
    locale: async () => 'en_US.UTF-8',
    ...change,
  });

describe('who sits in front of the device', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['somebody at a desktop', {}, ['maria']],
    ['somebody at X', { 2: session({ Type: 'x11' }) }, ['maria']],
    ['nobody while another has the screen', { 2: session({ State: 'online' }) }, []],
    ['nobody who is elsewhere', { 2: session({ Remote: 'yes' }) }, []],
    ['nobody whose name is an option', { 2: session({ Name: '--login' }) }, []],
    ['nobody without a number', { 2: session({ User: '../1' }) }, []],
    ['nobody where logind says nothing', { 2: '' }, []],
  ])('is %s', async (_name, sessions, users) => {
    Object.assign(desktop.sessions, sessions);
    expect((await desktopSessions(desktop)).map(({ user }) => user)).toEqual(users);
  });

  it('is nobody without systemd', async () => {
    desktop.list = { code: -1, stdout: '', stderr: '', failure: 'missing' };
    expect(await desktopSessions(desktop)).toEqual([]);
  });
});

describe('the language of the system', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['of systemd', { '/etc/locale.conf': 'LANG=es_US.UTF-8\n' }, 'es_US.UTF-8'],
    [
      'of Debian, quoted',
      { '/etc/default/locale': '# made by setup\nLANGUAGE=en\nLANG="es_MX.UTF-8"\n' },
      'es_MX.UTF-8',
    ],
    ['nowhere', {}, undefined],
  ])('is read from what is %s', async (_name, files, locale) => {
    expect(await systemLocale(async (path) => files[path])).toBe(locale);
  });
});

describe('a message on the desktop', () => {
  it('is sent as the person, and says what is wrong and where to read what to do', async () => {
    await notices().consider(verdict());
    expect(desktop.sent).toHaveLength(1);
    const [args = []] = desktop.sent;
    expect(args.slice(0, 4)).toEqual(['-u', 'maria', '--', '/usr/bin/env']);
    expect(args).toContain('DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1001/bus');
    expect(args.slice(-3)).toEqual([
      '--',
      'One thing needs to be put right',
      'Firewall. This is a first notice. What you can do: http://127.82.67.1/',
    ]);
  });

  it('speaks the language of the system', async () => {
    await notices({ locale: async () => 'es_MX.UTF-8' }).consider(verdict({ step: 'restrict' }));
    expect(desktop.sent[0]?.slice(-2).join(' ')).toMatch(/^Hay una cosa por arreglar Cortafuegos.*limitado/);
  });

  it('comes once a day for each step and check, also after a restart', async () => {
    await notices().consider(verdict());
    await notices().consider(verdict({ at: monday + 1 }));
    expect(desktop.sent).toHaveLength(1);
    await notices().consider(verdict({ step: 'remind' }));
    expect(desktop.sent).toHaveLength(2);
    clock.advance(86_400_000);
    await notices().consider(verdict());
    expect(desktop.sent).toHaveLength(3);
  });

  it('comes again when nobody could see it', async () => {
    desktop.refuses = true;
    await notices().consider(verdict());
    desktop.refuses = false;
    await notices().consider(verdict());
    expect(desktop.sent).toHaveLength(2);
  });

  const exam = { title: 'State tests', from: '2026-10-05', to: '2026-10-06' };
  it.each<[string, VerdictMessage, Partial<NoticesParts>]>([
    ['nothing is asked', verdict({ step: 'none' }), {}],
    ['what fails only informs', verdict({ checks: [{ check: 'c', status: 'fail', severity: 'minor', seen: '' }] }), {}],
    [
      'what fails is waived',
      verdict({ checks: [{ check: 'c', status: 'fail', severity: 'major', seen: '', waivedUntil: monday }] }),
      {},
    ],
    ['there is no page to read', verdict(), { page: () => undefined }],
    ['the system is another', verdict(), { platform: 'win32' }],
    ['exams are on', verdict(), { calendar: () => ({ ...(richSection.calendar as SchoolCalendar), freezes: [exam] }) }],
  ])('does not come while %s', async (_name, given, change) => {
    await notices(change).consider(given);
    expect(desktop.sent).toEqual([]);
    expect(log.said).toEqual([]);
  });

  it('comes although the file of what was said is damaged', async () => {
    writeFileSync(join(folder, 'notices.json'), '{');
    await notices().consider(verdict());
    expect(desktop.sent).toHaveLength(1);
  });

  it('never ends the agent', async () => {
    await notices({ path: '/nowhere/at/all/notices.json' }).consider(verdict());
    expect(desktop.sent).toHaveLength(1);
  });
});
