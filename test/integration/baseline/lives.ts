import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { dropInPath as guestDropIn } from '../../../agent/capabilities/guestAccount/linux.ts';
import { dropInPath as passwordDropIn } from '../../../agent/capabilities/passwordRules/linux.ts';
import { timesyncdFile } from '../../../agent/capabilities/timeSync/linux.ts';
import { aptFile } from '../../../agent/capabilities/updates/linux.ts';
import { modprobePath } from '../../../agent/capabilities/usbStorage/linux-files.ts';
import { keyfilePath } from '../../../agent/capabilities/wifi/keyfile.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import type { CapabilityName, Sections } from '../../../shared/profile/registry.ts';

/** The life of one capability on a host of its own: what is desired, and what somebody does to it by hand. */
export interface Life<N extends CapabilityName = CapabilityName> {
  desired: NonNullable<Sections[N]>;
  /** Programs it cannot be lived without. */
  needs?: readonly string[];
  /** What stands on the host before. */
  prepare?: () => Promise<void> | void;
  /** By hand, as root. */
  drift: () => Promise<void> | void;
  /** Items only people can put right on this host, as no systemd and no NetworkManager runs here. */
  left?: readonly string[];
}

const commands = new SystemCommands();
const browserPolicy = '/etc/chromium/policies/managed/zz-rollcall.json';

export async function run(words: string, input?: string): Promise<string> {
  const [program = '', ...args] = words.split(' ');
  const options = { timeoutMs: 60_000, ...(input === undefined ? {} : { input }) };
  const { code, stdout, stderr } = await commands.run(program, args, options);
  if (code !== 0) throw new Error(`${words}: ${stderr}`);
  return stdout;
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A package from a source of its own, installed. */
async function makePackage(name: string): Promise<void> {
  const control = ['Version: 1', 'Architecture: all', 'Maintainer: T <t@example.org>', 'Description: made for a test'];
  put(`/mnt/build/DEBIAN/control`, `Package: ${name}\n${control.join('\n')}\n`);
  mkdirSync('/mnt/source', { recursive: true });
  await run(`/usr/bin/dpkg-deb --root-owner-group -b /mnt/build /mnt/source/${name}.deb`);
  put(
    '/mnt/source/Packages',
    (await run('/usr/bin/dpkg-scanpackages -m /mnt/source')).replaceAll('/mnt/source/', './'),
  );
  rmSync('/etc/apt/sources.list.d', { recursive: true, force: true });
  put('/etc/apt/sources.list', 'deb [trusted=yes] file:/mnt/source ./\n');
  await run('/usr/bin/apt-get -q update');
  await run(`/usr/bin/dpkg -i /mnt/source/${name}.deb`);
}

/**
 * Every capability that is enforced on Linux. One that is added to the registry fails life-of-each.test.ts until it has its
 * life here.
 */
export const lives: { [N in CapabilityName]?: Life<N> } = {
  webFilter: {
    needs: ['nft'],
    desired: { settings: { blockedDomains: ['bad.test'], holdDns: true }, lists: [], contact: '' },
    drift: () => run('/usr/sbin/nft flush ruleset').then(() => undefined),
  },
  browser: {
    desired: { blockedUrls: ['bad.test'] },
    prepare: () => put(browserPolicy, '{"HomepageLocation":"https://before.example/"}'),
    drift: () => rmSync(browserPolicy),
  },
  firewall: {
    needs: ['nft'],
    desired: { mode: 'enforce', allowedPorts: ['22/tcp'] },
    drift: () => run('/usr/sbin/nft flush ruleset').then(() => undefined),
  },
  usbStorage: {
    needs: ['modprobe'],
    desired: { mode: 'enforce', access: 'block' },
    prepare: () => put(modprobePath, '# what an administrator wrote\n'),
    drift: () => rmSync(modprobePath),
  },
  guestAccount: {
    desired: { mode: 'enforce', disabled: true },
    prepare: () => put('/etc/lightdm/lightdm.conf', '[Seat:*]\nallow-guest=true\n'),
    drift: () => rmSync(guestDropIn),
  },
  localAdmins: {
    needs: ['useradd', 'gpasswd'],
    desired: { mode: 'enforce', onlyNamed: true, named: ['it-admin'] },
    prepare: async () => {
      for (const name of ['pupil', 'it-admin']) await run(`/usr/sbin/useradd -M -s /bin/bash -p $6$x$y ${name}`);
      await run('/usr/bin/gpasswd -M pupil,it-admin sudo');
    },
    drift: () => run('/usr/bin/gpasswd -a pupil sudo').then(() => undefined),
  },
  passwordRules: {
    desired: { mode: 'enforce', minLength: '12', failedAttempts: 5, unlockMinutes: 15 },
    prepare: () => {
      put('/etc/security/pwquality.conf', '# minlen = 8\n');
      put('/etc/security/faillock.conf', 'deny = 10\nsilent');
      put('/etc/pam.d/common-password', 'password requisite pam_pwquality.so retry=3\n');
      put(
        '/etc/pam.d/common-auth',
        'auth required pam_faillock.so preauth\nauth [success=1 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail\n',
      );
    },
    drift: () => rmSync(passwordDropIn),
  },
  applications: {
    needs: ['dpkg-scanpackages', 'apt-get'],
    desired: { mode: 'enforce', linuxForbidden: ['demo-game'] },
    prepare: () => makePackage('demo-game'),
    drift: () => run('/usr/bin/dpkg -i /mnt/source/demo-game.deb').then(() => undefined),
  },
  screenLock: {
    needs: ['dconf'],
    desired: { mode: 'enforce', idleMinutes: 10 },
    drift: () => rmSync('/etc/dconf/db/local'),
  },
  updates: {
    needs: ['apt-get'],
    desired: { mode: 'enforce', automatic: 'security', restart: true, schoolDayUntil: 16 },
    prepare: () => put(aptFile, '// what an administrator wrote\n'),
    drift: () => run('/usr/bin/systemctl disable apt-daily-upgrade.timer').then(() => undefined),
    left: ['package unattended-upgrades'],
  },
  timeSync: {
    desired: { mode: 'enforce', servers: ['time.example.org'] },
    drift: () => put(timesyncdFile, '[Time]\nNTP=other.example\n'),
  },
  antivirus: {
    needs: ['systemctl'],
    desired: { mode: 'enforce', running: true },
    prepare: () =>
      put(
        '/etc/systemd/system/clamav-daemon.service',
        '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
      ),
    drift: () => run('/usr/bin/systemctl disable clamav-daemon.service').then(() => undefined),
    left: ['virus scanner'],
  },
  wifi: {
    desired: {
      mode: 'enforce',
      networks: [{ name: 'School', security: 'wpa2', passphrase: 'right-horse-7', hidden: false }],
    },
    drift: () => appendFileSync(keyfilePath({ name: 'School' }), '[proxy]\nmethod=1\n'),
    left: ['NetworkManager'],
  },
  accessibility: {
    needs: ['dconf'],
    desired: { mode: 'enforce', screenReader: true },
    drift: () => rmSync('/etc/dconf/db/local'),
  },
};
