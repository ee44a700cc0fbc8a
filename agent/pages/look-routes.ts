import { type Answer, empty, json, page } from './answer.ts';
import type { FormTokens } from './form-tokens.ts';
import { layout } from './layout.ts';
import { type BannerFacts, bannerVersion, bundlePreview, type Looks, lookBanner } from './look-banner.ts';
import type { OwnCall } from './routes.ts';

/** No name of a site has a slash: the token serves nothing else, and no other look. */
export function lookToken(tokens: FormTokens, id: string): string {
  return tokens.of(`/look/${id}`);
}

/** For the script of the own pages: whether the banner says something else by now. */
export function answerLookVersion({ asked, frame }: OwnCall): Answer {
  if (asked.isForeign || asked.method === 'POST') return empty(403);
  return json({ version: bannerVersion(frame.look) });
}

/** Allow, refuse or stop: from a form of ours for this very look. Then the page again, which says how it stands. */
export async function takeLookAnswer(call: OwnCall, body: string): Promise<Answer> {
  return await taken(call, body, async (looks, id, act) => {
    if (act === 'allow' || act === 'refuse') looks.answer(id, act === 'allow');
    else if (act === 'stop') looks.stop(id);
    else return false;
    return true;
  });
}

export async function takeBundleAnswer(call: OwnCall, body: string): Promise<Answer> {
  return await taken(call, body, async (looks, id, act) => {
    if (act !== 'send' && act !== 'keep') return false;
    await looks.sendBundle(id, act === 'send');
    return true;
  });
}

async function taken(
  { asked, sources, tokens }: OwnCall,
  body: string,
  act: (looks: Looks, id: string, act: string) => Promise<boolean>,
): Promise<Answer> {
  const form = new URLSearchParams(body);
  const id = (form.get('id') ?? '').slice(0, 64);
  if (asked.isForeign || !tokens.check(`/look/${id}`, form.get('token') ?? '')) return empty(403);
  const wasKnown = await act(sources.looks, id, form.get('act') ?? '');
  return wasKnown ? empty(303, { location: '/' }) : empty(400);
}

/** What is in the support bundle that waits for the person. */
export function answerBundle({ sources, language, tokens, frame }: OwnCall): Answer {
  const { looks: words } = language.page;
  const look = sources.looks.now;
  if (!look?.bundle) return empty(303, { location: '/' });
  const body = bundlePreview({ look, words, token: lookToken(tokens, look.id) });
  return page(200, layout({ ...frame, title: words.bundleTitle, body }));
}

export function bannerOf(facts: Omit<BannerFacts, 'look' | 'token'>, looks: Looks, tokens: FormTokens) {
  const look = looks.now;
  return look && lookBanner({ ...facts, look, token: lookToken(tokens, look.id) });
}
