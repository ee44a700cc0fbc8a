import { textOf } from '../../shared/compliance/words/language.ts';
import type { ReportedRecord, VerdictMessage } from '../../shared/protocol/messages.ts';
import type { Correction } from '../reconcile/tamper.ts';
import { card } from './card.ts';
import { type Html, html } from './html.ts';
import type { Asked, OwnStanding } from './own-standing.ts';
import type { Times } from './times.ts';
import type { Language } from './words/languages.ts';

/** How the parts of "My device" speak. */
export interface Speaking {
  language: Language;
  times: Times;
  now: number;
  /** Else the district is told later. */
  isConnected: boolean;
}

/** What is wrong: seen, why, how to put it right, by when. */
export function wrongPart({ wrong, mended }: OwnStanding, speaking: Speaking): Html | undefined {
  if (wrong.length + mended.length === 0) return undefined;
  const items = [
    ...wrong.map((asked) => wrongItem(asked, speaking)),
    ...mended.map((one) => mendedItem(one, speaking)),
  ];
  return card(speaking.language.page.my.wrong, items);
}

function wrongItem(asked: Asked, speaking: Speaking): Html {
  const { my } = speaking.language.page;
  const { why, fix } = asked.text;
  const rows: [string, string | Html | undefined][] = [
    [my.seen, seenWords(asked, speaking)],
    [my.fix, fix],
    [my.byWhen, byWhen(asked, speaking)],
    [my.why, why],
  ];
  return html`<article class="asked">
<h3>${asked.text.title} ${asked.news && html`<span class="badge refused">${my.justSeen}</span>`}</h3>
<dl>${rows.map(([term, words]) => words && html`<div><dt>${term}</dt><dd>${words}</dd></div>`)}</dl>
</article>`;
}

/** The district has not answered yet: it is told, or will be as soon as there is a connection. */
function mendedItem(asked: Asked, speaking: Speaking): Html {
  const { my } = speaking.language.page;
  return html`<article class="asked">
<h3>${asked.text.title} <span class="badge granted">${my.mended}</span></h3>
<p>${my.mendedLead(speaking.times.at(asked.news?.at ?? speaking.now))} ${toldWords(speaking)}</p>
</article>`;
}

function toldWords({ language, isConnected }: Speaking): string {
  const { my } = language.page;
  return isConnected ? my.beingTold : my.toldLater;
}

function byWhen({ judged, news }: Asked, speaking: Speaking): Html {
  const { language, times, now } = speaking;
  const { my } = language.page;
  if (judged?.status !== 'fail') return html`${news ? `${my.notTold} ${toldWords(speaking)}` : my.now}`;
  const { graceUntil, failingSince } = judged;
  const since =
    failingSince === undefined ? undefined : html`<br><span class="small">${my.since(times.at(failingSince))}</span>`;
  if (graceUntil === null) return html`${my.noDate}${since}`;
  if (graceUntil === undefined) return html`${my.now}${since}`;
  const date = times.until(graceUntil);
  return html`<strong>${graceUntil > now ? my.by(date) : my.overdueSince(date)}</strong>${since}`;
}

/** What was seen in the person's language; what only exists in English is marked as technical. */
function seenWords({ seen, news, judged }: Asked, { language, times }: Speaking): Html {
  const { my } = language.page;
  const { text, technical } = language.checks.seen(seen);
  const when = news && judged ? html` <span class="small">${my.seenAt(times.at(news.at))}</span>` : undefined;
  const detail =
    technical === undefined
      ? undefined
      : html`<br><span class="small">${my.technical}: <span lang="en">${technical}</span></span>`;
  return html`${capital(text, language)}${when}${detail}`;
}

function capital(words: string, { page }: Language): string {
  return words.slice(0, 1).toLocaleUpperCase(page.language.page) + words.slice(1);
}

