import { plainLines, plainText } from '../../../shared/plain-text.ts';
import { desktopSessions, showMessage } from '../../notices/linux.ts';
import type { Commands } from '../../platform/commands.ts';
import { done, type Executor } from '../executor.ts';
import type { ActParts } from '../parts.ts';

const timeoutMs = 10_000;
const onlyPage = 'The device’s own page shows it for a day; nobody could be told on the desktop.';

/** A message on the desktops of whoever sits there, and on the device's own page for a day. */
export function messageAct({ told, commands, platform, isHost, clock }: ActParts): Executor<'message'> {
  return {
    async run({ command, action }) {
      const [title, words] = [plainText(action.title, 'A message'), plainLines(action.words)];
      told.add({ id: command.id, title, words, at: clock.now() });
      if (!isHost) return done(onlyPage);
      const isShown = await showOnDesktop({ platform, commands }, title, words);
      return done(!isShown ? onlyPage : 'Shown on the desktop, and on the device’s own page for a day.');
    },
  };
}

/** True when a desktop took it. */
export async function showOnDesktop(
  { platform, commands }: Pick<ActParts, 'platform' | 'commands'>,
  title: string,
  words: string,
): Promise<boolean> {
  return (await show[platform](commands, title, words)) > 0;
}

/** How many desktops took it. */
const show = {
  async linux(commands: Commands, title: string, body: string): Promise<number> {
    const sessions = await desktopSessions(commands);
    const shown = await Promise.all(sessions.map((session) => showMessage(commands, session, { title, body })));
    return shown.filter(Boolean).length;
  },
  /** Of every session; not part of the Home editions. msg, Microsoft Learn, Windows commands */
  async win32(commands: Commands, title: string, body: string): Promise<number> {
    const { code } = await commands.run('C:\\Windows\\System32\\msg.exe', ['*', '/TIME:86400'], {
      input: `${title}\r\n\r\n${body}`,
      timeoutMs,
    });
    return code === 0 ? 1 : 0;
  },
  /** As arguments, never as part of the program: after the first word nothing is taken for an option. osascript(1) */
  async darwin(commands: Commands, title: string, body: string): Promise<number> {
    const owner = await commands.run('/usr/bin/stat', ['-f', '%u', '/dev/console'], { timeoutMs });
    const uid = owner.stdout.trim();
    if (owner.code !== 0 || !/^[1-9]\d{0,9}$/.test(uid)) return 0;
    const lines = ['on run argv', 'display notification (item 3 of argv) with title (item 2 of argv)', 'end run'];
    const script = lines.flatMap((line) => ['-e', line]);
    const args = [
      'asuser',
      uid,
      '/usr/bin/sudo',
      '-u',
      `#${uid}`,
      '/usr/bin/osascript',
      ...script,
      'show',
      title,
      body,
    ];
    const { code } = await commands.run('/bin/launchctl', args, { timeoutMs });
    return code === 0 ? 1 : 0;
  },
};
