import { card } from './card.ts';
import { type Html, html } from './html.ts';
import type { OwnView } from './own-view.ts';
import type { Times } from './times.ts';
import type { PageWords } from './words/en.ts';

export const postponePath = '/.rollcall/postpone';

export interface Telling {
  words: PageWords['my']['told'];
  times: Times;
  /** Proves that the form of the button is ours. */
  token: string;
}

/** What the district told by commands: lost mode, a restart that comes, messages of the last day. */
export function toldPart(told: OwnView['told'], telling: Telling): Html | undefined {
  if (!told || (!told.lost && !told.restart && told.messages.length === 0)) return undefined;
  return html`${told.lost && lostPart(told.lost, telling)}
${told.restart && restartPart(told.restart, telling)}
${told.messages.map(({ title, words, at }) => card(title, html`<p>${words}</p><p class="small">${telling.times.at(at)}</p>`))}`;
}

type Shown = NonNullable<OwnView['told']>;

function lostPart({ words, contact }: NonNullable<Shown['lost']>, { words: my }: Telling): Html {
  return html`<section class="summary bad" role="alert">
<h2>${my.lost}</h2>
<p>${words}</p>
<p><strong>${contact}</strong></p>
</section>`;
}

function restartPart({ at, postpones }: NonNullable<Shown['restart']>, { words: my, times, token }: Telling): Html {
  return html`<section class="summary calm" role="alert">
<h2>${my.restart(times.at(at))}</h2>
<p>${my.restartLead}</p>
${
  postpones > 0 &&
  html`<form method="post" action="${postponePath}" accept-charset="utf-8">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="at" value="${String(at)}">
<button type="submit">${my.postpone}</button> <span class="small">${my.postpones(postpones)}</span>
</form>`
}
</section>`;
}
