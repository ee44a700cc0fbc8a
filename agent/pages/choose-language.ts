import { ownPagesName } from '../filter/special-names.ts';
import type { Asked } from './request-head.ts';
import { acceptedLanguage, isLanguage, type LanguageCode } from './words/languages.ts';

const parameter = 'lang';
const yearSeconds = 31_536_000;

/** What the person chose on the device's own pages, else what their browser asks for. */
export function chosenLanguage({ isOwn, query, cookie, acceptLanguage }: Asked): LanguageCode {
  const wanted = isOwn ? (query.get(parameter) ?? remembered(cookie)) : undefined;
  return isLanguage(wanted) ? wanted : acceptedLanguage(acceptLanguage);
}

/** Keeps a choice that was just made; only on the own host, for no site is given a cookie of ours. */
export function keepChoice({ isOwn, query }: Asked): Record<string, string> {
  const wanted = query.get(parameter);
  if (!isOwn || !isLanguage(wanted)) return {};
  return { 'set-cookie': `${parameter}=${wanted}; Path=/; Max-Age=${yearSeconds}; HttpOnly; SameSite=Lax` };
}

/** The page that was asked for in another language; that of a site is shown on the own host, where the choice is kept. */
export function inLanguage({ isOwn, path, query, name }: Asked, code: LanguageCode, port: number): string {
  if (!isOwn)
    return `http://${ownPagesName}${port === 80 ? '' : `:${port}`}/blocked?${new URLSearchParams({ name, lang: code })}`;
  const kept = new URLSearchParams(query);
  kept.set(parameter, code);
  const shown = path.startsWith('/.rollcall/') ? '/' : path;
  return `${shown}?${kept}`;
}

function remembered(cookie: string | undefined): string | undefined {
  const pair = (cookie ?? '')
    .slice(0, 4_096)
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${parameter}=`));
  return pair?.slice(parameter.length + 1);
}
