import type { Decision, Layer } from './decision.ts';

/** What each layer is called where a decision is explained. */
export const layerTitles: Readonly<Record<Layer, string>> = {
  canary: 'Names that keep programs on this filter',
  essential: 'Essentials of the district',
  'locked-minimum': 'Locked minimum',
  'district-block': 'Blocked domains',
  override: 'Opened or closed by staff',
  allow: 'Allowed domains',
  schedule: 'Schedules',
  category: 'Blocked categories',
  'safe-search': 'Safe search',
  default: 'Everything else',
};

/** What devices count as a category where none decided (`agent/records`). */
export const countTitles: Readonly<Record<string, string>> = {
  'blocked-domains': 'Blocked domains',
  schedule: 'Closed by a schedule',
  override: 'Closed by staff',
  'no-lists': 'No usable lists',
};

const outcomes: Readonly<Record<Decision['action'], string>> = {
  pass: 'Open',
  block: 'Blocked',
  rewrite: 'Answered with the filtered service',
  nxdomain: 'Answered as not existing',
  nodata: 'Answered without addresses',
};

export interface DecisionNames {
  /** Category → its title. */
  category(id: string): string;
  /** An instant in words, in the zone of the reader. */
  time(at: number): string;
}

/** One sentence: `Blocked: category Gambling (bets.example), set by “All students”, until 15:05.` */
export function decisionWords(decision: Decision, names: DecisionNames): string {
  const { action, until, assignment, target } = decision;
  const goes = target === undefined ? '' : ` (${target})`;
  const by = assignment === undefined ? '' : `, set by “${assignment}”`;
  const ends = until === undefined ? '' : `, until ${names.time(until)}`;
  return `${outcomes[action]}${goes}: ${reasonOf(decision, names)}${by}${ends}.`;
}

function reasonOf({ layer, category, rule }: Decision, names: DecisionNames): string {
  const matched = rule === undefined ? '' : ` (${rule})`;
  if (category !== undefined) {
    const locked = layer === 'locked-minimum' ? ' on the locked minimum' : '';
    return `category ${names.category(category)}${locked}${matched}`;
  }
  switch (layer) {
    case 'default':
      return 'no rule speaks of this name';
    case 'schedule':
      return `schedule “${rule ?? ''}”`;
    default:
      return `${layerTitles[layer].toLowerCase()}${matched}`;
  }
}
