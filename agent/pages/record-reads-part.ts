import type { RecordReadsMessage } from '../../shared/protocol/messages.ts';
import { card } from './card.ts';
import { type Html, html } from './html.ts';
import type { Times } from './times.ts';
import type { RecordReadWords } from './words/record-reads-en.ts';

/** Who looked at records of the person, when, as what and what for; before the server has said anything, nothing. */
export function recordReadsPart(
  said: RecordReadsMessage | undefined,
  words: RecordReadWords,
  times: Times,
): Html | undefined {
  if (!said) return undefined;
  if (said.reads.length === 0) return card(words.heading, html`<p>${words.nobody}</p>`);
  const rows = said.reads.map(({ at, by, roles, words: what, reason }) => {
    const as = roles.map((role) => words.roles[role] ?? role).join(', ');
    return html`<li><p><strong>${by}</strong>${as && html` (${as})`}</p>
<p>${what}${reason && html` ${words.reason(reason)}`}</p>
<p class="small">${times.at(at)}</p></li>`;
  });
  return card(words.heading, html`<p>${words.lead}</p><ul class="rows">${rows}</ul>`);
}
