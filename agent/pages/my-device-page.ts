import { createHash } from 'node:crypto';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';
import type { PastLook } from '../diagnostics/session/past-looks.ts';
import { card, listOf, termsOf } from './card.ts';
import type { FilterFacts } from './filter-page.ts';
import { type HelpForm, helpForm, requestsPart } from './help-part.ts';
import { type Html, html } from './html.ts';
import { type Frame, layout } from './layout.ts';
import { pastLooksPart } from './look-banner.ts';
import {
  askedPart,
  correctedPart,
  minorPart,
  obligationsPart,
  unknownPart,
  waivedPart,
  wrongPart,
} from './own-parts.ts';
import { type OwnStanding, ownStanding } from './own-standing.ts';
import type { OwnView } from './own-view.ts';
import { recordReadsPart } from './record-reads-part.ts';
import { recordsPart } from './records-part.ts';
import type { Times } from './times.ts';
import { toldPart } from './told-part.ts';
import type { Language } from './words/languages.ts';

/** What the page of the device shows. */
export interface MyDevice {
  view: OwnView;
  /** Looks of the helpdesk, the newest first. */
  past: readonly PastLook[];
  language: Language;
  times: Times;
  now: number;
  /** Proves that the form of the button is ours. */
  token: string;
  look: { isUnderWay: boolean; endedAt: number | undefined };
  /** The filter in force, if there is one. */
  filter: FilterFacts | undefined;
  /** Requests for help, and the form. */
  help: HelpForm;
  /** Why the button did nothing. */
  problem?: 'tooSoon' | 'tooOften' | 'stalePage' | undefined;
}

/** A look ended no longer ago than this is "just now". */
const justNowMs = 60_000;
/** While the device looks, browsers without scripts load the page again after this. */
const lookAgainSeconds = 3;

export const checkAgainPath = '/.rollcall/check-again';

/** "My device": what is wrong first, then what is asked, recorded, and whom to ask. */
export function myDevicePage(device: MyDevice, frame: Frame): Html {
  const { language, look } = device;
  const { my } = language.page;
  const live = liveParts(device);
  const body = html`<h1>${my.heading}</h1>
<div data-live>${live.summary}</div>
${checkAgainPart(device)}
<div data-live>${live.details}</div>
<p class="unseen" id="said" role="status" data-version="${versionOf(live)}"></p>
${recordedPart(device)}
${pastLooksPart(device.past, language.page.looks, device.times)}
${recordReadsPart(device.view.recordReads, language.page.recordReads, device.times)}
${helpPart(device)}`;
  const refresh = look.isUnderWay ? { refreshSeconds: lookAgainSeconds } : {};
  return layout({ ...frame, title: my.title, body, ...refresh });
}

/** Names what the live parts say: another one when a person would read something else. */
export function liveVersion(device: MyDevice): string {
  return versionOf(liveParts(device));
}

/** What a browser with scripts keeps up to date without loading the page again. */
interface Live {
  summary: Html;
  details: Html;
}

function versionOf({ summary, details }: Live): string {
  return createHash('sha256').update(summary.text).update(details.text).digest('base64url').slice(0, 22);
}

function liveParts(device: MyDevice): Live {
  const { view, language, times, now } = device;
  const standing = ownStanding(view, language.checks, now);
  const about = { language, times, now, isConnected: view.connection.connected };
  return {
    summary: html`${toldPart(view.told, { words: language.page.my.told, times, token: device.token })}${summaryPart(device, standing)}`,
    details: html`${requestsPart(device.help, times)}
${wrongPart(standing, about)}
${obligationsPart(view.received?.verdict.obligations ?? [], about)}
${correctedPart(view.corrections, about)}
${unknownPart(standing, about)}
${waivedPart(standing, about)}
${askedPart(standing, view.sections, about)}
${minorPart(standing, about)}`,
  };
}

function summaryPart(device: MyDevice, standing: OwnStanding): Html {
  const { view, language } = device;
  const { my } = language.page;
  const verdict = view.received?.verdict;
  const { tone, heading, lead } = summaryOf(standing, verdict, my);
  return html`<section class="summary ${tone}">
<h2>${heading}</h2>
<p>${lead}</p>
${verdict && stepWords(device, verdict, standing.wrong.length > 0)}
<p class="small">${freshness(device).map((line) => html`<span>${line}</span> `)}</p>
${view.connection.connected ? undefined : html`<p class="offline">${offlineWords(device)}</p>`}
</section>`;
}

