import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const mounts = `
  set -e
  mount --make-rprivate /
  mount -t tmpfs none /mnt
  for folder in etc var/lib usr/share; do
    name=$(echo $folder | tr / -)
    mkdir /mnt/$name /mnt/$name-work
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/mnt/$name,workdir=/mnt/$name-work" /$folder
  done
  rm -rf /etc/dconf /usr/share/xsessions /usr/share/wayland-sessions
  mkdir -p /usr/share/xsessions
  touch /usr/share/xsessions/gnome.desktop
  exec "$0" "$@"
`;

function whyNot(): string | undefined {
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', mounts, 'true'], { stdio: 'pipe' });
    for (const program of ['apt-config', 'systemd-analyze'])
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `needs root, overlays, apt and systemd: ${String(error).slice(0, 200)}`;
  }
}

const why = whyNot();
const noDconf = existsSync('/usr/bin/dconf') ? '' : ' (skipped: dconf-cli is not installed)';

describe.skipIf(why !== undefined)(`on a host, with its own programs${why ? ` (skipped: ${why})` : ''}`, () => {
  // What the run printed as JSON.
  let seen: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const path = fileURLToPath(new URL('lock-updates-clock-run.ts', import.meta.url));
    const { stdout } = await promisify(execFile)('unshare', ['-m', 'sh', '-c', mounts, process.execPath, path]);
    seen = JSON.parse(stdout);
  }, 60_000);

  it('no fault of the agent', () => expect(seen.logged).toEqual([]));

  describe.skipIf(noDconf)(`the screen lock${noDconf}`, () => {
    it('is open, then in force for everybody, as dconf itself tells', () => {
      expect(seen.screenLock).toMatchObject({
        open: { state: 'not-enforced' },
        applied: { wrong: [] },
        observed: { state: 'enforced', afterSeconds: 605 },
        screenReader: 'true\n',
      });
    });

    it('is compiled anew when its database is gone, and said when another file overrides it', () => {
      expect(seen.screenLock).toMatchObject({
        databaseGone: { changed: expect.arrayContaining(['dconf /org/gnome/desktop/session/idle-delay']), wrong: [] },
        overridden: { wrong: ['dconf /org/gnome/desktop/session/idle-delay: uint32 0, locked'] },
        again: { wrong: [] },
      });
    });

    it('leaves every byte as it was, also where dconf had nothing', () => {
      expect(seen.screenLock).toMatchObject({ restored: true });
      expect(seen.bare).toEqual({ applied: { changed: expect.any(Array), wrong: [] }, restored: true });
    });
  });

  it('apt takes our settings from all its files; what a package or systemd lacks is said', () => {
    const wrong = seen.updates?.applied as { wrong: string[] };
    expect(wrong.wrong.filter((line) => !/^(package unattended-upgrades|timers of apt|timer )/.test(line))).toEqual([]);
    const config = String(seen.updates?.config).split('\n');
    for (const line of [
      'APT::Periodic::Unattended-Upgrade "1";',
      'Unattended-Upgrade::Automatic-Reboot "true";',
      'Unattended-Upgrade::Automatic-Reboot-WithUsers "false";',
      'Unattended-Upgrade::Automatic-Reboot-Time "16:00";',
    ])
      expect(config).toContain(line);
  });

  it('a changed file of apt is put right, a later one is said, and nothing stays behind', () => {
    expect(seen.updates).toMatchObject({
      drifted: { changed: ['/etc/apt/apt.conf.d/zz-rollcall.conf'] },
      overridden: {
        changed: [],
        wrong: expect.arrayContaining([
          'settings apt takes from all its files: APT::Periodic::Unattended-Upgrade is 0',
        ]),
      },
      restored: true,
    });
  });

  it('systemd reads our servers last, and nothing stays behind', () => {
    expect(seen.timeSync).toMatchObject({
      applied: { changed: ['/etc/systemd/timesyncd.conf.d/zz-rollcall.conf'], wrong: [] },
      drifted: { changed: ['/etc/systemd/timesyncd.conf.d/zz-rollcall.conf'], wrong: [] },
      restored: true,
    });
    const servers = [...String(seen.timeSync?.config).matchAll(/^NTP=(.*)$/gm)].map(([, names]) => names);
    expect(servers.slice(-2)).toEqual(['', 'time.example.org']);
  });
});
