import { normaliseName } from '../../shared/filter/name.ts';
import { ownPagesName } from '../filter/special-names.ts';
import { type Answer, asset, empty, json, page } from './answer.ts';
import { blockPage, notBlockedPage, openPage } from './block-page.ts';
import { chosenLanguage, inLanguage, keepChoice } from './choose-language.ts';
import { filterPage } from './filter-page.ts';
import type { FormTokens } from './form-tokens.ts';
import { helpPath } from './help-part.ts';
import { takeHelp } from './help-routes.ts';
import { assetPaths, type Frame } from './layout.ts';
import { bundlePath, lookPath } from './look-banner.ts';
import { answerBundle, answerLookVersion, bannerOf, takeBundleAnswer, takeLookAnswer } from './look-routes.ts';
import { type Moment, momentOf, type PageSources } from './moment.ts';
import { checkAgainPath } from './my-device-page.ts';
import { answerOwn, answerVersion, takeCheckAgain, takePostpone } from './own-routes.ts';
import type { RequestBook } from './request-book.ts';
import type { Asked } from './request-head.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { Times } from './times.ts';
import { postponePath } from './told-part.ts';
import type { PageWords } from './words/en.ts';
import { type Language, languageCodes, languages } from './words/languages.ts';

export interface Routes {
  sources: PageSources;
  book: RequestBook;
  tokens: FormTokens;
  /** Where the pages answer; the port is part of links where it is not 80. */
  port: number;
}

/** One request on its way to its answer. */
export interface OwnCall extends Routes {
  asked: Asked;
  language: Language;
  frame: Frame;
  /** Undefined while no filter is in force. */
  moment: Moment | undefined;
}

interface Call extends OwnCall {
  moment: Moment;
}

/** What a browser asks again after, while it still remembers that a name led here. */
const tryAgainSeconds = 3;

/** Answers a request whose head was judged. `body` is the text of a form; only POST has one. */
export async function answerTo(asked: Asked, body: string, routes: Routes): Promise<Answer> {
  if (asked.path === assetPaths.style) return asset('text/css', style);
  if (asked.path === assetPaths.script) return asset('text/javascript', script);
  const code = chosenLanguage(asked);
  const language = await languages[code].load();
  const moment = momentOf(routes.sources, language.page);
  const call = { ...routes, asked, language, moment, frame: frameOf(asked, routes, language, moment) };
  const answer = await route(call, body);
  return { ...answer, headers: { ...answer.headers, ...keepChoice(asked), vary: 'accept-language, cookie' } };
}

/** What the forms of "My device" are sent to. */
const ownForms = new Map([
  [checkAgainPath, takeCheckAgain],
  [postponePath, takePostpone],
  [helpPath, takeHelp],
]);

async function route(call: OwnCall, body: string): Promise<Answer> {
  const { asked, moment } = call;
  const form = asked.isOwn ? ownForms.get(asked.path) : undefined;
  if (form) return asked.method === 'POST' ? await form(call, body) : empty(405, { allow: 'POST' });
  if (asked.isOwn && asked.path === '/.rollcall/live') return await answerVersion(call);
  const look = asked.isOwn ? await lookRoute(call, body) : undefined;
  if (look) return look;
  if (asked.isOwn && asked.path === '/' && asked.method !== 'POST') return await answerOwn(call);
  return moment
    ? await filterRoute({ ...call, moment }, body)
    : empty(asked.isOwn && asked.path !== '/filter' ? 404 : 503);
}

/** Looks of the helpdesk: how one stands, the person's answers, what is in a support bundle. */
async function lookRoute(call: OwnCall, body: string): Promise<Answer | undefined> {
  const { method, path } = call.asked;
  if (path === '/bundle' && method !== 'POST') return answerBundle(call);
  if (path === lookPath) return method === 'POST' ? await takeLookAnswer(call, body) : answerLookVersion(call);
  if (path !== bundlePath) return undefined;
  return method === 'POST' ? await takeBundleAnswer(call, body) : empty(405, { allow: 'POST' });
}

/** What there is only with a filter in force. */
async function filterRoute(call: Call, body: string): Promise<Answer> {
  const { asked } = call;
  if (asked.path === '/.rollcall/state') return answerState(call);
  if (asked.path === '/.rollcall/ask')
    return asked.method === 'POST' ? takeRequest(call, body) : empty(405, { allow: 'POST' });
  if (asked.method === 'POST') return empty(asked.isOwn ? 404 : 403);
  return asked.isOwn ? await ownFilterPage(call) : sitePage(call);
}

/** A name that is asked about must be the host itself, so that no other site can learn of it; the own host may ask of all. */
function nameAsked({ asked }: OwnCall, written: string | null): string | undefined {
  const name = normaliseName(written ?? '');
  return name !== undefined && (asked.isOwn || name === asked.name) ? name : undefined;
}

