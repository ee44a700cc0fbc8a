import { type HelpCategory, helpCategories } from '../store/help-book.ts';
import { type Answer, empty, page } from './answer.ts';
import { type HelpProblem, ticketPrefix } from './help-part.ts';
import { myDevicePage } from './my-device-page.ts';
import { helpTokenName, myDevice } from './own-routes.ts';
import type { OwnCall } from './routes.ts';

const statusOf: Record<HelpProblem, number> = {
  tooShort: 400,
  tooLong: 400,
  tooOften: 429,
  notSaved: 500,
  stalePage: 403,
};

/** A request for help, or an answer to the helpdesk: from a form of ours alone; then the page again. */
export async function takeHelp(call: OwnCall, body: string): Promise<Answer> {
  const { asked, tokens, sources } = call;
  if (asked.isForeign) return empty(403);
  const form = new URLSearchParams(body);
  const [about, written] = [form.get('about') ?? '', form.get('words') ?? ''];
  const refused = async (problem: HelpProblem) =>
    page(statusOf[problem], myDevicePage(await myDevice(call, { problem, about, written }), call.frame));
  if (!tokens.check(helpTokenName, form.get('token') ?? '')) return await refused('stalePage');
  const ticket = sources.help.tickets.find(({ id }) => about === `${ticketPrefix}${id}`);
  const outcome = sources.help.ask(categoryOf(about), written, ticket?.id);
  return outcome.ok ? empty(303, { location: '/' }) : await refused(outcome.problem);
}

/** A ticket that is not there any more is a new matter. */
function categoryOf(about: string): HelpCategory {
  return helpCategories.find((known) => known === about) ?? 'other';
}