/** How far it has come, what is narrowed and the way out, and what comes next. */
function stepWords(device: MyDevice, verdict: VerdictMessage, isWrong: boolean): Html | undefined {
  const { language, times } = device;
  const { my } = language.page;
  const isRestricted = verdict.restrictedSince !== undefined;
  const step = isRestricted ? 'restrict' : verdict.step;
  if (step === 'none' || !isWrong) return undefined;
  const next = step === 'remind' ? my.nextLimits : my.nextStep;
  return html`<p><strong>${my.step[step]}</strong></p>
${isRestricted && restrictionWords(device, verdict)}
${step !== 'restrict' && verdict.nextStepAt !== undefined && html`<p>${next(times.until(verdict.nextStepAt))}</p>`}`;
}

function summaryOf(
  { wrong, unknown, mended, good }: OwnStanding,
  verdict: VerdictMessage | undefined,
  my: Language['page']['my'],
): { tone: string; heading: string; lead: string } {
  if (wrong.length > 0) return { tone: 'bad', heading: my.wrongCount(wrong.length), lead: my.wrongLead };
  if (!verdict) return { tone: 'calm', heading: my.notJudged, lead: my.notJudgedLead };
  if (verdict.restrictedSince !== undefined) return { tone: 'calm', heading: my.ending, lead: my.endingLead };
  if (unknown.length > 0 || good.length + mended.length === 0)
    return { tone: 'calm', heading: my.notKnown, lead: my.notKnownLead };
  return { tone: 'good', heading: my.allWell, lead: my.allWellLead };
}

/** What is narrowed, and the way out. */
function restrictionWords({ language, times }: MyDevice, { restrictedSince = 0, restriction }: VerdictMessage): Html {
  const { my } = language.page;
  return html`<p>${my.restrictedSince(times.at(restrictedSince))} ${restriction && my.restriction(restriction)} ${my.restrictionWhat}
<a href="/filter">${my.restrictionSee}</a></p>
<p><strong>${my.wayOut}</strong></p>`;
}

function freshness({ view, language, times, now, look }: MyDevice): string[] {
  const { my } = language.page;
  const { received } = view;
  const looked = look.isUnderWay
    ? [my.looking]
    : look.endedAt === undefined
      ? []
      : [now - look.endedAt < justNowMs ? my.lookedNow : my.lookedAt(times.at(look.endedAt))];
  return [...looked, ...(received ? [my.judgedAt(times.at(received.receivedAt))] : [])];
}

function offlineWords({ view, language, times }: MyDevice): string {
  const { my } = language.page;
  const { since } = view.connection;
  return since === undefined ? my.offline : my.offlineSince(times.at(since));
}

function checkAgainPart({ token, language, problem, look }: MyDevice): Html {
  const { my } = language.page;
  return html`<form class="again" method="post" action="${checkAgainPath}" accept-charset="utf-8" data-busy="${my.checkBusy}" data-failed="${my.checkFailed}">
<input type="hidden" name="token" value="${token}">
<p class="problem" id="again-problem" role="alert"${problem ? undefined : html` hidden`}>${problem && my[problem]}</p>
<button type="submit" data-idle="${my.checkAgain}"${look.isUnderWay ? html` aria-busy="true"` : undefined}>${look.isUnderWay ? my.checkBusy : my.checkAgain}</button>
<span class="small">${my.checkHint}</span>
<p><a href="#help">${my.help}</a></p>
</form>`;
}

function recordedPart({ language, filter }: MyDevice): Html {
  const { my, device } = language.page;
  const sites = filter ? recordsPart(filter) : card(device.recorded, html`<p>${my.noFilter}</p>`);
  return html`${sites}${card(my.alsoRecorded, listOf(my.alsoRecordedList))}`;
}

function helpPart({ view, language, filter, help }: MyDevice): Html {
  const { my, device } = language.page;
  const contact = view.received?.verdict.contact ?? filter?.section.contact ?? '';
  return card(
    my.help,
    html`<p>${contact === '' ? my.helpSchool : my.helpAsk(contact)}</p>
<p>${my.helpAlways}</p>
${helpForm(help)}
${termsOf([
  [device.deviceId, view.name === undefined ? view.deviceId : html`<strong>${view.name}</strong> (${view.deviceId})`],
  [device.district, view.district],
  [device.version, `Rollcall ${view.agentVersion}`],
])}`,
  );
}
