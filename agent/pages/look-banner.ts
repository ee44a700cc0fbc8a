import { createHash } from 'node:crypto';
import type { LookNow } from '../diagnostics/session/desk.ts';
import type { PastLook } from '../diagnostics/session/past-looks.ts';
import { card, termsOf } from './card.ts';
import { type Html, html } from './html.ts';
import type { Times } from './times.ts';
import type { LookWords } from './words/looks-en.ts';

export const lookPath = '/.rollcall/look';
export const bundlePath = '/.rollcall/bundle';

/** What the pages know of looks at the device, and what the person says to them. */
export interface Looks {
  readonly now: LookNow | undefined;
  /** The newest first. */
  readonly past: readonly PastLook[];
  answer(id: string, isAllowed: boolean): boolean;
  stop(id: string): boolean;
  sendBundle(id: string, isAllowed: boolean): Promise<boolean>;
}

export interface BannerFacts {
  look: LookNow;
  words: LookWords;
  times: Times;
  /** Proves that the forms are ours. */
  token: string;
  /** On the page of a site: there it only leads to the device's own page, here. */
  elsewhere: string | undefined;
}

/** On top of every page while somebody looks at the device, or asks to. */
export function lookBanner({ look, words, times, token, elsewhere }: BannerFacts): Html {
  const isAsking = look.state === 'asking';
  const heading = isAsking ? words.asking(look.by) : words.running(look.by);
  return html`<section class="look${isAsking ? ' asks' : ''}" aria-labelledby="look">
<h2 id="look">${heading}</h2>
<p>${isAsking ? words.askingLead : words.runningLead}</p>
${termsOf([
  [words.why, look.reason],
  [words.ticket, look.ticket],
  [words.until, times.at(look.until)],
])}
${look.answerUntil !== undefined && html`<p>${words.noAnswer(times.at(look.answerUntil))}</p>`}
${elsewhere === undefined ? buttons(look, words, token) : html`<p><a class="button" href="${elsewhere}">${words.see}</a></p>`}
</section>`;
}

function buttons(look: LookNow, words: LookWords, token: string): Html {
  const button = (act: string, label: string, quiet = false) =>
    html`<button type="submit" name="act" value="${act}"${quiet && html` class="quiet"`}>${label}</button>`;
  return html`${look.bundle && html`<p><strong>${words.bundleAsked(look.by)}</strong> <a href="/bundle">${words.bundleSee}</a></p>`}
<form method="post" action="${lookPath}" accept-charset="utf-8">
${hidden(look, token)}
${look.state === 'asking' ? [button('allow', words.allow), ' ', button('refuse', words.refuse, true)] : button('stop', words.stop)}
</form>`;
}

function hidden({ id }: LookNow, token: string): Html {
  return html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="id" value="${id}">`;
}

/** The exact text of a support bundle, and the person's word about it. */
export function bundlePreview({ look, words, token }: Pick<BannerFacts, 'look' | 'words' | 'token'>): Html {
  const files = look.bundle ?? [];
  if (files.length === 0) return html`<h1>${words.bundleTitle}</h1><p>${words.bundleGone}</p>`;
  return html`<h1>${words.bundleTitle}</h1>
<p>${words.bundleLead}</p>
<form method="post" action="${bundlePath}" accept-charset="utf-8">
${hidden(look, token)}
<button type="submit" name="act" value="send">${words.bundleSend}</button>
<button type="submit" name="act" value="keep" class="quiet">${words.bundleKeep}</button>
</form>
${files.map(({ name, text }) => card(name, html`<pre tabindex="0">${text.split('\n').map((line) => html`${line}\n`)}</pre>`))}`;
}

const shownPast = 30;

/** Who looked, when and why. */
export function pastLooksPart(past: readonly PastLook[], words: LookWords, times: Times): Html {
  if (past.length === 0) return card(words.past, html`<p>${words.nobody}</p>`);
  const rows = past.slice(0, shownPast).map(
    (
      look,
    ) => html`<li><p><strong>${look.by}</strong> ${words.for(look.ticket)} <span class="badge">${words.states[look.state]}</span></p>
<p>${look.reason}</p>
<p class="small">${spanOf(look, words, times)}${look.words && html` · ${look.words}`}${look.bundles > 0 && html` · ${words.bundles(look.bundles)}`}</p></li>`,
  );
  return card(words.past, html`<p>${words.pastLead}</p><ul class="rows">${rows}</ul>`);
}

function spanOf({ at, beganAt, endedAt }: PastLook, words: LookWords, times: Times): string {
  return beganAt === undefined || endedAt === undefined
    ? times.at(at)
    : words.from(times.at(beganAt), times.at(endedAt));
}

/** Another one when the person would read something else. */
export function bannerVersion(banner: Html | undefined): string {
  return createHash('sha256')
    .update(banner?.text ?? '')
    .digest('base64url')
    .slice(0, 22);
}
