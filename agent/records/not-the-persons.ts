/** The name under which a device's own pages answer. */
export const ownPagesName = 'rollcall.internal';

/**
 * Names that systems and browsers ask by themselves to learn whether a network wants a sign-in. They say nothing about
 * the person: Android and Chrome, Apple, Windows, Firefox, NetworkManager of Ubuntu, GNOME, Debian, Arch and KDE.
 */
const connectivityChecks = [
  'connectivitycheck.gstatic.com',
  'connectivitycheck.android.com',
  'clients3.google.com',
  'captive.apple.com',
  'www.msftconnecttest.com',
  'ipv6.msftconnecttest.com',
  'dns.msftncsi.com',
  'www.msftncsi.com',
  'detectportal.firefox.com',
  'connectivity-check.ubuntu.com',
  'nmcheck.gnome.org',
  'network-test.debian.org',
  'ping.archlinux.org',
  'networkcheck.kde.org',
];

/** Names that are never recorded, because nobody at the device asked for them; `ownHosts` are the agent's servers. */
export function notThePersons(ownHosts: readonly string[]): ReadonlySet<string> {
  return new Set([ownPagesName, ...connectivityChecks, ...ownHosts]);
}
