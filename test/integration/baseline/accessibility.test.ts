import { beforeAll, describe, expect, it } from 'vitest';
import { accessibilityKeys } from '../../../agent/capabilities/accessibility/linux.ts';
import { noOwnEtc, onOwnEtc } from './own-etc.ts';

const why = noOwnEtc('dconf');

describe.skipIf(why)(
  `accessibility beside the screen lock, with the real dconf${why ? ` (skipped: ${why})` : ''}`,
  () => {
    let seen: Record<string, unknown>;
    beforeAll(async () => {
      seen = await onOwnEtc('accessibility-run.ts');
    }, 60_000);

    const given = {
      'a11y/applications/screen-reader-enabled': 'true',
      'a11y/magnifier/mag-factor': '2.0',
      'interface/text-scaling-factor': '1.25',
      'peripherals/keyboard/delay': 'uint32 1500',
    };

    it('both are in force together, and no fault of the agent', () => {
      expect(seen.logged).toEqual([]);
      expect(seen.applied).toMatchObject([{ wrong: [] }, { wrong: [] }]);
      expect(seen.inForce).toEqual({ ...given, 'session/idle-delay': 'uint32 600' });
    });

    it('what helps a person is theirs to change: nothing of it is locked', () => {
      expect(seen.locked).toEqual(expect.arrayContaining(['/org/gnome/desktop/session/idle-delay']));
      expect((seen.locked as string[]).filter((key) => key.includes('a11y') || key.includes('keyboard'))).toEqual([]);
    });

    it('a changed file is put right', () => {
      expect(seen.drifted).toMatchObject({
        changes: expect.arrayContaining(['/etc/dconf/db/local.d/zz-rollcall-accessibility']),
        wrong: [],
      });
      expect(seen.repaired).toEqual(seen.inForce);
    });

    it('taking one away leaves the other; taking both away leaves nothing', () => {
      expect(seen.withoutLock).toEqual({ ...given, 'session/idle-delay': '' });
      expect(seen.after).toEqual([]);
      expect(seen.clean).toBe(true);
    });
  },
);

describe('keys of GNOME', () => {
  it('what is off is left alone, for it may be a person’s own', () => {
    expect(accessibilityKeys({ screenReader: false, highContrast: false, stickyKeys: false }).size).toBe(0);
    expect(accessibilityKeys({}).size).toBe(0);
  });

  it.each([
    [{ stickyKeys: true }, '/org/gnome/desktop/a11y/keyboard/stickykeys-enable', 'true'],
    [{ slowKeysMs: 300 }, '/org/gnome/desktop/a11y/keyboard/slowkeys-delay', '300'],
    [{ slowKeysMs: 300 }, '/org/gnome/desktop/a11y/keyboard/slowkeys-enable', 'true'],
    [{ bounceKeysMs: 300 }, '/org/gnome/desktop/a11y/keyboard/bouncekeys-enable', 'true'],
    [{ reduceMotion: true }, '/org/gnome/desktop/interface/enable-animations', 'false'],
    [{ visualAlerts: true }, '/org/gnome/desktop/wm/preferences/visual-bell', 'true'],
    [{ magnification: 1.5 }, '/org/gnome/desktop/a11y/magnifier/mag-factor', '1.5'],
    [{ cursorSize: 48 }, '/org/gnome/desktop/interface/cursor-size', '48'],
    [{ highContrast: true }, '/org/gnome/desktop/a11y/always-show-universal-access-status', 'true'],
  ])('%j sets %s to %s', (settings, key, value) => {
    expect(accessibilityKeys(settings).get(key)).toBe(value);
  });
});
