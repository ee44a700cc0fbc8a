import { normaliseName } from '../../shared/filter/name.ts';
import { ownPagesName } from '../filter/special-names.ts';
import { type Answer, asset, empty, json, page } from './answer.ts';
import { blockPage, notBlockedPage, openPage } from './block-page.ts';
import { devicePage } from './device-page.ts';
import type { FormTokens } from './form-tokens.ts';
import { assetPaths } from './layout.ts';
import { type Moment, momentOf, type PageSources } from './moment.ts';
import type { RequestBook } from './request-book.ts';
import type { Asked } from './request-head.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import type { problems } from './words.ts';

export interface Routes {
  sources: PageSources;
  book: RequestBook;
  tokens: FormTokens;
  /** Where the pages answer; the port is part of links where it is not 80. */
  port: number;
}

interface Call extends Routes {
  asked: Asked;
  moment: Moment;
}

/** What a browser asks again after, while it still remembers that a name led here. */
const tryAgainSeconds = 3;

/** Answers a request whose head was judged. `body` is the text of a form; only POST has one. */
export async function answerTo(asked: Asked, body: string, routes: Routes): Promise<Answer> {
  if (asked.path === assetPaths.style) return asset('text/css', style);
  if (asked.path === assetPaths.script) return asset('text/javascript', script);
  const moment = momentOf(routes.sources);
  if (!moment) return empty(503);
  const call = { ...routes, asked, moment };
  if (asked.path === '/.rollcall/state') return answerState(call);
  if (asked.path === '/.rollcall/ask')
    return asked.method === 'POST' ? takeRequest(call, body) : empty(405, { allow: 'POST' });
  if (asked.method === 'POST') return empty(asked.isOwn ? 404 : 403);
  return asked.isOwn ? await ownPage(call) : sitePage(call);
}

/** A name that is asked about must be the host itself, so that no other site can learn of it; the own host may ask of all. */
function nameAsked({ asked }: Call, written: string | null): string | undefined {
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

async function ownPage(call: Call): Promise<Answer> {
  const { asked, moment, book } = call;
  if (asked.path === '/blocked') {
    const name = nameAsked(call, hostIn(asked.query.get('name') ?? ''));
    if (name !== undefined) return namePage(call, name);
  } else if (asked.path !== '/') return empty(404);
  const requests = book.list(moment.section, moment.now);
  const facts = await moment.deviceFacts(requests);
  return page(200, devicePage({ ...facts, isBadName: asked.path === '/blocked' }));
}

/** People paste whole addresses. */
function hostIn(written: string): string {
  const trimmed = written.trim();
  return URL.canParse(trimmed) && /^https?:/i.test(trimmed) ? new URL(trimmed).hostname : trimmed;
}

function namePage(call: Call, name: string): Answer {
  const { moment } = call;
  if (moment.blockOf(name)) return blocked(call, name, 200);
  return page(200, notBlockedPage(name, moment.section, deviceLink(call)));
}

function sitePage(call: Call): Answer {
  const { asked, moment } = call;
  if (moment.blockOf(asked.name)) return asked.wantsPage ? blocked(call, asked.name, 403) : empty(403);
  const again = { refresh: String(tryAgainSeconds), 'retry-after': String(tryAgainSeconds) };
  if (!asked.wantsPage) return empty(503, { 'retry-after': again['retry-after'] });
  return page(503, openPage(asked.name, moment.section, asked.target, deviceLink(call)), again);
}

interface Refusal {
  problem: keyof typeof problems;
  written: string;
  target: string;
}

function blocked(call: Call, name: string, status: number, refusal?: Refusal): Answer {
  const { asked, moment, book, tokens } = call;
  const decision = moment.blockOf(name);
  if (!decision) return empty(409);
  const { section, times, now } = moment;
  const about = { name, decision, section, times, token: tokens.of(name), devicePage: deviceLink(call) };
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

const statusOf: Partial<Record<keyof typeof problems, number>> = { tooOften: 429, tooOftenForName: 429, notSaved: 507 };

function backTo(target: string): Answer {
  return empty(303, { location: target });
}

/** A path on this very host: what begins with two slashes would lead to another. */
function samePath(target: string | null): string {
  return target !== null && target.length <= 2_048 && /^\/(?![/\\])[\x21-\x7e]*$/.test(target) ? target : '/';
}

function deviceLink({ asked, port }: Call): string {
  return asked.isOwn ? '/' : `http://${ownPagesName}${port === 80 ? '' : `:${port}`}/`;
}
