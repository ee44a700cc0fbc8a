import { recordingLevel } from '../../shared/filter/recording.ts';
import type { DeviceFacts } from './device-page.ts';
import { type Html, html } from './html.ts';
import { device, levels } from './words.ts';

/** What is recorded when and where, for how long, who can look, and what never is. */
export function recordsPart({ section, place, schoolHours }: DeviceFacts): Html {
  const { settings, promises } = section;
  const atSchool = place === 'on-campus';
  const rows = [
    row(
      device.schoolHours,
      recordingLevel(settings, { place: 'on-campus', schoolHours: true }),
      atSchool && schoolHours === true,
    ),
    row(
      device.afterHours,
      recordingLevel(settings, { place: 'on-campus', schoolHours: false }),
      atSchool && schoolHours === false,
    ),
    row(device.elsewhere, recordingLevel(settings, { place: 'off-campus', schoolHours: false }), !atSchool),
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

function row(when: string, level: keyof typeof levels, isNow: boolean): Html {
  const badge = isNow ? html` <span class="badge">${device.isNow}</span>` : undefined;
  return html`<div><dt>${when}${badge}</dt><dd>${levels[level].long}</dd></div>`;
}