export function obligationsPart(
  obligations: VerdictMessage['obligations'],
  { language, times, now }: Speaking,
): Html | undefined {
  const { my } = language.page;
  if (obligations.length === 0) return undefined;
  const rows = obligations.map(
    ({ kind, title, dueAt }) => html`<li><strong>${title}</strong>
<p>${my.owedKind[kind]}. ${(dueAt > now ? my.due : my.overdue)(times.until(dueAt))}</p></li>`,
  );
  return card(my.owed, html`<ul class="rows">${rows}</ul>`);
}

/** What was changed by hand and is right again, the newest of each capability: nothing to do, and no secret. */
export function correctedPart(corrections: readonly Correction[], { language, times }: Speaking): Html | undefined {
  const { my } = language.page;
  const newest = new Map(corrections.map((one) => [one.section, one]));
  if (newest.size === 0) return undefined;
  const rows = [...newest.values()]
    .toSorted((a, b) => b.at - a.at)
    .map(
      ({
        section,
        item,
        at,
      }) => html`<li><strong>${textOf(language.checks, `policy-verified:${section}`)?.title ?? section}</strong>
<p>${my.correctedAt(times.at(at))}</p>
<p class="small">${my.technical}: <span lang="en">${item}</span></p></li>`,
    );
  return card(my.corrected, html`<ul class="rows">${rows}</ul>`);
}

export function unknownPart({ unknown }: OwnStanding, speaking: Speaking): Html | undefined {
  if (unknown.length === 0) return undefined;
  return card(speaking.language.page.my.unknown, rowsOf(unknown, speaking));
}

export function waivedPart({ waived }: OwnStanding, speaking: Speaking): Html | undefined {
  if (waived.length === 0) return undefined;
  const { language, times } = speaking;
  const { my } = language.page;
  const rows = waived.map(
    (asked) => html`<li><strong>${asked.text.title}</strong>
<p>${seenWords(asked, speaking)}</p>
<p>${my.waivedUntil(times.until(asked.judged?.waivedUntil ?? 0))}</p></li>`,
  );
  return card(my.waived, html`<ul class="rows">${rows}</ul>`);
}

/** What is asked and so, with what proves it; nothing where all that is asked stands in another part. */
export function askedPart(
  { good, ...others }: OwnStanding,
  sections: readonly ReportedRecord[],
  speaking: Speaking,
): Html | undefined {
  const { my } = speaking.language.page;
  const { wrong, mended, unknown, waived } = others;
  if (good.length + wrong.length + mended.length + unknown.length + waived.length === 0)
    return card(my.asked, html`<p>${my.nothingAsked}</p>`);
  if (good.length === 0) return undefined;
  const evidenceOf = (check: string) =>
    sections.find(({ section }) => check === `policy-verified:${section}`)?.evidence ?? [];
  return card(
    my.asked,
    html`<p>${my.askedLead}</p>${rowsOf(good, speaking, (check) => proof(evidenceOf(check), speaking))}`,
  );
}

/** For whoever helps: English, as the device reports it. */
function proof(evidence: ReportedRecord['evidence'], { language }: Speaking): Html | undefined {
  if (evidence.length === 0) return undefined;
  const lines = evidence.slice(0, 30).map(({ item, seen }) => html`<li>${item}: ${seen}</li>`);
  return html`<details><summary>${language.page.my.proof}</summary><ul class="small" lang="en">${lines}</ul></details>`;
}

export function minorPart({ minor }: OwnStanding, speaking: Speaking): Html | undefined {
  const { my } = speaking.language.page;
  if (minor.length === 0) return undefined;
  const fixes = new Map(minor.map(({ check, text }) => [check, text.fix]));
  const rows = rowsOf(minor, speaking, (check) => html`<p>${fixes.get(check)}</p>`);
  return card(my.minor, html`<p>${my.minorLead}</p>${rows}`);
}

function rowsOf(
  asked: readonly Asked[],
  speaking: Speaking,
  more: (check: string) => Html | undefined = () => undefined,
): Html {
  const rows = asked.map(
    (one) => html`<li><strong>${one.text.title}</strong>
<p>${seenWords(one, speaking)}</p>${more(one.check)}</li>`,
  );
  return html`<ul class="rows">${rows}</ul>`;
}
