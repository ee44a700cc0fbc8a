import type { InForce } from '../../shared/filter/decision.ts';
import type { Place } from '../../shared/filter/place.ts';
import type { Override, RecordingLevel, WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { RecentBlock } from '../records/recent-blocks.ts';
import { card, listOf } from './card.ts';
import { type Html, html } from './html.ts';
import { type Frame, layout } from './layout.ts';
import type { RequestState } from './request-book.ts';
import type { Times } from './times.ts';
import { titleOf, whyBlocked } from './why.ts';
import type { PageWords } from './words/en.ts';

/** What the pages show of the filter: all of it is known on the device. */
export interface FilterFacts {
  section: WebFilterSection;
  place: Place;
  recording: RecordingLevel;
  /** Whether school is on; undefined where no calendar says. */
  schoolHours: boolean | undefined;
  inForce: InForce;
  now: number;
  times: Times;
  words: PageWords;
  requests: readonly RequestState[];
  recent: readonly RecentBlock[];
  /** What was typed that is no name of a site. */
  isBadName?: boolean;
}

/** What is filtered at which times, what was blocked lately, and what the person asked for. */
export function filterPage(facts: FilterFacts, frame: Frame): Html {
  const { device } = facts.words;
  const body = html`<h1>${device.heading}</h1>
<p class="why">${device.lead}</p>
${nowPart(facts)}
${lookUpPart(facts)}
${requestsPart(facts)}
${filteredPart(facts)}
${recentPart(facts)}`;
  return layout({ ...frame, title: device.title, body });
}

function nowPart({ place, recording, inForce, times, words: { device } }: FilterFacts): Html {
  const held = inForce.schedules.map(({ schedule, until }) =>
    Number.isFinite(until) ? device.ruleUntil(schedule.title, times.at(until)) : device.ruleHolds(schedule.title),
  );
  return card(device.now, listOf([device.place[place], device.recordedNow(recording), ...held]));
}

function lookUpPart({ isBadName, words: { device } }: FilterFacts): Html {
  return card(
    device.askHeading,
    html`<form method="get" action="/blocked">
<label for="name">${device.askLabel}</label>
${isBadName ? html`<p class="problem" id="problem" role="alert">${device.badName}</p>` : undefined}
<input id="name" name="name" type="text" inputmode="url" autocapitalize="none" autocomplete="off" spellcheck="false" required maxlength="253" placeholder="example.org" aria-describedby="${isBadName ? 'problem ' : ''}hint">
<p class="small" id="hint">${device.askHint}</p>
<button type="submit">${device.askButton}</button>
</form>`,
  );
}

function requestsPart({ requests, times, words: { device, states } }: FilterFacts): Html {
  if (requests.length === 0) return card(device.requests, html`<p>${device.noRequests}</p>`);
  const rows = requests.map(
    ({ name, state, reason, at }) => html`<li><a class="site" href="${lookUp(name)}">${name}</a>
<span class="badge ${state}">${states.short[state]}</span>
<span class="small">${state === 'waiting' ? states.askedAt(times.at(at)) : states.decidedAt(times.at(at))}</span>
${reason === '' ? undefined : html`<p>${states.reason(reason)}</p>`}</li>`,
  );
  return card(device.requests, html`<ul class="rows">${rows}</ul>`);
}

function filteredPart({ section, times, now, words }: FilterFacts): Html {
  const { device, scheduleWords } = words;
  const { settings, overrides = [] } = section;
  const titles = (categories: readonly string[]) => categories.map((category) => titleOf(category, section));
  const domains = [
    ...((settings.blockedDomains ?? []).length > 0 ? [device.blockedSites(settings.blockedDomains?.length ?? 0)] : []),
    ...((settings.allowedDomains ?? []).length > 0 ? [device.allowedSites(settings.allowedDomains?.length ?? 0)] : []),
  ];
  const { youtube = 'off' } = settings;
  const schedules = (settings.schedules ?? []).map(
    (schedule) => html`<strong>${schedule.title}</strong>: ${scheduleWords(schedule, titles(schedule.categories))}`,
  );
  const given = overrides
    .filter(({ until }) => until > now)
    .map((override) => overrideLine(override, section, times, now, words));
  const groups: [string, readonly (string | Html)[]][] = [
    [device.always, titles(settings.lockedCategories ?? [])],
    [device.blocked, titles(settings.blockedCategories ?? [])],
    [device.ownList, domains],
    [device.safeSearch, settings.safeSearch ? [device.safeSearchOn] : []],
    [device.youtube, youtube === 'off' ? [] : [device.youtubeOn[youtube]]],
    [device.timetable, schedules],
    [device.overrides, given],
  ];
  const shown = groups.map(
    ([heading, items]) =>
      items.length > 0 && html`<div><dt>${heading}</dt>${items.map((item) => html`<dd>${item}</dd>`)}</div>`,
  );
  const isNothing = groups.every(([, items]) => items.length === 0);
  return card(device.filtered, isNothing ? html`<p>${device.nothing}</p>` : html`<dl>${shown}</dl>`);
}

function overrideLine(
  { kind, domains, categories, everything, by, from, until }: Override,
  section: WebFilterSection,
  times: Times,
  now: number,
  { device, overrideWords }: PageWords,
): string {
  const names = [...categories.map((category) => titleOf(category, section)), ...domains];
  const what = overrideWords(kind, names, everything === true);
  return from > now
    ? device.overrideFrom(what, by, times.at(from), times.at(until))
    : device.overrideUntil(what, by, times.at(until));
}

function recentPart({ recent, section, times, words }: FilterFacts): Html {
  const { device } = words;
  const rows = recent.map(
    ({ name, decision, at }) => html`<li><span class="site">${name}</span>
<span class="small">${times.at(at)}</span>
<p>${whyBlocked(decision, section, times, words).sentence}</p>
<a href="${lookUp(name)}" aria-label="${device.askFor(name)}">${device.asked}</a></li>`,
  );
  const content = rows.length === 0 ? html`<p>${device.noRecent}</p>` : html`<ul class="rows">${rows}</ul>`;
  return card(device.recent, html`<p>${device.recentLead}</p>${content}`);
}

function lookUp(name: string): string {
  return `/blocked?name=${encodeURIComponent(name)}`;
}
