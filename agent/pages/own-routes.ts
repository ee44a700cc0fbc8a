import { type Answer, empty, json, page } from './answer.ts';
import type { HelpForm } from './help-part.ts';
import { liveVersion, type MyDevice, myDevicePage } from './my-device-page.ts';
import type { OwnCall } from './routes.ts';
import { Times } from './times.ts';

/** No name of a site has a slash: the token serves nothing else. */
const tokenName = '/check-again';
export const helpTokenName = '/help';
/** Shorter than the patience of the server for a connection. */
const waitMs = 3_500;

/** "My device". */
export async function answerOwn(call: OwnCall): Promise<Answer> {
  return page(200, myDevicePage(await myDevice(call), call.frame));
}

/** For the script of the page: whether it says something else by now. */
export async function answerVersion(call: OwnCall): Promise<Answer> {
  if (call.asked.isForeign || call.asked.method === 'POST') return empty(403);
  return json({ version: liveVersion(await myDevice(call)), isLooking: call.sources.fresh.isUnderWay });
}

/** The button: a look at everything now, from a form of ours alone and within limits; then the page again. */
export async function takeCheckAgain(call: OwnCall, body: string): Promise<Answer> {
  const { asked, tokens, sources } = call;
  if (asked.isForeign) return empty(403);
  if (!tokens.check(tokenName, new URLSearchParams(body).get('token') ?? ''))
    return await refused(call, 403, 'stalePage');
  const answer = sources.fresh.ask();
  if (answer !== 'begun') return await refused(call, 429, answer);
  await sources.fresh.through(waitMs);
  return empty(303, { location: '/' });
}

/** The button of a restart that comes: the one the page showed, for as long as the district said. */
export async function takePostpone(call: OwnCall, body: string): Promise<Answer> {
  const { asked, tokens, sources } = call;
  const form = new URLSearchParams(body);
  if (asked.isForeign) return empty(403);
  if (!tokens.check(tokenName, form.get('token') ?? '')) return await refused(call, 403, 'stalePage');
  const restart = sources.own().told?.restart;
  if (restart && String(restart.at) === form.get('at')) restart.postpone();
  return empty(303, { location: '/' });
}

async function refused(call: OwnCall, status: number, problem: NonNullable<MyDevice['problem']>): Promise<Answer> {
  return page(status, myDevicePage({ ...(await myDevice(call)), problem }, call.frame));
}

/** What the page shows; `sent`: a request for help that was not taken. */
export async function myDevice(
  { sources, moment, language, tokens }: OwnCall,
  sent?: HelpForm['sent'],
): Promise<MyDevice> {
  const { fresh, help: book } = sources;
  const view = sources.own();
  const now = sources.now();
  const zone = view.received?.verdict.zone ?? moment?.section.calendar?.zone;
  return {
    view,
    past: sources.looks.past,
    help: {
      ...{ book, words: language.page.help, token: tokens.of(helpTokenName), sent },
      isConnected: view.connection.connected,
    },
    language,
    now,
    times: new Times(now, zone, language.page),
    token: tokens.of(tokenName),
    look: { isUnderWay: fresh.isUnderWay, endedAt: fresh.endedAt },
    filter: await moment?.filterFacts([]),
  };
}
