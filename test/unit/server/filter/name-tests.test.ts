import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NameTestService } from '../../../../server/filter/name-tests.ts';
import { OpenLists } from '../../../../server/filter/open-lists.ts';
import { compileNames } from '../../../../shared/filter/compiled.ts';
import type { WebFilterSection } from '../../../../shared/profile/web-filter.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const at = Date.parse('2026-11-20T18:30:00Z');
const artifact = compileNames(['bets.example', 'social.example']);
const hash = createHash('sha256').update(artifact).digest('hex');
const section: WebFilterSection = {
  settings: {
    blockedCategories: ['gambling'],
    safeSearch: true,
    allowedDomains: ['social.example'],
  },
  lists: [{ category: 'gambling', title: 'Gambling', hash, bytes: artifact.byteLength, names: 2 }],
  contact: 'the library',
  origins: { blockedCategories: [{ profile: 'All students', count: 1 }] },
  overrides: [
    {
      ...{ id: 'o1', kind: 'allow', domains: ['bets.example'], categories: [], from: at, until: at + 3_600_000 },
      ...{ reason: 'maths', by: 'Ada Byron' },
    },
  ],
};

describe('testing a name', () => {
  let folder: string;
  let service: NameTestService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-names-'));
    await writeFile(join(folder, hash), artifact);
    const lists = new OpenLists({ artifactPath: async (wanted) => (wanted === hash ? join(folder, hash) : undefined) });
    const subject = { deviceId: 'd1', person: { id: 'p1', name: 'Mia Moon' }, section };
    service = new NameTestService({
      subjects: {
        ofDevice: async (id) =>
          id === 'bare' ? { ...subject, section: undefined } : id === 'd1' ? subject : undefined,
        ofPerson: async (id) => (id === 'p1' ? subject : undefined),
      },
      lists,
      clock: new FakeClock(at - 60_000),
    });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const cases: [string, string, string | undefined, string][] = [
    [
      'a name on a list',
      'bets.example',
      undefined,
      'Blocked: category Gambling (bets.example), set by “All students”.',
    ],
    ['a pasted web address', 'https://www.bets.example:8443/win?x=1', undefined, 'category Gambling (bets.example)'],
    ['a host with a path', 'bets.example/win', undefined, 'category Gambling'],
    ['an allowed name', 'social.example', undefined, 'Open: allowed domains (social.example)'],
    ['a name nothing speaks of', 'news.example', undefined, 'Open: no rule speaks of this name.'],
    ['a search engine', 'www.bing.com', undefined, 'filtered service (strict.bing.com)'],
    ['a name while an override holds', 'bets.example', '2026-11-20T19:00:00Z', 'Open: opened or closed by staff'],
    ['a name when the override has ended', 'bets.example', '2026-11-20T19:30:00Z', 'Blocked: category Gambling'],
    ['a time with an offset', 'bets.example', '2026-11-20T13:00:00-06:00', 'Open: opened or closed by staff'],
  ];
  it.each(cases)('says what becomes of %s', async (_words, name, when, expected) => {
    const test = await service.test({ name, deviceId: 'd1', ...(when ? { at: when } : {}) });
    expect(test.words).toContain(expected);
    expect(test.chain.filter(({ decides }) => decides)).toHaveLength(1);
    expect(test.chain.find(({ decides }) => decides)?.says).toEqual(test.decision);
  });

  it('says until when an override opens a name', async () => {
    const { decision } = await service.test({ name: 'bets.example', personId: 'p1', at: '2026-11-20T19:00:00Z' });
    expect(decision.until).toBe('2026-11-20T19:30:00.000Z');
  });

  const refused: [string, Parameters<NameTestService['test']>[0], string][] = [
    ['what is no name', { name: 'two words', deviceId: 'd1' }, 'bad-request'],
    ['a name that is too long', { name: `${'a'.repeat(64)}.example`, deviceId: 'd1' }, 'bad-request'],
    ['nobody', { name: 'a.example' }, 'bad-request'],
    ['an unknown device', { name: 'a.example', deviceId: 'd9' }, 'not-found'],
    ['an unknown person', { name: 'a.example', personId: 'p9' }, 'not-found'],
    ['a device without a web filter', { name: 'a.example', deviceId: 'bare' }, 'not-found'],
    ['a time without a zone', { name: 'a.example', deviceId: 'd1', at: '2026-11-20T19:00:00' }, 'bad-request'],
    ['a time that is none', { name: 'a.example', deviceId: 'd1', at: 'tomorrow Z' }, 'bad-request'],
  ];
  it.each(refused)('refuses %s with a sentence', async (_words, question, code) => {
    await expect(service.test(question)).rejects.toMatchObject({ code });
  });
});
