import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BootedHost, whyNoHost } from './booted-host.ts';

const why = whyNoHost();
const minute = 60_000;

/** Fetches Debian packages, so it runs only with `npm run test:long`; at most ten minutes. */
describe.skipIf(why !== undefined)(`a Debian host with systemd-resolved${why ? ` (skipped: ${why})` : ''}`, () => {
  let host: BootedHost;

  beforeAll(async () => {
    host = await BootedHost.build();
  }, 6 * minute);

  afterAll(() => host?.stop(), minute);

  it(
    'is pointed at the filter by a drop-in, obeys it on every way to ask, and is put back',
    async () => {
      await host.start();
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
});
