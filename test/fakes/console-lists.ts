import type { CatalogueEntry, ListView } from '../../shared/api/schemas.ts';
import { ago } from './console-district.ts';

const hour = 3_600_000;

export const list = (category: string, title: string, names: number, about: Partial<ListView> = {}): ListView => ({
  category,
  title,
  source: `https://lists.example.org/${category}.txt`,
  licence: 'CC BY-SA 4.0',
  names,
  hash: 'ab'.repeat(32),
  updatedAt: ago(60 * hour),
  skipped: 0,
  format: 'hosts',
  url: `https://lists.example.org/${category}.txt`,
  refreshHours: 24,
  refreshedAt: ago(5 * hour),
  refreshProblem: null,
  exceptions: [],
  rollout: null,
  ...about,
});

export const lists: ListView[] = [
  list('adult', 'Adult', 812_450, {
    skipped: 12,
    exceptions: ['health.example', 'www.museum.example'],
    rollout: {
      state: 'halted',
      percent: 5,
      names: 812_611,
      added: 190,
      removed: 29,
      since: ago(3 * hour),
      reason: 'Probes failed on 3 of 12 devices: lap-1004 still reached casino.example.',
    },
  }),
  list('gambling', 'Gambling', 48_112, {
    format: 'adblock',
    rollout: {
      state: 'running',
      percent: 25,
      names: 48_270,
      added: 170,
      removed: 12,
      since: ago(hour),
      reason: null,
    },
  }),
  list('malware', 'Malware', 301_555, {
    format: 'rpz',
    skipped: 3,
    refreshProblem: 'The address answers 404: the list was moved or withdrawn.',
  }),
  list('games', 'Games', 912, {
    format: 'domains',
    source: 'games-2026.txt, from the media specialists',
    licence: 'Our own',
    url: null,
    refreshHours: null,
    refreshedAt: null,
  }),
];

export const catalogue: CatalogueEntry[] = [
  {
    category: 'malware',
    title: 'URLhaus host file',
    description: 'Hosts that hand out malware now, gathered by abuse.ch.',
    url: 'https://urlhaus.example/downloads/hostfile/',
    licence: 'CC0 1.0',
    homepage: 'https://urlhaus.example/',
  },
  {
    category: 'adult',
    title: 'University adult list',
    description: 'Sites for adults, kept by a university since 2001.',
    url: 'https://dsi.example/blacklists/adult.txt',
    licence: 'CC BY-SA 4.0',
    homepage: 'https://dsi.example/blacklists/',
  },
];
