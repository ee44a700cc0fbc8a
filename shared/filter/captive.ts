/**
 * Hosts that systems and browsers ask by themselves to learn whether a network wants a sign-in first. Only hosts that serve
 * nothing else: www.gstatic.com, www.apple.com and www.google.com are asked too, but are sites.
 *
 * - Android and ChromeOS: AOSP `NetworkMonitor`, and
 *   https://www.chromium.org/chromium-os/chromiumos-design-docs/network-portal-detection/
 * - Apple: https://support.apple.com/101555 (hosts for networks)
 * - Windows (NCSI): https://learn.microsoft.com/windows-server/networking/ncsi/ncsi-overview
 * - Firefox: https://support.mozilla.org/kb/captive-portal
 * - NetworkManager of GNOME, Ubuntu, Debian, Arch and openSUSE (`uri=` of NetworkManager.conf(5)), Plasma, elementary
 *   and ConnMan (its README, "Online check")
 */
export const connectivityChecks: readonly string[] = [
  'connectivitycheck.gstatic.com',
  'connectivitycheck.android.com',
  'clients3.google.com',
  'captive.apple.com',
  'www.msftconnecttest.com',
  'ipv6.msftconnecttest.com',
  'www.msftncsi.com',
  'ipv6.msftncsi.com',
  'dns.msftncsi.com',
  'detectportal.firefox.com',
  'nmcheck.gnome.org',
  'connectivity-check.ubuntu.com',
  'network-test.debian.org',
  'ping.archlinux.org',
  'conncheck.opensuse.org',
  'networkcheck.kde.org',
  'capnet.elementary.io',
  'ipv4.connman.net',
  'ipv6.connman.net',
];
