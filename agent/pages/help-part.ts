import { type HelpBook, type HelpTicket, helpCategories, longestHelp } from '../store/help-book.ts';
import { card } from './card.ts';
import { type Html, html } from './html.ts';
import type { Times } from './times.ts';
import type { HelpWords } from './words/help-en.ts';

export const helpPath = '/.rollcall/help';
/** Of the choice that answers a ticket; a category has no colon. */
export const ticketPrefix = 'ticket:';

export type HelpProblem = keyof HelpWords['problems'];

export interface HelpForm {
  book: Pick<HelpBook, 'tickets' | 'waiting'>;
  words: HelpWords;
  /** Proves that the form is ours. */
  token: string;
  isConnected: boolean;
  /** Why what was just sent was not taken, and what was written. */
  sent?: { problem: HelpProblem; about: string; written: string } | undefined;
}

/** What became of requests, newest first; nothing while there are none. */
export function requestsPart({ book, words, isConnected }: Omit<HelpForm, 'token'>, times: Times): Html | undefined {
  const waiting = book.waiting.filter(({ ticket }) => ticket === undefined);
  if (waiting.length + book.tickets.length === 0) return undefined;
  const rows = [
    ...waiting.map(
      (one) => html`<li><strong>${one.words}</strong> <span class="badge waiting">${words.sending}</span>
<p class="small">${words.askedAt(times.at(one.at))} ${!isConnected && words.offline}</p></li>`,
    ),
    ...book.tickets.map((ticket) => ticketRow(ticket, words, times)),
  ];
  return card(words.requests, html`<ul class="rows">${rows}</ul>`);
}

function ticketRow({ number, subject, status, openedAt, answers }: HelpTicket, words: HelpWords, times: Times): Html {
  const tone = status === 'resolved' || status === 'closed' ? 'granted' : 'waiting';
  return html`<li><strong>${words.number(number)}: ${subject}</strong> <span class="badge ${tone}">${words.states[status]}</span>
<p class="small">${words.askedAt(times.at(openedAt))}</p>
${answers.map(({ at, words: said }) => html`<p><span class="small">${words.staffWrote(times.at(at))}</span><br>${linesOf(said)}</p>`)}</li>`;
}

/** Line breaks are kept; everything else is text. */
function linesOf(said: string): Html {
  return html`${said.split('\n').map((line, index) => html`${index > 0 && html`<br>`}${line}`)}`;
}

/** The form: what it is about, a new matter or a ticket that is answered, and the words. */
export function helpForm({ book, words, token, isConnected, sent }: HelpForm): Html {
  const open = book.tickets.filter(({ status }) => status !== 'closed');
  const options = [
    ...open.map(({ id, number, subject }) => [`${ticketPrefix}${id}`, words.answerTo(number, subject)] as const),
    ...helpCategories.map((category) => [category, words.categories[category]] as const),
  ];
  const chosen = sent?.about ?? helpCategories[0];
  return html`<form method="post" action="${helpPath}" accept-charset="utf-8" id="help">
<input type="hidden" name="token" value="${token}">
<p>${words.lead}</p>
<label for="help-about">${words.about}</label>
<select id="help-about" name="about">${options.map(([value, label]) => html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`)}</select>
<label for="help-words">${words.words}</label>
${sent && html`<p class="problem" id="help-problem" role="alert">${words.problems[sent.problem]}</p>`}
<textarea id="help-words" name="words" rows="3" required minlength="5" maxlength="${String(longestHelp)}" aria-describedby="${sent ? 'help-problem ' : ''}help-hint"${sent && html` aria-invalid="true"`}>
${sent?.written ?? ''}</textarea>
<p class="small" id="help-hint">${words.hint} ${!isConnected && words.offline}</p>
<button type="submit">${words.button}</button>
</form>`;
}
