import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PastClock } from '../../../installers/past-clock.ts';
import { policyDeeds, publishSchoolYear } from '../../../installers/sample-policy-past.ts';
import { loadConfig } from '../../../server/config.ts';
import { seedDistrict } from '../../../server/demo/seed.ts';
import { type RunningServices, startServices } from '../../../server/main.ts';

const day = 86_400_000;
const today = Date.UTC(2026, 10, 20, 17);
const begin = today - 42 * day;
const days = Array.from({ length: 30 }, (_, index) => index + 5);

describe('the policy of the sample district', () => {
  const home = mkdtempSync(join(tmpdir(), 'rollcall-sample-'));
  const clock = new PastClock(begin, 600_000);
  let server: RunningServices;

  beforeAll(async () => {
    const config = loadConfig({ home, demo: true, consolePort: 0, agentPort: 0 });
    server = await startServices(config, pino({ level: 'silent' }), clock);
    await seedDistrict({ ...server.services, people: server.stores.people, clock }, today);
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const changes = async () => {
    const { items } = await server.services.changes.list({}, { actor: 'server', staffId: 'a-visitor' });
    return items.map(({ title, state }) => `${title}: ${state}`);
  };

  it('is published together, after a second person has looked at its locked minimum', async () => {
    await publishSchoolYear(server, 40, today);
    const { items } = await server.services.changes.list({ state: 'published' }, { actor: 'server' });
    const year = items.find(({ title }) => title === 'Policy of the school year');
    expect(year?.items).toHaveLength(9);
    const view = await server.services.changes.read(year?.id ?? '', { actor: 'server' });
    expect(view.requirements).toEqual([]);
    expect(view.decisions).toMatchObject([{ by: 'command line', decision: 'approved', side: 'second-person' }]);
    const groups = await server.services.groups.list();
    expect(groups.map(({ publishedRevision }) => publishedRevision)).toEqual([1, 1, 1]);
    const { settings } = await server.services.publishing.read();
    expect(settings.plan.rings[0]).toMatchObject({ kind: 'group', group: 'Pilot: library cart' });
  });

  it('is edited on days of the last weeks alone, and ends with a change that a visitor may approve', async () => {
    const deeds = policyDeeds(server, days, today);
    expect(deeds.map(([on]) => on)).toEqual(deeds.map(([on]) => on).toSorted((a, b) => a - b));
    expect(deeds.filter(([on]) => !days.includes(on))).toEqual([]);
    for (const [on, deed] of deeds) {
      clock.moveTo(begin + on * day);
      await deed();
      await server.services.changes.settled();
    }
    expect((await changes()).slice(0, 5)).toEqual([
      ...['Strict videos for all students: open', 'Start page for the exam weeks: scheduled'],
      ...['Screens lock after five minutes: published', 'No developer tools: published'],
      'Two more proxies are blocked: published',
    ]);
    const { items } = await server.services.changes.list({ state: 'open' }, { actor: 'server' });
    expect(items).toMatchObject([{ by: 'server', comments: 1 }]);
  });

  it('has none of it in a past without school', () => {
    expect(policyDeeds(server, [], today)).toEqual([]);
  });
});
