import type { InForce } from '../../shared/filter/decision.ts';
import type { Place } from '../../shared/filter/place.ts';
import type { Override, RecordingLevel, WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { RecentBlock } from '../records/recent-blocks.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { recordsPart } from './records-part.ts';
import type { RequestState } from './request-book.ts';
import type { Times } from './times.ts';
import { titleOf, whyBlocked } from './why.ts';
import { device, overrideWords, scheduleWords, states } from './words.ts';

/** What the device's own page shows: all of it is known on the device. */
export interface DeviceFacts {
  deviceId: string;
  agentVersion: string;
  section: WebFilterSection;
  place: Place;
  recording: RecordingLevel;
  /** Whether school is on; undefined where no calendar says. */
  schoolHours: boolean | undefined;
  inForce: InForce;
  now: number;
  times: Times;
  requests: readonly RequestState[];
  recent: readonly RecentBlock[];
  /** What was typed that is no name of a site. */
  isBadName?: boolean;
}

/** "This device": what is filtered and recorded, for how long, who can look, and what the person asked for. */
export function devicePage(facts: DeviceFacts): Html {
  const body = html`<h1>${device.heading}</h1>
<p class="why">${device.lead}</p>
${nowPart(facts)}
${lookUpPart(facts)}
${requestsPart(facts)}
${filteredPart(facts)}
${recordsPart(facts)}
${recentPart(facts)}
${aboutPart(facts)}`;
  return layout({ title: device.title, district: facts.section.district ?? '', body });
}

function card(heading: string, content: Html | readonly Html[]): Html {
  return html`<section class="card">
<h2>${heading}</h2>
${content}
</section>
`;
}

function listOf(items: readonly (string | Html)[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function nowPart({ place, recording, inForce, times }: DeviceFacts): Html {
  const held = inForce.schedules.map(({ schedule, until }) =>
    Number.isFinite(until) ? device.ruleUntil(schedule.title, times.at(until)) : device.ruleHolds(schedule.title),
  );
  return card(device.now, listOf([device.place[place], device.recordedNow(recording), ...held]));
}

function lookUpPart({ isBadName }: DeviceFacts): Html {
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

function requestsPart({ requests, times }: DeviceFacts): Html {
  if (requests.length === 0) return card(device.requests, html`<p>${device.noRequests}</p>`);
  const rows = requests.map(
    ({ name, state, reason, at }) => html`<li><a class="site" href="${lookUp(name)}">${name}</a>
<span class="badge ${state}">${states.short[state]}</span>
<span class="small">${state === 'waiting' ? states.askedAt(times.at(at)) : states.decidedAt(times.at(at))}</span>
${reason === '' ? undefined : html`<p>${states.reason(reason)}</p>`}</li>`,
  );
  return card(device.requests, html`<ul class="rows">${rows}</ul>`);
}

function filteredPart({ section, times, now }: DeviceFacts): Html {
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
    .map((override) => overrideLine(override, section, times, now));
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
): string {
  const names = [...categories.map((category) => titleOf(category, section)), ...domains];
  const what = overrideWords(kind, names, everything === true);
  return from > now
    ? device.overrideFrom(what, by, times.at(from), times.at(until))
    : device.overrideUntil(what, by, times.at(until));
}

function recentPart({ recent, section, times }: DeviceFacts): Html {
  const rows = recent.map(
    ({ name, decision, at }) => html`<li><span class="site">${name}</span>
<span class="small">${times.at(at)}</span>
<p>${whyBlocked(decision, section, times).sentence}</p>
<a href="${lookUp(name)}" aria-label="${device.askFor(name)}">${device.asked}</a></li>`,
  );
  const content = rows.length === 0 ? html`<p>${device.noRecent}</p>` : html`<ul class="rows">${rows}</ul>`;
  return card(device.recent, html`<p>${device.recentLead}</p>${content}`);
}

function aboutPart({ deviceId, agentVersion, section }: DeviceFacts): Html {
  const rows: [string, string][] = [
    [device.district, section.district ?? ''],
    [device.contact, section.contact],
    [device.deviceId, deviceId],
    [device.version, `Rollcall ${agentVersion}`],
  ];
  const shown = rows
    .filter(([, words]) => words !== '')
    .map(([term, words]) => html`<div><dt>${term}</dt><dd>${words}</dd></div>`);
  return card(device.about, html`<dl>${shown}</dl>`);
}

function lookUp(name: string): string {
  return `/blocked?name=${encodeURIComponent(name)}`;
}