function answerState(call: Call): Answer {
  const { asked, moment, book } = call;
  const name = nameAsked(call, asked.query.get('name'));
  if (name === undefined || asked.isForeign || asked.method === 'POST') return empty(403);
  const request = book.about(name, moment.section, moment.now)?.state ?? 'none';
  return json({ blocked: moment.blockOf(name) !== undefined, request });
}

async function ownFilterPage(call: Call): Promise<Answer> {
  const { asked, moment, book, frame } = call;
  if (asked.path === '/blocked') {
    const name = nameAsked(call, hostIn(asked.query.get('name') ?? ''));
    if (name !== undefined) return namePage(call, name);
  } else if (asked.path !== '/filter') return empty(404);
  const requests = book.list(moment.section, moment.now);
  const facts = await moment.filterFacts(requests);
  return page(200, filterPage({ ...facts, isBadName: asked.path === '/blocked' }, frame));
}

/** People paste whole addresses. */
function hostIn(written: string): string {
  const trimmed = written.trim();
  return URL.canParse(trimmed) && /^https?:/i.test(trimmed) ? new URL(trimmed).hostname : trimmed;
}

function namePage(call: Call, name: string): Answer {
  if (call.moment.blockOf(name)) return blocked(call, name, 200);
  return page(200, notBlockedPage(name, call.frame));
}

function sitePage(call: Call): Answer {
  const { asked, moment, frame } = call;
  if (moment.blockOf(asked.name)) return asked.wantsPage ? blocked(call, asked.name, 403) : empty(403);
  const again = { refresh: String(tryAgainSeconds), 'retry-after': String(tryAgainSeconds) };
  if (!asked.wantsPage) return empty(503, { 'retry-after': again['retry-after'] });
  return page(503, openPage(asked.name, asked.target, frame), again);
}

interface Refusal {
  problem: keyof PageWords['problems'];
  written: string;
  target: string;
}

function blocked(call: Call, name: string, status: number, refusal?: Refusal): Answer {
  const { asked, moment, book, tokens, language, frame } = call;
  const decision = moment.blockOf(name);
  if (!decision) return empty(409);
  const { section, times, now } = moment;
  const about = { name, decision, section, times, words: language.page, token: tokens.of(name), frame };
  const request = book.about(name, section, now);
  return page(status, blockPage({ ...about, request, target: asked.target, ...refusal }));
}

/** Taken only from a page of ours for that name; then back to where the person was. */
function takeRequest(call: Call, body: string): Answer {
  const { asked, moment, book, tokens } = call;
  const form = new URLSearchParams(body);
  const name = nameAsked(call, form.get('name'));
  if (asked.isForeign || name === undefined) return empty(403);
  const target = samePath(form.get('target'));
  const written = (form.get('words') ?? '').slice(0, 1_000);
  const decision = moment.blockOf(name);
  if (!decision) return backTo(target);
  if (!tokens.check(name, form.get('token') ?? ''))
    return blocked(call, name, 403, { problem: 'stalePage', written, target });
  const outcome = book.ask(name, written, decision, moment.now);
  if (outcome.ok) return backTo(target);
  const { problem } = outcome;
  return blocked(call, name, statusOf[problem] ?? 400, { problem, written, target });
}

const statusOf: Partial<Record<keyof PageWords['problems'], number>> = {
  tooOften: 429,
  tooOftenForName: 429,
  notSaved: 507,
};

function backTo(target: string): Answer {
  return empty(303, { location: target });
}

/** A path on this very host: what begins with two slashes would lead to another. */
function samePath(target: string | null): string {
  return target !== null && target.length <= 2_048 && /^\/(?![/\\])[\x21-\x7e]*$/.test(target) ? target : '/';
}

/** A site learns of the device's own pages only where they are. */
function frameOf(asked: Asked, { sources, port, tokens }: Routes, { page: words }: Language, moment?: Moment): Frame {
  const host = asked.isOwn ? '' : `http://${ownPagesName}${port === 80 ? '' : `:${port}`}`;
  const isHere = (path: string) => asked.isOwn && asked.path === path;
  const zone = sources.own().received?.verdict.zone ?? moment?.section.calendar?.zone;
  const times = new Times(sources.now(), zone, words);
  const elsewhere = asked.isOwn ? undefined : `${host}/`;
  const others = languageCodes.filter((code) => code !== words.language.page);
  return {
    words,
    look: bannerOf({ words: words.looks, times, elsewhere }, sources.looks, tokens),
    district: sources.view()?.section?.district ?? sources.own().district,
    pages: [
      { href: `${host}/`, text: words.my.toDevice, isHere: isHere('/') || isHere(checkAgainPath) },
      ...(sources.view()?.section
        ? [{ href: `${host}/filter`, text: words.my.toFilter, isHere: isHere('/filter') }]
        : []),
    ],
    languages: others.map((code) => ({ code, text: languages[code].name, href: inLanguage(asked, code, port) })),
  };
}
