import type { OverrideView, UnblockRequestView } from '../../../shared/api/schemas.ts';
import type { Layer } from '../../../shared/filter/decision.ts';
import type { Place } from '../../../shared/filter/place.ts';
import { timeOnly } from './time.ts';

/** Words of the console for the web filter's terms. */
export const placeWords: Record<Place, string> = {
  'on-campus': 'On campus',
  'off-campus': 'Off campus',
  unknown: 'Place not known',
};

export const requestStateWords: Record<UnblockRequestView['state'], string> = {
  open: 'Waiting',
  granted: 'Granted',
  refused: 'Refused',
  expired: 'Expired',
};

export const actionWords = {
  pass: 'Passes',
  block: 'Blocked',
  rewrite: 'Sent elsewhere',
  nxdomain: 'No such name',
  nodata: 'No addresses',
} as const;

export const actionTones = { pass: 'good', block: 'bad', rewrite: 'warn', nxdomain: 'bad', nodata: 'bad' } as const;

/** What a layer is for, in words for staff. */
export const layerWords: Record<Layer, string> = {
  canary: 'So that browsers do not go around it by DNS over HTTPS',
  essential: 'The district’s own sites and the sign-in pages',
  'locked-minimum': 'Categories that nothing lifts',
  'district-block': 'Named in profiles',
  override: 'For a time, for a person, a device, a class or a school',
  allow: 'Named in profiles, open although a category holds them',
  schedule: 'By time and place',
  category: 'Lists that profiles block',
  'safe-search': 'And the restriction of YouTube',
  default: 'What no rule speaks of passes',
};

type Opened = Pick<OverrideView, 'kind' | 'domains' | 'categories' | 'everything'>;

const verbs = { allow: 'Opens', block: 'Closes', only: 'Only' } as const;

/** `Opens chess.example, category games`; `Opens everything`. */
export function overrideWords({ kind, domains, categories, everything }: Opened): string {
  if (everything) return 'Opens everything but the locked minimum';
  const names = [...domains, ...categories.map((category) => `category ${category}`)];
  const shown = names.slice(0, 4).join(', ');
  return `${verbs[kind]} ${shown || 'nothing'}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;
}

/** `until 15:05` today, `until 24 Nov, 15:05` on another day; in the reader's own zone. */
export function untilWords(at: string, now: number): string {
  const instant = new Date(at);
  const sameDay = instant.toDateString() === new Date(now).toDateString();
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(instant);
  return `until ${sameDay ? '' : `${date}, `}${timeOnly(instant.getTime())}`;
}
