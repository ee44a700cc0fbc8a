import type { LookNotice } from '../diagnostics/session/desk.ts';
import { isLanguage, languages } from '../pages/words/languages.ts';
import { desktopSessions, showMessage } from './linux.ts';
import type { NoticesParts } from './notices.ts';

/**
 * Says on the desktop that somebody looks at the device, or asks to: at once, each time, in exams too, for nobody may be
 * looked at unseen. False when nobody could be shown it. On Linux alone: see `Notices`.
 */
export async function showLookNotice(
  { platform, commands, page, locale }: Pick<NoticesParts, 'platform' | 'commands' | 'page' | 'locale'>,
  { kind, by, ticket, reason }: LookNotice,
): Promise<boolean> {
  if (platform !== 'linux') return false;
  const sessions = await desktopSessions(commands);
  if (sessions.length === 0) return false;
  const code = (await locale())?.slice(0, 2).toLowerCase();
  const { looks } = (await languages[isLanguage(code) ? code : 'en'].load()).page;
  const title = { told: looks.noticeTold, asked: looks.noticeAsked, bundle: looks.noticeBundle }[kind](by);
  const message = { title, body: looks.noticeBody(ticket, reason, page() ?? '') };
  return (await Promise.all(sessions.map((session) => showMessage(commands, session, message)))).includes(true);
}
