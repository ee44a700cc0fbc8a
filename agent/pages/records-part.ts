import { recordingLevel } from '../../shared/filter/recording.ts';
import type { RecordingLevel } from '../../shared/profile/web-filter.ts';
import type { FilterFacts } from './filter-page.ts';
import { type Html, html } from './html.ts';
import type { PageWords } from './words/en.ts';

/** What is recorded when and where, for how long, who can look, and what never is. */
export function recordsPart({ section, place, schoolHours, words }: FilterFacts): Html {
  const { device } = words;
  const { settings, promises } = section;
  const atSchool = place === 'on-campus';
  const rows = [
    row(
      words,
      device.schoolHours,
      recordingLevel(settings, { place: 'on-campus', schoolHours: true }),
      atSchool && schoolHours === true,
    ),
    row(
      words,
      device.afterHours,
      recordingLevel(settings, { place: 'on-campus', schoolHours: false }),
      atSchool && schoolHours === false,
    ),
    row(words, device.elsewhere, recordingLevel(settings, { place: 'off-campus', schoolHours: false }), !atSchool),
  ];
  const kept = promises
    ? `${device.namesKept(promises.namesKeptDays)} ${device.countsKept(promises.countsKeptDays)}`
    : device.keptByDistrict;
  return html`<section class="card">
<h2>${device.recorded}</h2>
<dl>${rows}</dl>
<p>${kept}</p>
<p>${device.whoLooks}</p>
<h3>${device.never}</h3>
<ul>${device.neverList.map((item) => html`<li>${item}</li>`)}</ul>
<p>${device.neverWhy}</p>
</section>
`;
}

function row({ device, levels }: PageWords, when: string, level: RecordingLevel, isNow: boolean): Html {
  const badge = isNow ? html` <span class="badge">${device.isNow}</span>` : undefined;
  return html`<div><dt>${when}${badge}</dt><dd>${levels[level].long}</dd></div>`;
}
