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
  canary: 'Names that tell browsers to keep to this filter',
  essential: 'The district’s own sites and the sign-in pages',
  'locked-minimum': 'Categories that nothing lifts',
  'district-block': 'Blocked domains of profiles',
  override: 'Opened or closed for a time by staff',
  allow: 'Allowed domains of profiles',
  schedule: 'Schedules that hold at that time and place',
  category: 'Blocked categories of profiles',
  'safe-search': 'Safe search and YouTube restriction',
  default: 'What nothing else decides',
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
