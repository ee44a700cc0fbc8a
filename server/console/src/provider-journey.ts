import { call } from './api.ts';
import { returnPath } from './search.ts';

const key = 'rollcall-provider';

interface Journey {
  /** Without it nobody can end what this tab began. */
  ticket: string;
  place: string;
}

/** Leaves for a provider, which sends the browser back to /sign-in/provider. */
export async function goToProvider(provider: string, purpose: 'sign-in' | 'link', place: string): Promise<void> {
  const { url, ticket } = await call('startProvider', { body: { provider, purpose } });
  sessionStorage.setItem(key, JSON.stringify({ ticket, place } satisfies Journey));
  window.location.assign(url);
}

/** What this tab left with, once. */
export function takeJourney(): Journey | undefined {
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  if (kept === null) return undefined;
  const { ticket, place } = JSON.parse(kept) as Journey;
  return { ticket, place: returnPath(place) };
}
