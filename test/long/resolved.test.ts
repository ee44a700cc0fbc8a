import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { show } from '../fakes/programs.ts';
import { BootedHost, whyNoHost } from './booted-host.ts';

const why = whyNoHost();
const minute = 60_000;

/** Fetches Debian packages, so it runs only with `npm run test:long`; at most thirteen minutes. */
describe.skipIf(why !== undefined)(`a Debian host with systemd-resolved${why ? ` (skipped: ${why})` : ''}`, () => {
  let host: BootedHost;

  beforeAll(async () => {
    host = await BootedHost.build();
    await host.start();
  }, 6 * minute);

  afterAll(() => host?.stop(), minute);

  it(
    'is pointed at the filter by a drop-in, obeys it on every way to ask, and is put back',
    async () => {
      const seen = JSON.parse(await host.runScript('test/long/resolved-run.ts'));
      const bad = { getent: '192.0.2.9', resolvectl: expect.stringContaining('192.0.2.9') };
      const school = { getent: '192.0.2.1', resolvectl: expect.stringContaining('192.0.2.1') };
      const blocked = { getent: '0.0.0.0', resolvectl: expect.stringContaining('0.0.0.0') };
      expect(seen.version).toMatch(/^systemd \d+/);
      expect(seen.before).toEqual({ bad, school });
      expect(seen.evidence.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
      expect(seen.servers).toBe('192.0.2.54, 192.0.2.53');
      expect(seen.during).toEqual({ bad: blocked, school });
      expect(seen.asked).not.toContain('bad.test A');
      expect(seen.ways).toEqual({ nxdomain: [], refused: [] });
      expect(seen.otherNetwork).toEqual({ before: ['resolver behind the filter'], after: [] });
      expect(seen.undone.before).toContain('/etc/systemd/resolved.conf.d/99-rollcall.conf');
      expect(seen.undone.before).toContain('programs on this host asking for bad.test');
      expect(seen.undone.after).toEqual([]);
      expect(seen.after).toEqual({ dropIn: false, bad, school });
    },
    3 * minute,
  );

  it(
    'has the agent as its service, back within two seconds when it is killed, and holds DNS meanwhile',
    async () => {
      const seen = JSON.parse(await host.runScript('test/long/service-run.ts'));
      const { backMs, floorMs }: Record<'backMs' | 'floorMs', number[]> = seen.killed;
      const words = backMs.map((ms, time) => `${Math.round(ms)} (${Math.round(floorMs[time] ?? 0)})`);
      show(`names again after so many ms (and to start the agent's program takes): ${words.join(', ')}`);
      expect(seen.before).toBe('answered');
      expect(seen.during.ruleset).toContain('socket cgroupv2 level 2 "system.slice/rollcall-agent.service" accept');
      // Root, but not the agent's service: refused by ICMP, which a connected socket hears.
      expect(seen.during.past).toMatch(/^E(CONNREFUSED|ACCES|HOSTUNREACH)$/);
      expect(seen.killed.past).toBe(seen.during.past);
      expect(seen.killed.restarts).toBe('3');
      // Two seconds, or as many times what a start costs on a machine that is busy.
      for (const [time, ms] of backMs.entries()) expect(ms).toBeLessThan(Math.max(2000, 4 * (floorMs[time] ?? 0)));
      expect(seen.status.sections[0]).toMatchObject({ section: 'webFilter', status: 'verified' });
      expect(seen.stopped).toEqual({ past: seen.during.past, name: '' });
      expect(seen.after).toEqual({ past: 'answered', ruleset: true, resolv: true, dropIn: false, bad: '192.0.2.9' });
    },
    3 * minute,
  );
});
