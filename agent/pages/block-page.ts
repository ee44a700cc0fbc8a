import type { Decision } from '../../shared/filter/decision.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import { type Html, html } from './html.ts';
import { type Frame, layout } from './layout.ts';
import type { RequestState } from './request-book.ts';
import type { Times } from './times.ts';
import { type Why, whyBlocked } from './why.ts';
import type { PageWords } from './words/en.ts';

export interface BlockedName {
  name: string;
  decision: Decision;
  section: WebFilterSection;
  times: Times;
  words: PageWords;
  token: string;
  /** Where to come back to after asking. */
  target: string;
  frame: Frame;
  request?: RequestState | undefined;
  /** Why what was just sent was not taken, and what was written. */
  problem?: keyof PageWords['problems'] | undefined;
  written?: string | undefined;
}

/** Looked at again by browsers without scripts while a request waits. */
const lookAgainSeconds = 15;

/** What was blocked, why, by which rule, until when, whom to ask, and the form to ask with. */
export function blockPage(blocked: BlockedName): Html {
  const { name, decision, section, times, request, words } = blocked;
  const { block } = words;
  const why = whyBlocked(decision, section, times, words);
  const waits = request?.state === 'waiting';
  const body = html`<article${waits ? html` data-waiting="${name}"` : undefined}>
<h1>${block.heading}</h1>
<p class="site">${name}</p>
<p class="why">${leadsElsewhere(name, decision) ? `${block.leadsTo(why.rule ?? '')} ` : undefined}${why.sentence}</p>
${why.reason === undefined ? undefined : html`<p>${block.givenReason(why.reason)}</p>`}
${ruleRows(why, words)}
${request === undefined ? undefined : requestState(request, times, words)}
${waits ? undefined : askForm(blocked, why)}
</article>`;
  const refresh = waits ? { refreshSeconds: lookAgainSeconds } : {};
  return layout({ ...blocked.frame, title: block.title(name), body, ...refresh });
}

/** The name is not blocked (any more), but the browser still asks here. */
export function openPage(name: string, target: string, frame: Frame): Html {
  const { open } = frame.words;
  const body = html`<article>
<h1>${open.heading}</h1>
<p class="site">${name}</p>
<p role="status">${open.lead}</p>
<p><a class="button" href="${target}">${open.tryNow}</a></p>
</article>`;
  return layout({ ...frame, title: open.title(name), body });
}

/** The same, looked up on the device's own page. */
export function notBlockedPage(name: string, frame: Frame): Html {
  const { open } = frame.words;
  const body = html`<article>
<h1>${open.heading}</h1>
<p class="site">${name}</p>
<p>${open.here}</p>
<p><a class="button" href="http://${name}/">${open.go(name)}</a></p>
</article>`;
  return layout({ ...frame, title: open.title(name), body });
}

/** The rule is about another name: that of a cloaked target. */
function leadsElsewhere(name: string, { rule, layer }: Decision): boolean {
  if (rule === undefined || layer === 'schedule') return false;
  const domain = rule.replace(/^(\*\.|=)/, '').toLowerCase();
  return name !== domain && !name.endsWith(`.${domain}`);
}

function requestState({ state, reason, at }: RequestState, times: Times, { states }: PageWords): Html {
  const when = state === 'waiting' ? states.askedAt(times.at(at)) : states.decidedAt(times.at(at));
  return html`<section class="state ${state}" role="status">
<p><strong>${state === 'granted' ? states.grantOver : states[state]}</strong></p>
${state === 'waiting' ? html`<p>${states.waitingHere}</p>` : undefined}
${reason === '' ? undefined : html`<p>${states.reason(reason)}</p>`}
<p class="small">${when}</p>
</section>`;
}

function askForm(blocked: BlockedName, why: Why): Html {
  const { name, token, target, problem, written = '', section, request, words } = blocked;
  const { ask, problems } = words;
  const { heading, label, button } = why.isLocked
    ? { heading: ask.lockedHeading, label: ask.lockedLabel, button: ask.lockedButton }
    : { heading: ask.heading, label: ask.label, button: request ? ask.again : ask.button };
  const within = section.promises ? ` ${ask.within(section.promises.requestHours)}` : '';
  const complaint =
    problem === undefined ? undefined : html`<p class="problem" id="problem" role="alert">${problems[problem]}</p>`;
  return html`<section>
<h2>${heading}</h2>
${why.isLocked ? html`<p>${ask.lockedLead}</p>` : undefined}
<form method="post" action="/.rollcall/ask" accept-charset="utf-8">
<input type="hidden" name="name" value="${name}">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="target" value="${target}">
<label for="words">${label}</label>
${complaint}
<textarea id="words" name="words" rows="3" required minlength="5" maxlength="500" aria-describedby="${problem ? 'problem ' : ''}hint"${problem ? html` aria-invalid="true"` : undefined}>
${written}</textarea>
<p class="small" id="hint">${ask.hint}${within}</p>
<button type="submit">${button}</button>
</form>
${section.contact === '' ? undefined : html`<p>${ask.contact(section.contact)}</p>`}
</section>`;
}

function ruleRows({ rule, list, setBy, until }: Why, { block }: PageWords): Html {
  const rows: [string, string | undefined][] = [
    [block.list, list],
    [block.rule, rule],
    [block.setBy, setBy],
    [block.untilWhen, until],
  ];
  return html`<dl class="rule">${rows.map(([term, words]) => words && html`<div><dt>${term}</dt><dd>${words}</dd></div>`)}</dl>`;
}
