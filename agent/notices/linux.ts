import type { Commands } from '../platform/commands.ts';

const loginctl = '/usr/bin/loginctl';
const runuser = ['/usr/sbin/runuser', '/sbin/runuser'];
const timeoutMs = 5_000;
/** Of the shell: `notify-send --version` of every distribution in support knows these. */
const shown = ['--app-name=Rollcall', '--icon=dialog-warning'];
/** A name that can be nothing else on a command line. useradd(8) */
const accountName = /^[a-z_][a-z0-9_.-]{0,31}$/i;

/** Somebody who sits in front of the device now. */
export interface DesktopSession {
  uid: number;
  user: string;
}

/** What the system speaks, `es_US.UTF-8`: locale.conf(5), and where Debian keeps it. */
export async function systemLocale(read: (path: string) => Promise<string | undefined>): Promise<string | undefined> {
  for (const path of ['/etc/locale.conf', '/etc/default/locale']) {
    const found = /^\s*LANG=["']?([A-Za-z_.@0-9-]+)/m.exec((await read(path)) ?? '')?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Who is signed in at a screen of this device, by systemd-logind; nobody where there is none. loginctl(1) */
export async function desktopSessions(commands: Commands): Promise<DesktopSession[]> {
  const list = await commands.run(loginctl, ['list-sessions', '--no-legend'], { timeoutMs });
  if (list.code !== 0) return [];
  const ids = list.stdout.split('\n').flatMap((line) => /^\s*([A-Za-z0-9]{1,32})\s+\d+\s/.exec(line)?.[1] ?? []);
  const asked = ['Name', 'User', 'Type', 'State', 'Remote', 'Class'].flatMap((name) => ['--property', name]);
  const sessions = await Promise.all(
    ids.slice(0, 20).map((id) => commands.run(loginctl, ['show-session', id, ...asked], { timeoutMs })),
  );
  return sessions.flatMap(({ code, stdout }) => (code === 0 ? (desktopOf(stdout) ?? []) : []));
}

function desktopOf(stdout: string): DesktopSession | undefined {
  const said = new Map(
    stdout.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const isDesktop = ['x11', 'wayland', 'mir'].includes(said.get('Type') ?? '') && said.get('Class') === 'user';
  const isHere = said.get('State') === 'active' && said.get('Remote') === 'no';
  const [user = '', uid = ''] = [said.get('Name'), said.get('User')];
  if (!isDesktop || !isHere || !accountName.test(user) || !/^\d{1,10}$/.test(uid)) return undefined;
  return { user, uid: Number(uid) };
}

/** Desktops read links and styles out of the body (Desktop Notifications Specification, section Markup); these are words. */
function withoutMarkup(body: string): string {
  return body.replaceAll('<', '‹').replaceAll('>', '›');
}

/**
 * Shows a message on the desktop of a person, as that person: the session bus takes no one else. True when the desktop took
 * it. In the C locale notify-send refuses letters beyond ASCII.
 */
export async function showMessage(
  commands: Commands,
  { user, uid }: DesktopSession,
  { title, body }: { title: string; body: string },
): Promise<boolean> {
  const place = [`XDG_RUNTIME_DIR=/run/user/${uid}`, `DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/${uid}/bus`];
  const message = ['/usr/bin/notify-send', ...shown, '--', title, withoutMarkup(body)];
  for (const path of runuser) {
    const args = ['-u', user, '--', '/usr/bin/env', 'LC_ALL=C.UTF-8', ...place, ...message];
    const { code, failure } = await commands.run(path, args, { timeoutMs });
    if (failure !== 'missing') return code === 0;
  }
  return false;
}
