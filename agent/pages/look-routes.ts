import { createHash } from 'node:crypto';
import type { LookNow } from '../diagnostics/session/desk.ts';
import { type Answer, empty, json, page } from './answer.ts';
import type { FormTokens } from './form-tokens.ts';
import { layout } from './layout.ts';
import { type BannerFacts, bannerVersion, bundlePreview, type Looks, lookBanner } from './look-banner.ts';
import type { OwnCall } from './routes.ts';

/** No name of a site has a slash: the token serves nothing else, and no other look. */
export function lookToken(tokens: FormTokens, id: string): string {
  return tokens.of(`/look/${id}`);
}

/** For exactly these files: a page that shows what was asked for before sends nothing of what was asked for since. */
function bundleName({ id, bundle }: Pick<LookNow, 'id' | 'bundle'>): string {
  return `/bundle/${id}/${createHash('sha256')
    .update(JSON.stringify(bundle ?? []))
    .digest('hex')}`;
}

/** For the script of the own pages: whether the banner says something else by now. */
export function answerLookVersion({ asked, frame }: OwnCall): Answer {
  if (asked.isForeign || asked.method === 'POST') return empty(403);
  return json({ version: bannerVersion(frame.look) });
}

/** Allow, refuse or stop: from a form of ours for this very look. Then the page again, which says how it stands. */
export function takeLookAnswer({ asked, sources, tokens }: OwnCall, body: string): Answer {
  const form = new URLSearchParams(body);
  const [id, act] = [(form.get('id') ?? '').slice(0, 64), form.get('act')];
  if (asked.isForeign || !tokens.check(`/look/${id}`, form.get('token') ?? '')) return empty(403);
  if (act === 'allow' || act === 'refuse') sources.looks.answer(id, act === 'allow');
  else if (act === 'stop') sources.looks.stop(id);
  else return empty(400);
  return empty(303, { location: '/' });
}

/** The person's word about the very text they read; where it is another by now, they read that first. */
export async function takeBundleAnswer({ asked, sources, tokens }: OwnCall, body: string): Promise<Answer> {
  const form = new URLSearchParams(body);
  const { looks } = sources;
  const [id, act] = [(form.get('id') ?? '').slice(0, 64), form.get('act')];
  if (asked.isForeign) return empty(403);
  if (looks.now?.id !== id || !tokens.check(bundleName(looks.now), form.get('token') ?? ''))
    return empty(303, { location: '/bundle' });
  if (act !== 'send' && act !== 'keep') return empty(400);
  await looks.sendBundle(id, act === 'send');
  return empty(303, { location: '/' });
}

/** What is in the support bundle that waits for the person. */
export function answerBundle({ sources, language, tokens, frame }: OwnCall): Answer {
  const { looks: words } = language.page;
  const look = sources.looks.now;
  if (!look?.bundle) return empty(303, { location: '/' });
  const body = bundlePreview({ look, words, token: tokens.of(bundleName(look)) });
  return page(200, layout({ ...frame, title: words.bundleTitle, body }));
}

export function bannerOf(facts: Omit<BannerFacts, 'look' | 'token'>, looks: Looks, tokens: FormTokens) {
  const look = looks.now;
  return look && lookBanner({ ...facts, look, token: lookToken(tokens, look.id) });
}
